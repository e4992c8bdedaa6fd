/**
 * Full promotion: a user wants the newest revision to be stable now. It ends pauses, lifts an abort
 * and leaves out the steps that remain; pods are still waited for.
 */
import { COMPLETION_REASON } from "../api/names/event_reason.ts";
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

/** How an update ends that was promoted in full. */
export const FULL_PROMOTION = Object.freeze({
  reason: COMPLETION_REASON.fullPromotion,
  status: "FastPromoted",
});

/** True from the command until the newest revision is stable. */
export function isPromotedInFull({ progress }: Facts): boolean {
  return progress.promoteFull;
}

/**
 * Going back within the rollback window does the same as a full promotion, but for the abort. An
 * abort that is new takes the full promotion back: nobody aborts what has yet to begin.
 */
export function fullPromotion(situation: Situation): Verdict {
  const { promoteFull, abort, abortedAt } = situation.progress;
  if (isFullyPromoted(situation)) return CONTINUE;
  if (promoteFull && abort && abortedAt === undefined) {
    return { progress: { promoteFull: false }, then: "continue" };
  }
  const isBackInWindow = !abort && abortedAt === undefined && isWithinRollbackWindow(situation);
  if (!promoteFull && !isBackInWindow) return CONTINUE;
  return {
    progress: {
      ...CLEARED,
      promoteFull,
      stepIndex: lastIndex(situation),
    },
    then: "continue",
    ...(promoteFull ? { why: "full promotion requested" } : {}),
  };
}
