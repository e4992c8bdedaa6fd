/** What the controller says of a field, in words for people where its own are none. */
import { valueAt } from "../api/manifest/unrendered.ts";
import { MUST_BE_AMOUNT, readableTemplate } from "../api/values/readable_template.ts";
import { STEP_KINDS } from "../api/validation/validate_step.ts";
import type { PodTemplate, Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf, isUnset } from "../../sdk/wire/json.ts";
import type { FieldError } from "../../sdk/wire/field_error.ts";
import { type FieldLocation, pathText } from "../../sdk/wire/field_place.ts";
import { type Spot, spotOf } from "./finding.ts";
import type { LintDocument } from "./world.ts";

/** The error of a field, in words for people. */
export function wordsOf(error: FieldError, document: LintDocument): Spot<LintDocument> {
  const spot = spotOf(error, document);
  const text = textOf(error.location, document);
  return { ...spot, text: text ?? withoutNil(spot.text) };
}

/** An absent count has a word of Go's in the controller's message. */
function withoutNil(text: string): string {
  return text.replace(
    / which runs indefinitely\. Invalid value for count: <nil>$/,
    " which runs indefinitely, and the update waits for its end: give it a count",
  );
}

/** Undefined: the controller's own words will do. */
function textOf(location: FieldLocation, { object }: LintDocument): string | undefined {
  const [holder, field] = location.slice(-2);
  const value = valueAt(object, location);
  if (holder === "pause" && field === "duration") {
    return `invalid duration ${JSON.stringify(value)}; write seconds, or hours, minutes and ` +
      "seconds such as 1h30m or 90s";
  }
  if (holder === "steps" && typeof field === "number") return stepText(fieldsOf(value));
  if (holder === "canary" && field === "maxSurge") {
    return "maxSurge and maxUnavailable cannot both be 0: no pod could ever be replaced";
  }
  return undefined;
}

/** What is wrong about a step as a whole is what it consists of. */
function stepText(step: Readonly<Record<string, unknown>>): string {
  const kinds = STEP_KINDS.filter((kind) => !isUnset(step[kind]));
  return kinds.length === 0
    ? `must have one of ${STEP_KINDS.join(", ")}`
    : `must be one step, but has ${kinds.join(" and ")}: write a step for each`;
}

/**
 * Amounts of a Rollout's own pod template that are none. The definition lets them through, and the
 * controller runs the rest. Of a wrong type elsewhere is said where types are looked at.
 */
export function leftOutSpots(document: LintDocument): Spot<LintDocument>[] {
  const { kind, spec } = document.object as Rollout;
  if (kind !== "Rollout") return [];
  const { leftOut, places } = readableTemplate(fieldsOf(spec)["template"] as PodTemplate);
  return places.flatMap((location, index) => {
    const text = leftOut[index]?.slice(`${pathText(location)}: `.length) ?? "";
    if (!text.startsWith(MUST_BE_AMOUNT)) return [];
    return [{ document, location, text: `${text}; the pods run without it` }];
  });
}
