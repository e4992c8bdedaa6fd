/** The plan of a canary without a traffic router: its pods are its weight. */
import {
  availablePods,
  type ReplicaSet,
  revisionOf,
  servingPods,
  wantedPods,
} from "../../sets/mod.ts";
import { isAbortAsked, isAborted, isAbortLate, isAbortNew } from "../abort.ts";
import { abortDeadlineMs } from "../abort_deadline.ts";
import { isPromotedInFull } from "../full_promotion.ts";
import { isHalted, isHeldBack } from "../pause.ts";
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
} from "../replicas.ts";
import { type Canary, type Facts, isFullyPromoted, outgoingSet } from "../situation.ts";
import type { Plan, SelectorPlan, SetPlan } from "./plan.ts";
import { selectorPlan } from "./selector_plan.ts";
import { hasUsers, leastPods, usersService } from "./users.ts";

export function planCanary(facts: Facts<Canary>): Plan {
  const weight = weightOf(facts);
  const sizes = sizesOf(facts, weight);
  const { canary, stable } = sizes.desired;
  const free = nextSizes(sizes);
  const stableFloor = leastPods(facts, outgoingSet(facts));
  const kept = stableFloor === 0 ? free : nextSizes({ ...sizes, stableFloor });
  return {
    goal: { updated: canary, stable, serving: undefined },
    // The pass that creates the set scales no other set down.
    startSize: scaleOnce(sizes).canary,
    sizes: setPlans(facts, kept),
    sizesWhy: sizesWhy(facts, weight, canary),
    sizesChangeAtMs: sizesChangeAtMs(facts),
    users: usersPlan(facts, free),
    update: updatePlan(facts),
  };
}

/** Wanted share of the canary, 0 to 100. */
function weightOf(facts: Facts<Canary>): number {
  const { state, strategy: { steps } } = facts;
  if (isPromotedInFull(facts) || state.stableHash === "" || isFullyPromoted(facts)) {
    return WEIGHT_MAX;
  }
  if (isAborted(facts) || isHeldBack(facts)) return 0;
  const { stepIndex } = state;
  if (stepIndex === undefined || stepIndex >= steps.length) return WEIGHT_MAX;
  for (let index = stepIndex; index >= 0; index--) {
    const weight = steps[index]?.setWeight;
    if (weight !== undefined) return weight;
  }
  return 0;
}

function sizesWhy(facts: Facts<Canary>, weight: number, canary: number): string {
  if (isAbortAsked(facts)) return "aborted";
  if (isPromotedInFull(facts)) return "full promotion";
  return `setWeight ${weight} (${canary} of ${facts.replicas} pods)`;
}

/** What the next sizes depend on. */
function sizesOf(facts: Facts<Canary>, weight: number): CanarySizes {
  const { replicas, sets } = facts;
  const limits = limitsOf(facts);
  return {
    replicas,
    fenceposts: limits,
    canary: sizeOf(sets.next),
    stable: sizeOf(outgoingSet(facts)),
    past: sets.past.map((set) => sizeOf(set)),
    desired: desiredSplit(facts, { weight, surge: limits.surge }),
    // Without another set that is stable there is nothing to go back to.
    isAborted: outgoingSet(facts) !== undefined && isAborted(facts) && !isPromotedInFull(facts),
  };
}

/** Where the sizes of canary and stable should end for the present step. */
function desiredSplit(
  facts: Facts<Canary>,
  { weight, surge }: { weight: number; surge: number },
): Split {
  const { replicas } = facts;
  if (outgoingSet(facts) === undefined) return { canary: replicas, stable: 0 };
  return splitByWeight(replicas, weight, surge);
}

function limitsOf(facts: Facts<Canary>): Fenceposts {
  const { replicas, strategy: { spec: { maxSurge, maxUnavailable } } } = facts;
  const limits = fenceposts(replicas, { maxSurge, maxUnavailable });
  // Pods of the aborted revision may stand where stable's should be scheduled.
  const least = isAbortLate(facts) ? Math.min(1, replicas) : 0;
  return { ...limits, unavailable: Math.max(limits.unavailable, least) };
}

function sizeOf(set: ReplicaSet): SetSize;
function sizeOf(set: ReplicaSet | undefined): SetSize | undefined;
function sizeOf(set: ReplicaSet | undefined): SetSize | undefined {
  if (set === undefined) return undefined;
  return {
    wanted: wantedPods(set),
    available: availablePods(set),
    serving: servingPods(set),
  };
}

/** Stable first, then the canary, then other revisions. */
function setPlans(facts: Facts<Canary>, sizes: NextSizes): SetPlan[] {
  const { replicas, sets } = facts;
  const sized: [ReplicaSet | undefined, number][] = [
    [outgoingSet(facts), sizes.stable],
    [sets.next, sizes.canary],
    ...sets.past.map((set, index): [ReplicaSet, number] => [set, sizes.past[index] ?? 0]),
  ];
  // Where the pass that first sees an abort gives stable pods back, others go once it is told.
  const isGrowingOnly = isAbortNew(facts) && sizes.stable > wantedPods(outgoingSet(facts));
  return sized.flatMap(([set, wanted]): SetPlan[] => {
    if (set === undefined) return [];
    const least = isGrowingOnly ? wantedPods(set) : leastPods(facts, set);
    const size = Math.max(wanted, least);
    const change = `revision ${revisionOf(set)} from ${wantedPods(set)} to ${size}`;
    return [{ set, size, replicas, change }];
  });
}

/** When the deadline of an abort passes, the sets that still have pods may give up more. */
function sizesChangeAtMs(facts: Facts<Canary>): number[] {
  const { sets, world } = facts;
  const deadlineMs = abortDeadlineMs(world.rollout);
  const isLeft = [sets.next, ...sets.past]
    .some((set) => set !== sets.stable && wantedPods(set) > 0);
  return deadlineMs === undefined || !isLeft || isFullyPromoted(facts) ? [] : [deadlineMs];
}

/** `sizes` are those without the pod that stays while the Service selects stable. */
function usersPlan(facts: Facts<Canary>, sizes: NextSizes): SelectorPlan | undefined {
  const set = usersTarget(facts, sizes);
  // The newest set takes over from stable only with all pods.
  const wholeSize = set === facts.sets.stable ? wantedPods(set) : facts.replicas;
  return selectorPlan(usersService(facts), set, wholeSize);
}

/** The canary Service follows the newest revision. */
function updatePlan(facts: Facts<Canary>): SelectorPlan | undefined {
  const { sets, strategy: { spec }, world } = facts;
  const set = isAbortAsked(facts) ? sets.stable : sets.next;
  const service = world.services.get(spec.canaryService ?? "");
  return selectorPlan(service, set);
}

/** The set that the stable Service should select; undefined: leave it. */
function usersTarget(facts: Facts<Canary>, sizes: NextSizes): ReplicaSet | undefined {
  const { sets } = facts;
  if (sets.stable === undefined || sets.stable === sets.next) return sets.stable;
  if (isHalted(facts)) return haltedTarget(facts);
  if (sizes.stable > 0 && availablePods(sets.stable) > 0) return sets.stable;
  // Stable has no pods, or loses its last ones in this pass: S6.
  return sizes.canary > 0 && isServing(sets.next) ? sets.next : undefined;
}

/** Under `spec.paused` the stable Service moves only when its set has no pods. */
function haltedTarget(facts: Facts<Canary>): ReplicaSet | undefined {
  const { stable, next } = facts.sets;
  const serving = [stable, next].filter(isServing);
  const reached = serving.find((set) => hasUsers(facts, set));
  return reached === undefined ? serving[0] : undefined;
}

/** True for a set with available pods that it keeps. */
function isServing(set: ReplicaSet | undefined): set is ReplicaSet {
  return wantedPods(set) > 0 && availablePods(set) > 0;
}
