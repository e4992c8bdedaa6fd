import { type TypeProblem, valueProblems } from "../../../sdk/fields/type_problems.ts";
import { isFields } from "../../../sdk/wire/json.ts";
import { expectedObjectOf } from "./expected_fields.ts";
import { findKind } from "./kinds.ts";

/** Everything of a wrong type, and every missing field, in an object of one of the five kinds. */
export function typeProblems(object: unknown): TypeProblem[] {
  const kind = isFields(object) ? findKind(object) : undefined;
  return kind === undefined ? [] : valueProblems(object, expectedObjectOf(kind));
}
