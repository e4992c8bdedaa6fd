/**
 * Abort: a user, or a deadline, takes the update back. It goes to its first step with no weight,
 * and stays there until somebody retries it. What becomes of pods and Services is in the plans.
 */
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import { timestamp } from "../api/values/time.ts";
import { warning } from "../sets/mod.ts";
import {
  CONTINUE,
  currentRevision,
  type Facts,
  isFullyPromoted,
  lastIndex,
  type Situation,
  type Verdict,
} from "./situation.ts";
import type { Progress } from "./update_state.ts";

/** True while an update is aborted. A finished one has nothing to go back to. */
export function isAborted(facts: Facts): boolean {
  return facts.progress.abort && !isFullyPromoted(facts);
}

/** True in the pass that first sees the abort: its status has yet to tell of it. */
export function isAbortNew(facts: Facts): boolean {
  return isAborted(facts) && facts.world.rollout.status?.abortedAt === undefined;
}

/** True when the last status tells of an abort, though somebody may have taken it back since. */
export function wasAborted({ world }: Facts): boolean {
  return world.rollout.status?.abortedAt !== undefined;
}

/** What stays of an abort when the same pods are to be reached in another way. */
export function keptAbort({ progress }: Facts): Partial<Progress> {
  const { abort, abortedAt, duration } = progress;
  return abort ? { abort, abortedAt, duration } : {};
}

/** Aborts the update because of what the message says. */
export function abortBecause({ progress }: Facts, message: string): Partial<Progress> {
  return {
    abort: true,
    abortedAt: undefined,
    abortWhy: message,
    // The later word: a full promotion would lift the abort again in the next pass.
    ...(progress.promoteFull ? { promoteFull: false } : {}),
  };
}

export function abort(situation: Situation): Verdict {
  const { progress, world } = situation;
  if (isFullyPromoted(situation)) {
    // There is nothing to go back to, paused or not.
    return progress.abort
      ? { progress: { abort: false, abortedAt: undefined }, then: "continue" }
      : CONTINUE;
  }
  if (!progress.abort) {
    return progress.abortedAt === undefined ? CONTINUE : retry(situation);
  }
  const isNew = progress.abortedAt === undefined;
  const revision = currentRevision(situation);
  return {
    progress: {
      abortedAt: progress.abortedAt ?? timestamp(world.nowMs),
      pauseConditions: [],
      controllerPause: false,
      stepIndex: lastIndex(situation) === undefined ? undefined : 0,
      duration: isNew
        ? { ...progress.duration, finishedAt: timestamp(world.nowMs), completionStatus: "Aborted" }
        : progress.duration,
    },
    events: isNew
      ? [warning(
        EVENT_REASON.rolloutAborted,
        EVENT_MESSAGE.rolloutAborted(revision, progress.abortWhy),
      )]
      : [],
    then: "continue",
    why: `the update to revision ${revision} was aborted`,
  };
}

/** A user took the abort back: the update starts anew at its first step. */
function retry({ world }: Situation): Verdict {
  const duration = { rolloutStartedAt: timestamp(world.nowMs) };
  return {
    progress: { abortedAt: undefined, scaleUpPreviewCheckPoint: false, duration },
    then: "continue",
    why: "retrying the update",
  };
}
