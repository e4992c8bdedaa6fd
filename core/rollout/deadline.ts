/** When a Rollout that does not get on counts as stuck. */
import type { RolloutCondition } from "../../sdk/api/rollout.ts";
import { CONDITION_REASON } from "../api/names/condition_reason.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../api/names/defaults.ts";
import { hasPause, isPaused } from "./pause.ts";
import { currentStep, type Facts } from "./situation.ts";
import { timeMs } from "../api/values/time.ts";
import { unservedStepKind } from "./unserved.ts";

/** How long past its end a deadline waits for the list of the pods: they know the cause. */
const CAUSE_MAX_MS = 2_000;

/** When the Rollout will count as stuck; undefined if it does, or while nothing need move. */
export function progressDeadlineMs(
  situation: Facts,
  present: RolloutCondition | undefined,
): number | undefined {
  const waits = present === undefined || present.reason === CONDITION_REASON.rolloutAborted ||
    present.reason === CONDITION_REASON.rolloutPaused ||
    present.reason === CONDITION_REASON.progressDeadlineExceeded || isPaused(situation) ||
    isWaitingStep(situation);
  if (waits) return undefined;
  const updatedMs = timeMs(present.lastUpdateTime);
  const seconds = situation.world.rollout.spec.progressDeadlineSeconds ??
    PROGRESS_DEADLINE_DEFAULT_SECONDS;
  if (updatedMs === undefined) return undefined;
  // Whole seconds are cut off the times: one more, so that none is called late too early.
  const endMs = updatedMs + (seconds + 1) * 1000;
  const { nowMs, arePodsPending } = situation.world;
  return arePodsPending && nowMs >= endMs ? endMs + CAUSE_MAX_MS : endMs;
}

/** Steps that may rightly last for ever. */
function isWaitingStep(situation: Facts): boolean {
  const step = currentStep(situation);
  return hasPause(step) || unservedStepKind(step) !== undefined;
}
