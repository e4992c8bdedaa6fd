/** How the traffic of a routed canary is to be split: the weights and routes of this pass. */
import type { Destination, TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { availablePods, hashOf, type ReplicaSet, servingPods, wantedPods } from "../../sets/mod.ts";
import { isAborted } from "../abort.ts";
import { isAbortOverdue } from "../abort_deadline.ts";
import { missingPods } from "../enough_pods.ts";
import { additionalDestinations, unfitShares } from "../experiments/plan_experiments.ts";
import { isPromotedInFull } from "../full_promotion.ts";
import { isHalted, isHeldBack } from "../pause.ts";
import { fenceposts } from "../replicas.ts";
import { canaryScaleAt } from "../routed/canary_scale.ts";
import { NO_ROUTES, type Routes, routesAt } from "../routed/route_steps.ts";
import { type RouterFacts, unconfirmed } from "../routed/router_facts.ts";
import {
  hasPingPong,
  type Routing,
  routingIn,
  servicesIn,
  type SideServices,
} from "../routed/routing.ts";
import type { WrittenWeights } from "../routed/sizes.ts";
import { routedWeight } from "../routed/weight.ts";
import { areSameWeights, weightsIn, weightsOf, writtenWeights } from "../routed/weights.ts";
import { selectedHash } from "../service.ts";
import { type Facts, isFullyPromoted, outgoingSet, type RoutedCanary } from "../situation.ts";
import type { Service } from "../world.ts";
import type { SelectorPlan, TrafficPlan } from "./plan.ts";

/** What both halves of the plan, sizes and traffic, rest on. */
export interface Known {
  readonly routing: Routing;
  readonly names: SideServices;
  readonly stableService: Service | undefined;
  readonly canaryService: Service | undefined;
  /** What routers may be sending to either side. */
  readonly written: WrittenWeights;
  /** The canary's weight that the step asks for. */
  readonly goalWeight: number;
}

export function knownOf(facts: Facts<RoutedCanary>): Known {
  const { state, strategy: { spec }, world } = facts;
  const routing = routingIn(spec);
  const names = servicesIn(spec, { canary: { stablePingPong: state.stablePingPong } });
  const written = writtenWeights(world.routers, {
    reported: state.weights,
    services: names,
    weightMax: routing.weightMax,
  });
  return {
    routing,
    names,
    stableService: world.services.get(names.stable),
    canaryService: world.services.get(names.canary),
    written,
    goalWeight: goalWeight(facts, routing),
  };
}

/** The weight that the step asks for in the end: stable's Service has the stable pods' share. */
function goalWeight(facts: Facts<RoutedCanary>, { weightMax }: Routing): number {
  const { state, strategy: { steps } } = facts;
  if (state.stableHash === "" || isFullyPromoted(facts)) return 0;
  if (isAborted(facts) || isHeldBack(facts)) return 0;
  if (isPromotedInFull(facts)) return weightMax;
  const { stepIndex } = state;
  if (stepIndex === undefined || stepIndex >= steps.length) return weightMax;
  return weightBefore(facts, stepIndex + 1);
}

/** The nearest `setWeight` before a step. */
function weightBefore({ strategy: { steps } }: Facts<RoutedCanary>, index: number): number {
  const { setWeight } = steps.slice(0, index).findLast((step) => step.setWeight !== undefined) ??
    {};
  return setWeight ?? 0;
}

/** What the rest of the plan says. */
export interface Planned {
  /** Pods of the newest set that the step asks for. */
  readonly updated: number;
  /** Where the Services go in this pass, before the traffic does. */
  readonly users: SelectorPlan | undefined;
  readonly update: SelectorPlan | undefined;
}

export function planTraffic(
  facts: Facts<RoutedCanary>,
  known: Known,
  { updated, users, update }: Planned,
): TrafficPlan {
  const { goalWeight } = known;
  const unseen = whyUnseen(facts.world.routers);
  if (unseen !== undefined || !isDue(facts, known, users)) {
    const missing = unseen ?? "the weights are not due yet";
    return { intent: undefined, goalWeight, missing };
  }
  const target = targetOf(facts, known, update);
  const additional = additionalDestinations(facts, known.routing.weightMax);
  const intent = intentOf(facts, known, {
    weight: weightOf(facts, known, { target, updated, additional }),
    additional,
    routes: routesOf(facts, known, target),
    target,
  });
  const missing = missingOf(facts, intent, goalWeight);
  return { intent, goalWeight, missing, unfit: unfitShares(facts, known.routing.weightMax) };
}

/** Why a router cannot be told anything; undefined: all have been seen. */
function whyUnseen(routers: readonly RouterFacts[]): string | undefined {
  for (const { name, observation } of routers) {
    if (observation.state === "pending") return `waiting to see how ${name} routes traffic`;
    if (observation.state === "failed") {
      return `cannot see how ${name} routes traffic: ${observation.reason}`;
    }
  }
  return undefined;
}

/** False while what is written has to stay as it is. */
function isDue(
  facts: Facts<RoutedCanary>,
  { stableService }: Known,
  users: SelectorPlan | undefined,
): boolean {
  const { replicas, sets, state } = facts;
  if (state.stableHash === "") return false;
  if (!isFullyPromoted(facts)) return true;
  // Stable's Service gets its share back once it selects the newest revision.
  const selected = users?.hash ?? selectedHash(stableService);
  if (stableService !== undefined && selected !== "" && selected !== state.stableHash) return false;
  return state.weights !== undefined || availablePods(sets.next) >= replicas;
}

/**
 * The set that what is sent to the canary reaches: the newest, or another that was the newest
 * before and still answers.
 */
export function targetOf(
  { sets: { next, stable }, state, world }: Facts<RoutedCanary>,
  { canaryService, written }: Known,
  update: SelectorPlan | undefined,
): ReplicaSet | undefined {
  // A subset turns to the newest pods in the very write that precedes its first weight.
  if (canaryService === undefined && written.canary === 0) return next;
  const reached = canaryService === undefined
    ? state.weights?.canary.podTemplateHash ?? ""
    : update?.hash ?? selectedHash(canaryService);
  if (reached === "") return next;
  const set = world.replicaSets.find((one) => hashOf(one) === reached);
  // A subset turns at once to who can answer, where neither side has a pod.
  const isLost = canaryService === undefined && availablePods(set) + availablePods(stable) === 0;
  if (isLost) return next;
  // Before its first weight the canary is reached by nobody, whoever its Service selects.
  return set === stable && set !== next ? undefined : set;
}

/** True while the canary's traffic goes to a revision that another update has overtaken. */
export function isOvertaken(
  facts: Facts<RoutedCanary>,
  known: Known,
  update: SelectorPlan | undefined,
): boolean {
  const target = targetOf(facts, known, update);
  return known.written.canary > 0 && target !== facts.sets.next && availablePods(target) > 0;
}

function weightOf(
  facts: Facts<RoutedCanary>,
  known: Known,
  { target, updated, additional }: {
    target: ReplicaSet | undefined;
    updated: number;
    additional: readonly Destination[];
  },
): number {
  const { replicas, sets, strategy: { spec, steps }, state, world } = facts;
  const { routing: { weightMax, podsMin }, written } = known;
  const { type, value = -1 } = spec.replicaProgressThreshold ?? {};
  const stablePods = availablePods(sets.stable);
  const { unavailable } = fenceposts(replicas, spec);
  return routedWeight({
    replicas,
    weightMax,
    podsMin,
    wanted: target === sets.next ? wantedWeight(facts, known, updated) : 0,
    others: sumOf(additional),
    written,
    canaryPods: availablePods(target),
    stablePods,
    isStableAlone: servingPods(sets.stable) > 0 && servingPods(target) === 0,
    isCapacityWaived: canaryScaleAt(steps, state.stepIndex) !== undefined ||
      (type !== undefined && value >= 0),
    isAborted: isAborted(facts),
    isStableWhole: stablePods >= replicas - unavailable,
    isAbortOverdue: isAbortOverdue(world.rollout, world.nowMs),
  });
}

/**
 * The weight for now: that of the step once its pods are there, until then that before it. A weight
 * that falls needs no pods: it falls before they go.
 */
function wantedWeight(facts: Facts<RoutedCanary>, known: Known, updated: number): number {
  const { replicas, sets, state, strategy: { steps } } = facts;
  const { goalWeight, routing: { isStableDynamic, weightMax }, written } = known;
  if (isFullyPromoted(facts) || isAborted(facts) || isHeldBack(facts)) return 0;
  if (isPromotedInFull(facts)) {
    if (!isStableDynamic || replicas === 0) return written.canary;
    return Math.min(weightMax, Math.floor((weightMax * availablePods(sets.next)) / replicas));
  }
  const before = weightBefore(facts, Math.min(state.stepIndex ?? 0, steps.length));
  const hasPods = availablePods(sets.next) >= updated || missingPods(facts, updated) === undefined;
  const wanted = hasPods ? goalWeight : Math.min(goalWeight, before);
  // Under spec.paused the canary gets no more than it has.
  return isHalted(facts) ? Math.min(wanted, written.canary) : wanted;
}

/** The routes of the steps so far, while the canary is there to answer. */
function routesOf(
  facts: Facts<RoutedCanary>,
  { routing }: Known,
  target: ReplicaSet | undefined,
): Routes {
  const { sets, state, strategy: { steps } } = facts;
  const isThere = target === sets.next && availablePods(target) > 0;
  const isOver = isFullyPromoted(facts) || isAborted(facts) || isPromotedInFull(facts);
  if (isOver || !isThere || isHeldBack(facts)) return NO_ROUTES;
  return routesAt(steps, state.stepIndex, routing.managedRoutes);
}

function intentOf(
  { sets: { next }, state }: Facts<RoutedCanary>,
  { routing: { weightMax, managedRoutes }, names }: Known,
  { weight, routes, target, additional }: {
    weight: number;
    additional: readonly Destination[];
    routes: Routes;
    target: ReplicaSet | undefined;
  },
): TrafficIntent {
  // Who is sent to the canary goes on reaching the pods that answer.
  const reached = weight === 0 ? next : target ?? next;
  return {
    maxWeight: weightMax,
    stable: {
      service: names.stable,
      podTemplateHash: state.stableHash,
      weight: weightMax - weight - sumOf(additional),
    },
    canary: {
      service: names.canary,
      podTemplateHash: reached === undefined ? "" : hashOf(reached),
      weight,
    },
    additional,
    managedRoutes,
    ...routes,
  };
}

function sumOf(destinations: readonly Destination[]): number {
  return destinations.reduce((sum, { weight }) => sum + weight, 0);
}

function missingOf(
  { sets, world }: Facts<RoutedCanary>,
  intent: TrafficIntent,
  goalWeight: number,
): string | undefined {
  const { weight } = intent.canary;
  // When stable has no pods left, the update is what helps: it goes on.
  const isReached = weight === goalWeight ||
    (weight > goalWeight && availablePods(sets.stable) === 0);
  if (!isReached) return `waiting for weight ${goalWeight}: it is ${weight}`;
  // What a router confirmed is about the weights that were there before this pass.
  const isKnown = areSameWeights(weightsIn(world.rollout.status ?? {}), weightsOf(intent));
  const waiting = unconfirmed(world.routers, isKnown);
  return waiting && `waiting for ${waiting.name} to confirm weight ${goalWeight}`;
}

/** True while a Service, or a weight, leads to the pods of this set. */
export function isReferenced(
  facts: Facts<RoutedCanary>,
  { stableService, canaryService, written }: Known,
  hash: string,
): boolean {
  const { sets, strategy, world } = facts;
  // What this pass takes away is still on its way.
  const before = weightsIn(world.rollout.status ?? {});
  const weighted = [before?.stable, before?.canary]
    .filter((side) => (side?.weight ?? 0) > 0)
    .map((side) => side?.podTemplateHash);
  // Of ping and pong the one that is done has nothing to send any more.
  const isDone = hasPingPong(strategy.spec) && isFullyPromoted(facts) && written.canary === 0;
  const isSelected = [stableService, isDone ? undefined : canaryService].some((service) =>
    selectedHash(service) === hash
  );
  return isSelected || (weighted.includes(hash) && wantedPods(sets.stable) > 0);
}

/** True when an update is being taken back to a stable set. */
export function isGoingBack(facts: Facts<RoutedCanary>): boolean {
  return isAborted(facts) && outgoingSet(facts) !== undefined;
}
