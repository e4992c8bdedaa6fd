/** What of a Rollout's status is told at once: all but counts of pods, and what says them again. */
import type { Fields } from "../../sdk/wire/json.ts";
import { PHASE_MESSAGE } from "../api/names/condition_reason.ts";
import { sayingsOf } from "../api/values/conditions.ts";
import { withoutPodCounts } from "../sets/mod.ts";

/** While a Rollout gets on, which of these it says follows from the counts. */
const COUNTED: readonly unknown[] = [
  PHASE_MESSAGE.updating,
  PHASE_MESSAGE.becomingAvailable,
  PHASE_MESSAGE.terminatingOld,
  PHASE_MESSAGE.awaitingSteps,
];

export function promptPart(status: Fields): Fields {
  const { conditions, message, ...others } = withoutPodCounts(status);
  return {
    ...others,
    conditions: sayingsOf(conditions),
    message: COUNTED.includes(message) ? COUNTED[0] : message,
  };
}
