/**
 * Deadline: aborts a stuck update, if `spec.progressDeadlineAbort` says so, and notes on the newest
 * set how far the update had come when pods are lost again.
 */
import { BEST_PROGRESS_ANNOTATION } from "../../api/names/names.ts";
import { EVENT_REASON } from "../../api/names/event_reason.ts";
import { REPLICA_SETS } from "../../api/names/resources.ts";
import { timedOutMessage } from "../conditions.ts";
import { countPods } from "../counts.ts";
import { abortBecause, mayAdvance } from "../abort.ts";
import { isPaused } from "../pause.ts";
import { bestToRemember } from "../progress.ts";
import { CONTINUE, isFullyPromoted, type Situation, type Verdict } from "../situation.ts";
import { annotate, warning } from "../../sets/mod.ts";

export function deadline(situation: Situation): Verdict {
  const { sets, world } = situation;
  if (!mayAdvance(situation) || sets.next === undefined || isPaused(situation)) return CONTINUE;
  const counts = countPods(situation);
  if (world.rollout.spec.progressDeadlineAbort === true && !isFullyPromoted(situation)) {
    const message = timedOutMessage(situation, counts);
    if (message !== undefined) {
      return {
        state: abortBecause(situation, message),
        // This event has the cause; the abort stage sends the event of the abort itself.
        events: [warning(EVENT_REASON.rolloutAborted, message)],
        then: "continue",
        why: message,
      };
    }
  }
  const best = bestToRemember(situation, counts);
  if (best === undefined) return CONTINUE;
  return {
    effects: [
      annotate(REPLICA_SETS, sets.next, { annotations: { [BEST_PROGRESS_ANNOTATION]: best } }),
    ],
    then: "settle",
    why: "pods were lost: only more available pods than now count as progress",
  };
}
