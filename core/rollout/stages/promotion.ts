/** Promotion: jumps ahead when a full one was asked for, and makes the new revision stable. */
import type { CompletionStatus } from "../../../sdk/api/rollout.ts";
import { COMPLETION_REASON, EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { hasEnoughPods } from "../enough_pods.ts";
import { availablePods, normal } from "../../sets/mod.ts";
import { isOlder, isWithinRollbackWindow } from "../rollback.ts";
import {
  CONTINUE,
  currentRevision,
  isFullyPromoted,
  lastIndex,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { timestamp } from "../../api/values/time.ts";
import { endManualPause } from "./pause.ts";

/**
 * A full promotion ends pauses, lifts an abort and leaves out the steps that remain; so does going
 * back within the rollback window, but for the abort. An abort that is new takes the full promotion
 * back: nobody aborts what has yet to begin.
 */
export function fullPromotion(situation: Situation): Verdict {
  const { progress } = situation;
  const { promoteFull, abort, abortedAt } = progress;
  if (isFullyPromoted(situation)) return CONTINUE;
  if (promoteFull && abort && abortedAt === undefined) {
    return { progress: { promoteFull: false }, then: "continue" };
  }
  const isBackInWindow = !abort && abortedAt === undefined && isWithinRollbackWindow(situation);
  if (!promoteFull && !isBackInWindow) return CONTINUE;
  return {
    progress: {
      abort: false,
      abortedAt: undefined,
      pauseConditions: [],
      controllerPause: false,
      stepIndex: lastIndex(situation),
      duration: endManualPause(situation),
    },
    then: "continue",
    ...(promoteFull ? { why: "full promotion was asked for" } : {}),
  };
}

/** Makes the present revision stable once everything that must come before has come true. */
export function promotion(situation: Situation): Verdict {
  const { progress, sets, steps } = situation;
  const { next } = sets;
  if (next === undefined || isFullyPromoted(situation)) return finish(situation);
  if (progress.stableHash === "") {
    return promote(situation, { reason: COMPLETION_REASON.initialDeploy, status: "Promoted" });
  }
  if (progress.abort || !hasEnoughPods(situation)) return CONTINUE;
  if (progress.promoteFull) {
    return promote(situation, {
      reason: COMPLETION_REASON.fullPromotion,
      status: "FastPromoted",
    });
  }
  if (isWithinRollbackWindow(situation)) {
    const reason = COMPLETION_REASON.rollbackWithinWindow;
    return promote(situation, { reason, status: "FastRolledBack" });
  }
  const hasDoneAllSteps = steps.length === 0 || progress.stepIndex === steps.length;
  if (!hasDoneAllSteps) return CONTINUE;
  return promote(situation, {
    reason: COMPLETION_REASON.allSteps(steps.length),
    status: isOlder(next, sets.stable) ? "RolledBack" : "Promoted",
  });
}

/** Makes the newest revision stable. */
export function promote(
  situation: Situation,
  { reason, status }: { reason: string; status: CompletionStatus },
): Verdict {
  const { progress } = situation;
  const message = EVENT_MESSAGE.rolloutCompleted(
    currentRevision(situation),
    progress.currentHash,
    reason,
  );
  return {
    progress: {
      abort: false,
      abortedAt: undefined,
      promoteFull: false,
      pauseConditions: [],
      controllerPause: false,
      stepIndex: lastIndex(situation),
      stableHash: progress.currentHash,
      scaleUpPreviewCheckPoint: false,
      duration: finishedDuration(situation, {
        ...progress.duration,
        completionStatus: status,
      }),
    },
    events: [normal(EVENT_REASON.rolloutCompleted, message)],
    then: "settle",
    why: `${reason}: revision ${currentRevision(situation)} is stable`,
  };
}

/** Keeps a finished update finished: no abort, no full promotion, no pause, all steps done. */
export function finish(situation: Situation): Verdict {
  const { progress } = situation;
  if (!isFullyPromoted(situation)) return CONTINUE;
  return {
    progress: {
      abort: false,
      abortedAt: undefined,
      promoteFull: false,
      pauseConditions: [],
      controllerPause: false,
      stepIndex: lastIndex(situation),
      duration: finishedDuration(situation, progress.duration),
    },
    then: "continue",
  };
}

function finishedDuration(
  { sets, replicas, world }: Situation,
  duration: Situation["progress"]["duration"],
): Situation["progress"]["duration"] {
  const isFinished = duration.finishedAt !== undefined || duration.rolloutStartedAt === undefined;
  if (isFinished || availablePods(sets.next) < replicas) return duration;
  return { ...duration, finishedAt: timestamp(world.nowMs) };
}
