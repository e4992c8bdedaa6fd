/** When a Rollout without progress counts as stuck. */
import type { Rollout, RolloutCondition } from "../../sdk/api/rollout.ts";
import { CONDITION_REASON } from "../api/names/condition_reason.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../api/names/defaults.ts";
import { isUnset } from "../../sdk/wire/json.ts";
import { hasAnalysis, isMeasuring } from "./analysis/gates.ts";
import { hasPause, isPaused } from "./pause.ts";
import { currentStep, type Facts } from "./situation.ts";
import { timeMs } from "../api/values/time.ts";
import { endSeenMs } from "../engine/mod.ts";
import { untold } from "./put_off.ts";

/** How long past its end a deadline waits for the list of the pods: they know the cause. */
const CAUSE_MAX_MS = 2_000;

/** When the Rollout will count as stuck; undefined if it does, or while it waits on purpose. */
export function progressDeadlineMs(
  situation: Facts,
  present: RolloutCondition | undefined,
): number | undefined {
  const waits = present === undefined || present.reason === CONDITION_REASON.rolloutAborted ||
    present.reason === CONDITION_REASON.rolloutPaused ||
    present.reason === CONDITION_REASON.progressDeadlineExceeded || isPaused(situation) ||
    isWaitingStep(situation) || isMeasuring(situation);
  if (waits) return undefined;
  const updatedMs = timeMs(present.lastUpdateTime);
  if (updatedMs === undefined) return undefined;
  const { nowMs, arePodsPending, rollout } = situation.world;
  const deadline = { sinceMs: updatedMs, durationMs: deadlineDurationMs(rollout) };
  const unseen = untold(situation.world.unseen, present.message);
  const endMs = endSeenMs(deadline, { unseen, nowMs });
  return arePodsPending && nowMs >= endMs ? endMs + CAUSE_MAX_MS : endMs;
}

/** How long an update may go without progress. */
export function deadlineDurationMs({ spec }: Rollout): number {
  const seconds = spec.progressDeadlineSeconds ?? PROGRESS_DEADLINE_DEFAULT_SECONDS;
  // Times have whole seconds, rounded down: one second more, so that no deadline is too early.
  return (seconds + 1) * 1000;
}

/** True for a step that may last for ever: a pause, an analysis, an experiment, a plugin. */
function isWaitingStep(situation: Facts): boolean {
  const step = currentStep(situation);
  return hasPause(step) || hasAnalysis(step) || !isUnset(step?.experiment) ||
    !isUnset(step?.plugin);
}
