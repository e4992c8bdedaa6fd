/** Promotion: makes the new revision stable. */
import type { CompletionStatus } from "../../../sdk/api/rollout.ts";
import { COMPLETION_REASON, EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { normal } from "../../sets/mod.ts";
import { hasEnoughPods } from "../enough_pods.ts";
import { FULL_PROMOTION, isPromotedInFull } from "../full_promotion.ts";
import { isOlder, isWithinRollbackWindow } from "../rollback.ts";
import {
  CONTINUE,
  currentRevision,
  hasDoneAllSteps,
  isFullyPromoted,
  lastIndex,
  mayAdvance,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { CLEARED } from "../update_state.ts";

/** How an update ends, in the words of the event and of the status. */
export interface Completion {
  readonly reason: string;
  readonly status: CompletionStatus;
}

export const INITIAL_DEPLOY: Completion = Object.freeze({
  reason: COMPLETION_REASON.initialDeploy,
  status: "Promoted",
});

/** Makes the newest revision stable once its steps are done and its pods are there. */
export function promotion(situation: Situation): Verdict {
  const { state, sets, strategy } = situation;
  const { next } = sets;
  if (next === undefined || isFullyPromoted(situation)) return finish(situation);
  if (state.stableHash === "") return promote(situation, INITIAL_DEPLOY);
  if (!mayAdvance(situation) || !hasEnoughPods(situation)) return CONTINUE;
  if (isPromotedInFull(situation)) return promote(situation, FULL_PROMOTION);
  if (isWithinRollbackWindow(situation)) {
    const reason = COMPLETION_REASON.rollbackWithinWindow;
    return promote(situation, { reason, status: "FastRolledBack" });
  }
  if (!hasDoneAllSteps(situation)) return CONTINUE;
  return promote(situation, {
    reason: COMPLETION_REASON.allSteps(strategy.steps.length),
    status: isOlder(next, sets.stable) ? "RolledBack" : "Promoted",
  });
}

/** Makes the newest revision stable. */
export function promote(situation: Situation, { reason, status }: Completion): Verdict {
  const { state } = situation;
  const revision = currentRevision(situation);
  const message = EVENT_MESSAGE.rolloutCompleted(revision, state.currentHash, reason);
  return {
    state: {
      ...CLEARED,
      stepIndex: lastIndex(situation),
      stableHash: state.currentHash,
      scaleUpPreviewCheckPoint: false,
      duration: { ...state.duration, completionStatus: status },
    },
    events: [normal(EVENT_REASON.rolloutCompleted, message)],
    then: "settle",
    why: `${reason}: revision ${revision} is stable`,
  };
}

/** Clears what users and pauses left in the state of a finished update. */
export function finish(situation: Situation): Verdict {
  if (!isFullyPromoted(situation)) return CONTINUE;
  return {
    state: { ...CLEARED, stepIndex: lastIndex(situation) },
    then: "continue",
  };
}
