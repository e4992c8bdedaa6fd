/** Facts of a blue-green that several stages and the status ask for. */
import {
  availablePods,
  hashOf,
  isSaturated,
  type ReplicaSet,
  scaleDownDeadline,
  wantedPods,
} from "../sets/mod.ts";
import { wasAborted } from "./abort.ts";
import { isPromotedInFull } from "./full_promotion.ts";
import { isWaiting } from "./pause.ts";
import { isOlder, isWithinRollbackWindow } from "./rollback.ts";
import { type BlueGreen, type Facts, isFullyPromoted, outgoingSet } from "./situation.ts";

/** The set that the active Service selects; undefined for a canary, and before the first switch. */
export function activeSet({ state, world }: Facts): ReplicaSet | undefined {
  if (state.activeHash === "") return undefined;
  return world.replicaSets.find((set) => hashOf(set) === state.activeHash);
}

/** Pods that the newest set is to have: all, or fewer for a preview until it is approved. */
export function previewSize(facts: Facts<BlueGreen>): number {
  const { state, replicas, strategy } = facts;
  const count = strategy.spec.previewReplicaCount ?? undefined;
  const isApproved = isPromotedInFull(facts) ||
    (state.scaleUpPreviewCheckPoint && !isWaiting(facts)) ||
    isFirstDeployment(facts) || isFastRollback(facts);
  const isPreview = outgoingSet(facts) !== undefined &&
    state.activeHash !== state.currentHash;
  const isWhole = count === undefined || isApproved || !isPreview;
  return isWhole ? replicas : Math.min(count, replicas);
}

/**
 * True for a rollback that needs no pause: to the stable set, to a former one that is still in its
 * delay, or within the rollback window.
 */
export function isFastRollback(facts: Facts): boolean {
  const { next, stable } = facts.sets;
  if (next === undefined || isFullyPromoted(facts)) return isFullyPromoted(facts);
  // A deadline that an abort set does not make the set a former one.
  const isInDelay = wantedPods(next) > 0 && scaleDownDeadline(next) !== undefined &&
    !wasAborted(facts);
  return isWithinRollbackWindow(facts) || (isOlder(next, stable) && isInDelay);
}

/** True when the active Service may move without a pause. */
export function isFastTracked(facts: Facts): boolean {
  const { state } = facts;
  const hasNoUsers = isFirstDeployment(facts) && availablePods(outgoingSet(facts)) === 0;
  return isPromotedInFull(facts) || outgoingSet(facts) === undefined || hasNoUsers ||
    state.activeHash === state.currentHash || isFastRollback(facts);
}

/**
 * True until the active Service selected a set for the first time: the first set with all pods is
 * the initial deployment, which needs no preview and no approval. What the Service selects now does
 * not say so: it may have been deleted and created again. The condition Healthy does: it is there,
 * True or False, once a set has had users, and is never removed.
 */
function isFirstDeployment(facts: Facts): boolean {
  const { conditions = [] } = facts.world.rollout.status ?? {};
  return activeSet(facts) === undefined && !conditions.some(({ type }) => type === "Healthy");
}

/** True when all pods of the set that the active Service selects are there. */
export function isActiveSaturated(facts: Facts): boolean {
  return isSaturated(activeSet(facts), facts.replicas);
}
