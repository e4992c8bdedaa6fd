/** Facts of a blue-green that several stages and the status ask for. */
import {
  availablePods,
  hashOf,
  isSaturated,
  type ReplicaSet,
  scaleDownDeadline,
} from "../sets/mod.ts";
import { wasAborted } from "./abort.ts";
import { isPromotedInFull } from "./full_promotion.ts";
import { isOlder, isWithinRollbackWindow } from "./rollback.ts";
import { type BlueGreen, type Facts, isFullyPromoted, outgoingSet } from "./situation.ts";

/** The set that the active Service selects; undefined for a canary, and before the first switch. */
export function activeSet({ progress, world }: Facts): ReplicaSet | undefined {
  if (progress.activeHash === "") return undefined;
  return world.replicaSets.find((set) => hashOf(set) === progress.activeHash);
}

/** Pods that the newest set is to have: all, or fewer for a preview until it is approved. */
export function previewSize(facts: Facts<BlueGreen>): number {
  const { progress, replicas, strategy } = facts;
  const count = strategy.spec.previewReplicaCount ?? undefined;
  const isPaused = progress.pauseConditions.length > 0;
  const isApproved = isPromotedInFull(facts) || (progress.scaleUpPreviewCheckPoint && !isPaused) ||
    isFirstDeployment(facts) || isFastRollback(facts);
  const isPreview = outgoingSet(facts) !== undefined &&
    progress.activeHash !== progress.currentHash;
  const isWhole = count === undefined || isApproved || !isPreview;
  return isWhole ? replicas : Math.min(count, replicas);
}

/**
 * True when the update goes back to a set that was there before and needs no questions: to the
 * stable one, to a former one still in its delay, or within the rollback window.
 */
export function isFastRollback(facts: Facts): boolean {
  const { next, stable } = facts.sets;
  if (next === undefined || isFullyPromoted(facts)) return isFullyPromoted(facts);
  // What an abort began, its retry takes back: such a deadline is not that of a former revision.
  const isInDelay = scaleDownDeadline(next) !== undefined && !wasAborted(facts);
  return isWithinRollbackWindow(facts) || (isOlder(next, stable) && isInDelay);
}

/** True when nobody needs to be asked before the active Service moves. */
export function isFastTracked(facts: Facts): boolean {
  const { progress } = facts;
  const hasNoUsers = isFirstDeployment(facts) && availablePods(outgoingSet(facts)) === 0;
  return isPromotedInFull(facts) || outgoingSet(facts) === undefined || hasNoUsers ||
    progress.activeHash === progress.currentHash || isFastRollback(facts);
}

/**
 * True until users were with a set of the Rollout for the first time: the first one to be whole is
 * the initial deployment, and needs neither a preview nor anybody's word. Whether stable has users
 * at this moment says nothing: its pods may be dead and its Service made anew. The condition
 * Healthy is there, True or False, once a set has had users, and never goes.
 */
function isFirstDeployment(facts: Facts): boolean {
  const { conditions = [] } = facts.world.rollout.status ?? {};
  return activeSet(facts) === undefined && !conditions.some(({ type }) => type === "Healthy");
}

/** True when all pods of the set that the active Service selects are there. */
export function isActiveSaturated(facts: Facts): boolean {
  return isSaturated(activeSet(facts), facts.replicas);
}
