/** Abort: the update goes back to its first step with no weight, and stays so until retried. */
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import {
  CONTINUE,
  currentRevision,
  isFullyPromoted,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { timestamp } from "../../api/values/time.ts";
import { warning } from "../../sets/mod.ts";
import { endManualPause } from "./pause.ts";

export function abort(situation: Situation): Verdict {
  const { progress, world, steps } = situation;
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
  const duration = endManualPause(situation);
  return {
    progress: {
      abortedAt: progress.abortedAt ?? timestamp(world.nowMs),
      pauseConditions: [],
      controllerPause: false,
      stepIndex: steps.length === 0 ? undefined : 0,
      duration: isNew
        ? { ...duration, finishedAt: timestamp(world.nowMs), completionStatus: "Aborted" }
        : duration,
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
    why: "the update is tried again",
  };
}
