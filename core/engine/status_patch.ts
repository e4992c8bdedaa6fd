/** The one patch that reports a pass: made only when more than a condition's times differs. */
import { equalJson, mergePatch } from "./merge_patch.ts";

/** A status, as raw JSON. */
export type Status = Readonly<Record<string, unknown>>;

const CONDITION_TIMES: ReadonlySet<string> = new Set(["lastUpdateTime", "lastTransitionTime"]);

function withoutTimes(conditions: unknown): unknown {
  if (!Array.isArray(conditions)) return conditions;
  return conditions.map((condition: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(condition).filter(([field]) => !CONDITION_TIMES.has(field)),
    )
  );
}

/** The merge patch of `status`, or undefined when nothing worth a write differs. */
export function statusPatch(before: Status, after: Status): Status | undefined {
  const patch = mergePatch(before, after);
  if (patch === undefined) return undefined;
  const hasOnlyConditions = Object.keys(patch).length === 1 && "conditions" in patch;
  const isOnlyTimes = hasOnlyConditions &&
    equalJson(withoutTimes(before["conditions"]), withoutTimes(after["conditions"]));
  return isOnlyTimes ? undefined : patch;
}
