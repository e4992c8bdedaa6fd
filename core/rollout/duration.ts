/** How long an update took, and how much of that it waited for people (`status.duration`). */
import type { RolloutDuration } from "../../sdk/api/rollout.ts";
import { timeMs, timestamp } from "../api/values/time.ts";
import { availablePods } from "../sets/mod.ts";
import type { Facts } from "./situation.ts";

/** Notes when a pause began that only a user ends. */
export function beginManualPause({ progress, world }: Facts): RolloutDuration {
  return { ...progress.duration, manualPauseStartedAt: timestamp(world.nowMs) };
}

/** Adds the time that a manual pause lasted to the update's account. */
export function endManualPause({ progress, world }: Facts): RolloutDuration {
  const { manualPauseStartedAt, ...duration } = progress.duration;
  const startedMs = timeMs(manualPauseStartedAt);
  if (startedMs === undefined) return duration;
  const seconds = Math.max(0, Math.floor((world.nowMs - startedMs) / 1000));
  const total = (duration.totalManualPauseDurationSeconds ?? 0) + seconds;
  return total === 0 ? duration : { ...duration, totalManualPauseDurationSeconds: total };
}

/** Notes the end, once all pods of the newest set are there. */
export function finishedDuration(
  { sets, replicas, world }: Facts,
  duration: RolloutDuration,
): RolloutDuration {
  const isFinished = duration.finishedAt !== undefined || duration.rolloutStartedAt === undefined;
  if (isFinished || availablePods(sets.next) < replicas) return duration;
  return { ...duration, finishedAt: timestamp(world.nowMs) };
}
