/** Facts of a blue-green that several stages and the status ask for. */
import {
  availablePods,
  hashOf,
  isSaturated,
  type ReplicaSet,
  scaleDownDeadline,
} from "../sets/mod.ts";
import { isOlder, isWithinRollbackWindow } from "./rollback.ts";
import { isFullyPromoted, type Situation } from "./situation.ts";

/** The set that the active Service selects; undefined for a canary, and before the first switch. */
export function activeSet({ blueGreen, progress, world }: Situation): ReplicaSet | undefined {
  if (blueGreen === undefined || progress.activeHash === "") return undefined;
  return world.replicaSets.find((set) => hashOf(set) === progress.activeHash);
}

/** The stable set while another is to take its place. */
export function outgoingSet({ sets }: Situation): ReplicaSet | undefined {
  return sets.stable === sets.next ? undefined : sets.stable;
}

/** Pods that the newest set is to have: all, or fewer for a preview until it is let through. */
export function previewSize(situation: Situation): number {
  const { blueGreen, progress, replicas } = situation;
  const count = blueGreen?.previewReplicaCount ?? undefined;
  const isPaused = progress.pauseConditions.length > 0;
  const isLetThrough = progress.promoteFull || (progress.scaleUpPreviewCheckPoint && !isPaused) ||
    isFirstDeployment(situation) || isFastRollback(situation);
  const isPreview = outgoingSet(situation) !== undefined &&
    progress.activeHash !== progress.currentHash;
  const isWhole = count === undefined || isLetThrough || !isPreview;
  return isWhole ? replicas : Math.min(count, replicas);
}

/**
 * True when the update goes back to a set that was there before and needs no questions: to the
 * stable one, to a former one still in its delay, or within the rollback window.
 */
export function isFastRollback(situation: Situation): boolean {
  const { sets: { next, stable }, world } = situation;
  if (next === undefined || isFullyPromoted(situation)) return isFullyPromoted(situation);
  // What an abort began, its retry takes back: such a deadline is not that of a former revision.
  const isInDelay = scaleDownDeadline(next) !== undefined &&
    world.rollout.status?.abortedAt === undefined;
  return isWithinRollbackWindow(situation) || (isOlder(next, stable) && isInDelay);
}

/** True when nobody needs to be asked before the active Service moves. */
export function isFastTracked(situation: Situation): boolean {
  const { progress } = situation;
  const hasNoUsers = isFirstDeployment(situation) && availablePods(outgoingSet(situation)) === 0;
  return progress.promoteFull || outgoingSet(situation) === undefined || hasNoUsers ||
    progress.activeHash === progress.currentHash || isFastRollback(situation);
}

/**
 * True until users were with a set of the Rollout for the first time: the first one to be whole is
 * the initial deployment, and needs neither a preview nor anybody's word. Whether stable has users
 * at this moment says nothing: its pods may be dead and its Service made anew. The condition
 * Healthy is there, True or False, once a set has had users, and never goes.
 */
function isFirstDeployment(situation: Situation): boolean {
  const { conditions = [] } = situation.world.rollout.status ?? {};
  return activeSet(situation) === undefined && !conditions.some(({ type }) => type === "Healthy");
}

/** True when all pods of the set that the active Service selects are there. */
export function isActiveSaturated(situation: Situation): boolean {
  return isSaturated(activeSet(situation), situation.replicas);
}
