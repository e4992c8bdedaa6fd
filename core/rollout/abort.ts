/**
 * Abort: a user, or a deadline, takes the update back. It goes to its first step with no weight,
 * and stays there until somebody retries it. What becomes of pods and Services is in the plans.
 */
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import { timeMs, timestamp } from "../api/values/time.ts";
import { isAbortOverdue } from "./abort_deadline.ts";
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
import { isOutstanding } from "./step_plugins/entries.ts";
import type { UpdateState } from "./update_state.ts";

/** True while somebody wants the update taken back, also where it is finished. */
export function isAbortAsked({ state }: Facts): boolean {
  return state.abort;
}

/** True while an update is aborted. A finished one has nothing to go back to. */
export function isAborted(facts: Facts): boolean {
  return isAbortAsked(facts) && !isFullyPromoted(facts);
}

/** False after an abort: no step, no pause and no promotion follows. */
export function mayAdvance(facts: Facts): boolean {
  return !isAbortAsked(facts);
}

/** True for an abort that no pass has carried out yet. */
export function isAbortPending({ state }: Facts): boolean {
  return state.abort && state.abortedAt === undefined;
}

/** True in the pass that first sees that an abort was taken back. */
export function isRetried({ state }: Facts): boolean {
  return !state.abort && state.abortedAt !== undefined;
}

/** True for an update that nobody aborted, or that was retried in an earlier pass. */
export function isFreeOfAbort({ state }: Facts): boolean {
  return !state.abort && state.abortedAt === undefined;
}

/** True when an abort should have ended: one more pod than otherwise may be missing. */
export function isAbortLate({ state, world }: Facts): boolean {
  return state.abort && isAbortOverdue(world.rollout, world.nowMs);
}

/** When the update was aborted; now, where its status has yet to tell. */
export function abortedMs({ state, world }: Facts): number {
  return timeMs(state.abortedAt) ?? world.nowMs;
}

/** True in the pass that first sees the abort: its status has yet to tell of it. */
export function isAbortNew(facts: Facts): boolean {
  return isAborted(facts) && facts.world.rollout.status?.abortedAt === undefined;
}

/** True when the last status tells of an abort, though somebody may have taken it back since. */
export function wasAborted({ world }: Facts): boolean {
  return world.rollout.status?.abortedAt !== undefined;
}

/** What stays of an abort when only the strategy changes, and not the pods. */
export function keptAbort({ state }: Facts): Partial<UpdateState> {
  const { abort, abortedAt, duration } = state;
  return abort ? { abort, abortedAt, duration } : {};
}

/** Aborts the update because of what the message says. */
export function abortBecause({ state }: Facts, message: string): Partial<UpdateState> {
  return {
    abort: true,
    abortedAt: undefined,
    abortWhy: message,
    // Otherwise the full promotion would lift the abort in the next pass.
    ...(state.promoteFull ? { promoteFull: false } : {}),
  };
}

export function abort(situation: Situation): Verdict {
  const { state, world } = situation;
  if (isFullyPromoted(situation)) {
    // The newest revision is stable: there is nothing to go back to.
    return state.abort
      ? { state: { abort: false, abortedAt: undefined }, then: "continue" }
      : CONTINUE;
  }
  if (!state.abort) return isRetried(situation) ? retry(situation) : CONTINUE;
  const isNew = state.abortedAt === undefined;
  const revision = currentRevision(situation);
  return {
    state: {
      abortedAt: state.abortedAt ?? timestamp(world.nowMs),
      pauseConditions: [],
      controllerPause: false,
      stepIndex: lastIndex(situation) === undefined ? undefined : 0,
      duration: isNew
        ? { ...state.duration, finishedAt: timestamp(world.nowMs), completionStatus: "Aborted" }
        : state.duration,
    },
    events: isNew
      ? [warning(
        EVENT_REASON.rolloutAborted,
        EVENT_MESSAGE.rolloutAborted(revision, state.abortWhy),
      )]
      : [],
    then: "continue",
    why: `the update to revision ${revision} was aborted`,
  };
}

/** A user retried: the update starts anew at its first step. */
function retry({ state, world }: Situation): Verdict {
  const duration = { rolloutStartedAt: timestamp(world.nowMs) };
  // What plugins are still to undo is undone before the first step that needs one.
  const stepEntries = state.stepEntries.some(isOutstanding) ? state.stepEntries : [];
  return {
    state: { abortedAt: undefined, scaleUpPreviewCheckPoint: false, duration, stepEntries },
    then: "continue",
    why: "retrying the update",
  };
}
