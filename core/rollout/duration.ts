/**
 * The account of an update: when it began and ended, and how much of it was waiting for people. It
 * follows from what a pass comes to, so that it stands in the same status.
 */
import type { RolloutDuration } from "../../sdk/api/rollout.ts";
import { timeMs, timestamp } from "../api/values/time.ts";
import { availablePods } from "../sets/mod.ts";
import { waitsForPerson } from "./pause.ts";
import { type Facts, isFullyPromoted } from "./situation.ts";

/** The account after a pass. */
export function durationOf(facts: Facts): RolloutDuration {
  const { state, replicas, sets, world } = facts;
  const { duration } = state;
  if (!isRunning(duration)) return withoutPause(facts);
  const isDone = isFullyPromoted(facts) && availablePods(sets.next) >= replicas;
  if (isDone) return { ...withoutPause(facts), finishedAt: timestamp(world.nowMs) };
  if (!waitsForPerson(facts)) return withoutPause(facts);
  const manualPauseStartedAt = duration.manualPauseStartedAt ?? timestamp(world.nowMs);
  return { ...duration, manualPauseStartedAt };
}

/** The account that a changed template, list of steps or strategy leads to. */
export function durationAfterChange(facts: Facts, hash: string): RolloutDuration {
  const { state, replicas, sets, world } = facts;
  const { duration, stableHash, currentHash } = state;
  const isBack = hash === stableHash;
  // What is going on is what was there before, and what has ended stays as it ended.
  if (isBack && hash !== currentHash) {
    if (isRunning(duration)) return { ...duration, completionStatus: "FastRolledBack" };
    if (duration.finishedAt !== undefined) return duration;
  }
  // The same pods in another way.
  const isAtRest = isBack && hash === currentHash && duration.finishedAt !== undefined &&
    availablePods(sets.next) >= replicas;
  return isAtRest ? duration : { rolloutStartedAt: timestamp(world.nowMs) };
}

function isRunning({ rolloutStartedAt, finishedAt }: RolloutDuration): boolean {
  return rolloutStartedAt !== undefined && finishedAt === undefined;
}

/** Adds the time that a manual pause lasted; a short one counts as 0 seconds. */
function withoutPause({ state, world }: Facts): RolloutDuration {
  if (state.duration.manualPauseStartedAt === undefined) return state.duration;
  const { manualPauseStartedAt, ...duration } = state.duration;
  const startedMs = timeMs(manualPauseStartedAt);
  if (startedMs === undefined) return state.duration;
  const seconds = Math.max(0, Math.floor((world.nowMs - startedMs) / 1000));
  const total = (duration.totalManualPauseDurationSeconds ?? 0) + seconds;
  return { ...duration, totalManualPauseDurationSeconds: total };
}
