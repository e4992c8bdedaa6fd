/**
 * Full promotion: a user wants the newest revision to be stable now. It ends pauses, lifts an abort
 * and leaves out the steps that remain; pods are still waited for.
 */
import { COMPLETION_REASON } from "../api/names/event_reason.ts";
import { isAbortPending, isFreeOfAbort } from "./abort.ts";
import { isWithinRollbackWindow } from "./rollback.ts";
import {
  CONTINUE,
  type Facts,
  isFullyPromoted,
  lastIndex,
  type Situation,
  type Verdict,
} from "./situation.ts";
import { CLEARED } from "./update_state.ts";

/** How a fully promoted update is reported as complete. */
export const FULL_PROMOTION = Object.freeze({
  reason: COMPLETION_REASON.fullPromotion,
  status: "FastPromoted",
});

/** True from the command until the newest revision is stable. */
export function isPromotedInFull({ state }: Facts): boolean {
  return state.promoteFull;
}

/**
 * A rollback within the rollback window leaves its steps out in the same way, but lifts no abort.
 * Of a full promotion and a new abort in one pass the abort wins.
 */
export function fullPromotion(situation: Situation): Verdict {
  const { promoteFull } = situation.state;
  if (isFullyPromoted(situation)) return CONTINUE;
  if (promoteFull && isAbortPending(situation)) {
    return { state: { promoteFull: false }, then: "continue" };
  }
  const isBackInWindow = isFreeOfAbort(situation) && isWithinRollbackWindow(situation);
  if (!promoteFull && !isBackInWindow) return CONTINUE;
  return {
    state: {
      ...CLEARED,
      promoteFull,
      stepIndex: lastIndex(situation),
    },
    then: "continue",
    ...(promoteFull ? { why: "full promotion requested" } : {}),
  };
}
