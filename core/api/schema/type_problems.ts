import type { Expected } from "../../../sdk/fields/checking_kit.ts";
import { type TypeProblem, valueProblems } from "../../../sdk/fields/type_problems.ts";
import { isFields } from "../../../sdk/wire/json.ts";
import { EXPECTED_TEMPLATE, expectedObjectOf } from "./expected_fields.ts";
import { findKind } from "./kinds.ts";

/** Everything of a wrong type, and every missing field, in an object of one of the five kinds. */
export function typeProblems(object: unknown): TypeProblem[] {
  const kind = isFields(object) ? findKind(object) : undefined;
  return kind === undefined ? [] : valueProblems(object, expectedObjectOf(kind));
}

/** Everything of a wrong type in a pod template, wherever it stands. */
export function typeProblemsOfTemplate(template: unknown): TypeProblem[] {
  const holder: Expected = {
    type: "object",
    isRequired: true,
    fields: () => ({ template: EXPECTED_TEMPLATE }),
  };
  return valueProblems({ template }, holder)
    .map(({ path, ...problem }) => ({ path: path.slice(1), ...problem }));
}
