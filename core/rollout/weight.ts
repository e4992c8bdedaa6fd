/** The weight that the canary should have, and the sizes that follow from it. */
import { availablePods, type ReplicaSet, wantedPods } from "../sets/mod.ts";
import { isAbortOverdue } from "./abort_deadline.ts";
import {
  type CanarySizes,
  type Fenceposts,
  fenceposts,
  type NextSizes,
  nextSizes,
  scaleOnce,
  type SetSize,
  type Split,
  splitByWeight,
  WEIGHT_MAX,
} from "./replicas.ts";
import { isFullyPromoted, type Situation } from "./situation.ts";

/** Wanted share of the canary, 0 to 100. */
export function desiredWeight(situation: Situation): number {
  const { progress, steps } = situation;
  if (progress.promoteFull || progress.stableHash === "" || isFullyPromoted(situation)) {
    return WEIGHT_MAX;
  }
  if (progress.abort || isHeldBack(situation)) return 0;
  const { stepIndex } = progress;
  if (stepIndex === undefined || stepIndex >= steps.length) return WEIGHT_MAX;
  for (let index = stepIndex; index >= 0; index--) {
    const weight = steps[index]?.setWeight;
    if (weight !== undefined) return weight;
  }
  return 0;
}

/** An update that `spec.paused` kept from starting does not start because of a change of scale. */
export function isHeldBack({ sets, world }: Situation): boolean {
  return world.rollout.spec.paused === true && wantedPods(sets.next) === 0;
}

/** Where the sizes of canary and stable should end for the present step. */
export function desiredSplit(situation: Situation): Split {
  const { replicas } = situation;
  if (distinctStable(situation) === undefined) return { canary: replicas, stable: 0 };
  const { surge } = fencepostsOf(situation);
  return splitByWeight(replicas, desiredWeight(situation), surge);
}

/** The sizes that this pass sets; `stableFloor` pods stay in stable whatever the weight. */
export function plannedSizes(situation: Situation, stableFloor = 0): NextSizes {
  return nextSizes({ ...canarySizes(situation), stableFloor });
}

/** The size that a new set may start with: in that pass no other set gives way. */
export function startSize(situation: Situation): number {
  return scaleOnce(canarySizes(situation)).canary;
}

function canarySizes(situation: Situation): CanarySizes {
  const { progress, replicas, sets } = situation;
  return {
    replicas,
    fenceposts: fencepostsOf(situation),
    canary: sizeOf(sets.next),
    stable: sizeOf(distinctStable(situation)),
    past: sets.past.map((set) => sizeOf(set)),
    desired: desiredSplit(situation),
    isAborted: progress.abort && !progress.promoteFull && !isFullyPromoted(situation),
  };
}

/** The stable set, if it is another than the canary's. */
export function distinctStable({ sets }: Situation): ReplicaSet | undefined {
  return sets.stable === sets.next ? undefined : sets.stable;
}

function fencepostsOf({ replicas, progress, world }: Situation): Fenceposts {
  const { rollout, nowMs } = world;
  const { maxSurge, maxUnavailable } = rollout.spec.strategy?.canary ?? {};
  const posts = fenceposts(replicas, { maxSurge, maxUnavailable });
  // Stable may lack just the place that a pod of the aborted revision has.
  const isOverdue = progress.abort && isAbortOverdue(rollout, nowMs);
  const least = isOverdue ? Math.min(1, replicas) : 0;
  return { ...posts, unavailable: Math.max(posts.unavailable, least) };
}

function sizeOf(set: ReplicaSet): SetSize;
function sizeOf(set: ReplicaSet | undefined): SetSize | undefined;
function sizeOf(set: ReplicaSet | undefined): SetSize | undefined {
  return set === undefined ? undefined : { wanted: wantedPods(set), available: availablePods(set) };
}
