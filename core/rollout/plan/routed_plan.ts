/**
 * The plan of a canary whose traffic is split by routers: sizes follow from weights, and no set
 * loses pods that a written weight, or a Service, still leads to (safety rule S4).
 */
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { timeMs } from "../../api/values/time.ts";
import { isAbortAsked } from "../abort.ts";
import {
  availablePods,
  hashOf,
  type ReplicaSet,
  scaleDownDeadline,
  servingPods,
  wantedPods,
} from "../../sets/mod.ts";
import { abortDeadlineMs, isAbortOverdue } from "../abort_deadline.ts";
import { isPromotedInFull } from "../full_promotion.ts";
import { isHeldBack } from "../pause.ts";
import { fenceposts } from "../replicas.ts";
import { hasPingPong } from "../routed/routing.ts";
import { canaryScaleAt } from "../routed/canary_scale.ts";
import {
  routedSizes,
  type RoutedSizesInput,
  sizeForWeight,
  wantedSizes,
  weightForPods,
  type WrittenWeights,
} from "../routed/sizes.ts";
import { selectedHash } from "../service.ts";
import { type Facts, isFullyPromoted, outgoingSet, type RoutedCanary } from "../situation.ts";
import type { Plan, SelectorPlan } from "./plan.ts";
import {
  abortDeadlineOf,
  after,
  DELAY_DEFAULT_SECONDS,
  DELAY_OVER,
  isPassed,
  setPlan,
  type Wish,
} from "./scale_down_delay.ts";
import { selectorPlan } from "./selector_plan.ts";
import { sharesUsers } from "./users.ts";
import {
  isGoingBack,
  isOvertaken,
  isReferenced,
  type Known,
  knownOf,
  planTraffic,
  targetOf,
} from "./traffic_plan.ts";

export function planRouted(facts: Facts<RoutedCanary>): Plan {
  const known = knownOf(facts);
  const updated = updatedPods(facts, known);
  const users = usersPlan(facts, known);
  const update = updatePlan(facts, known);
  const traffic = planTraffic(facts, known, { updated, users, update });
  const wanted = wishes(facts, {
    ...known,
    written: mostOf(known.written, traffic.intent),
    told: traffic.intent === undefined ? undefined : {
      canary: traffic.intent.canary.weight,
      stable: traffic.intent.stable.weight,
    },
    isNextReached: targetOf(facts, known, update) === facts.sets.next,
    isOvertaken: isOvertaken(facts, known, update),
  });
  return {
    goal: { updated, stable: undefined, serving: undefined },
    startSize: isHeldBack(facts) ? 0 : updated,
    sizes: wanted.map((wish) => setPlan(facts, wish)),
    sizesWhy: "",
    sizesChangeAtMs: sizesChangeAtMs(facts, wanted),
    users,
    update,
    traffic,
  };
}

/** What is sent to either side before this pass has told the routers, or after. */
function mostOf(written: WrittenWeights, intent: TrafficIntent | undefined): WrittenWeights {
  if (intent === undefined) return written;
  return {
    canary: Math.max(written.canary, intent.canary.weight),
    stable: Math.max(written.stable, intent.stable.weight),
  };
}

function sizesInput(facts: Facts<RoutedCanary>, known: Known): RoutedSizesInput {
  const { replicas, state, strategy: { steps } } = facts;
  const { routing, written, goalWeight } = known;
  return {
    replicas,
    ...routing,
    weight: goalWeight,
    canaryScale: isGoingBack(facts) || isPromotedInFull(facts)
      ? undefined
      : canaryScaleAt(steps, state.stepIndex),
    written,
  };
}

/** Pods of the newest set that the step asks for. */
function updatedPods(facts: Facts<RoutedCanary>, known: Known): number {
  const { replicas } = facts;
  if (outgoingSet(facts) === undefined || isPromotedInFull(facts)) return replicas;
  return wantedSizes(sizesInput(facts, known)).canary;
}

/** Why stable and the newest set have the sizes that they get. */
function reasonOf(facts: Facts<RoutedCanary>, { goalWeight }: Known): { reason?: string } {
  if (outgoingSet(facts) === undefined) return {};
  if (isAbortAsked(facts)) return { reason: "aborted" };
  return { reason: isPromotedInFull(facts) ? "full promotion" : `setWeight ${goalWeight}` };
}

/** What the sizes rest on besides. */
interface Written extends Known {
  /** What is sent to either side once this pass has told the routers; undefined: none is told. */
  readonly told: WrittenWeights | undefined;
  /** The canary's traffic goes to the newest set; else that needs no pods for it. */
  readonly isNextReached: boolean;
  /** The canary's traffic has yet to come back to stable. */
  readonly isOvertaken: boolean;
}

/** Stable first, then the newest, then other revisions. */
function wishes(facts: Facts<RoutedCanary>, known: Written): Wish[] {
  const { replicas, sets } = facts;
  const stable = outgoingSet(facts);
  const { isNextReached } = known;
  const sizesFor = (weights: WrittenWeights) => {
    const written = { stable: weights.stable, canary: isNextReached ? weights.canary : 0 };
    return routedSizes(sizesInput(facts, { ...known, written }));
  };
  const most = sizesFor(known.written);
  // What this pass takes away keeps the pods that are there; none come for it.
  const least = known.told === undefined ? most : sizesFor(known.told);
  const sizes = {
    canary: Math.max(least.canary, Math.min(most.canary, wantedPods(sets.next))),
    stable: Math.max(least.stable, Math.min(most.stable, wantedPods(sets.stable))),
  };
  const next = isPromotedInFull(facts) ? Math.max(replicas, sizes.canary) : sizes.canary;
  const why = reasonOf(facts, known);
  const newest: Wish[] = sets.next === undefined ? [] : [
    isGoingBack(facts) ? { ...why, ...abortedWish(facts, known, sets.next) } : {
      set: sets.next,
      size: stable === undefined ? replicas : next,
      isDelayShown: true,
      ...why,
    },
  ];
  const outgoing: Wish[] = stable === undefined ? [] : [{
    set: stable,
    size: known.isOvertaken ? replicas : sizes.stable,
    ...why,
  }];
  const pair = [...outgoing, ...newest];
  const past = pastWishes(facts, known);
  // S8 before S7: an abort that should have ended waits for no pods of stable.
  const isOverdue = isGoingBack(facts) && isAbortOverdue(facts.world.rollout, facts.world.nowMs);
  return isOverdue
    ? [...keepingEnough(facts, pair), ...past]
    : keepingEnough(facts, [...pair, ...past]);
}

/**
 * Of the pods that are available no set gives up what leaves too few of all (S7); nor of those that
 * are ready, until others are available.
 */
function keepingEnough(facts: Facts<RoutedCanary>, wishes: readonly Wish[]): Wish[] {
  const kept = keepingPods(facts, wishes, ({ set }) => availablePods(set));
  const isCut = ({ set, size }: Wish) => size < wantedPods(set);
  return keepingPods(
    facts,
    kept,
    (wish) => isCut(wish) ? servingPods(wish.set) : availablePods(wish.set),
  );
}

/** No set gives up pods that leave too few of all that count. */
function keepingPods(
  { replicas, strategy: { spec } }: Facts<RoutedCanary>,
  wishes: readonly Wish[],
  counted: (wish: Wish) => number,
): Wish[] {
  let spare = -(replicas - fenceposts(replicas, spec).unavailable);
  for (const wish of wishes) spare += Math.min(wish.size, counted(wish));
  return wishes.map((wish) => {
    const cut = Math.min(wantedPods(wish.set), counted(wish)) - wish.size;
    if (spare >= 0 || cut <= 0) return wish;
    const kept = Math.min(cut, -spare);
    spare += kept;
    return { ...wish, size: wish.size + kept };
  });
}

/** After an abort the newest set keeps its pods until nobody is sent to them, and for a delay. */
function abortedWish(facts: Facts<RoutedCanary>, known: Known, set: ReplicaSet): Wish {
  const { replicas, strategy: { spec }, sets, world } = facts;
  const { routing, written } = known;
  const size = wantedPods(set);
  const needed = Math.min(size, sizeForWeight(written.canary, { replicas, ...routing }));
  const asked = spec["abortScaleDownDelaySeconds"];
  const seconds = typeof asked === "number" ? asked : DELAY_DEFAULT_SECONDS;
  if (replicas === 0) return { set, size: 0 };
  if (routing.isStableDynamic && asked === undefined) return { set, size: needed };
  // Quirk(abort-delay-zero): 0 does not mean at once, it means never.
  if (seconds === 0) return { set, size };
  const present = abortDeadlineOf(facts, scaleDownDeadline(set), seconds);
  if (isPassed(facts, present)) {
    return { set, size: needed, deadline: present, isDelayShown: true, reason: DELAY_OVER };
  }
  const isStableWhole = availablePods(sets.stable) >= replicas;
  const isEnding = written.canary === 0 &&
    (isStableWhole || isAbortOverdue(world.rollout, world.nowMs));
  const deadline = present ?? (isEnding ? after(facts, seconds) : undefined);
  // Quirk(delay-of-no-pods): a set that never had any gets its delay all the same.
  return { set, size, deadline, isDelayShown: true };
}

/** Other sets with pods, newest first: a former stable one has its delay. */
function pastWishes(facts: Facts<RoutedCanary>, known: Known): Wish[] {
  const { replicas, sets, strategy: { spec } } = facts;
  const { scaleDownDelaySeconds, scaleDownDelayRevisionLimit } = spec;
  const seconds = typeof scaleDownDelaySeconds === "number"
    ? scaleDownDelaySeconds
    : DELAY_DEFAULT_SECONDS;
  const limit = typeof scaleDownDelayRevisionLimit === "number"
    ? scaleDownDelayRevisionLimit
    : Infinity;
  let delayed = 0;
  return sets.past.filter((set) => wantedPods(set) > 0).map((set): Wish => {
    const size = wantedPods(set);
    const present = scaleDownDeadline(set);
    if (replicas === 0) return { set, size: 0 };
    if (isReferenced(facts, known, hashOf(set)) || sharesUsers(facts, set)) {
      return { set, size, deadline: present };
    }
    if (isPassed(facts, present)) return { set, size: 0, reason: DELAY_OVER };
    const isDone = isFullyPromoted(facts);
    if (isDone && known.routing.isStableDynamic) return { set, size: 0 };
    // It was on its way to become stable when the next update came.
    if (!isDone && present === undefined) return { set, size: 0, reason: "superseded" };
    if (seconds === 0) return { set, size: 0, reason: "scaleDownDelaySeconds is 0" };
    if (delayed >= limit) return { set, size: 0, reason: `only ${limit} may wait` };
    delayed++;
    return { set, size, deadline: present ?? after(facts, seconds) };
  });
}

function sizesChangeAtMs(facts: Facts<RoutedCanary>, wanted: readonly Wish[]): number[] {
  const { sets: { next, past }, world } = facts;
  const ends = wanted.map(({ deadline }) => timeMs(deadline));
  const isLeft = isGoingBack(facts) && [next, ...past].some((set) => wantedPods(set) > 0);
  return [...ends, isLeft ? abortDeadlineMs(world.rollout) : undefined]
    .filter((ms) => ms !== undefined);
}

/** Stable's Service selects the stable set; it never follows an update. */
function usersPlan(
  { sets: { stable } }: Facts<RoutedCanary>,
  { stableService }: Known,
): SelectorPlan | undefined {
  return selectorPlan(stableService, stable);
}

/**
 * The canary's Service follows the newest revision once that can take what is sent there; after an
 * abort it goes to stable once nothing is sent there. Of ping and pong the one that is done stays
 * as long as its pods do: requests may still be on their way to them.
 */
function updatePlan(facts: Facts<RoutedCanary>, known: Known): SelectorPlan | undefined {
  const { replicas, sets, strategy: { spec }, world } = facts;
  const { canaryService, routing, written } = known;
  if (isGoingBack(facts)) {
    return written.canary === 0 ? selectorPlan(canaryService, sets.stable) : undefined;
  }
  const selected = world.replicaSets.find((set) => hashOf(set) === selectedHash(canaryService));
  if (hasPingPong(spec) && isFullyPromoted(facts)) {
    const kept = pastWishes(facts, known).find(({ set }) => set === selected);
    if (kept !== undefined && kept.size > 0) return undefined;
  }
  const most = weightForPods(availablePods(sets.next), { replicas, ...routing });
  // Back at stable its pods take both shares.
  const share = written.canary + (sets.next === sets.stable ? written.stable : 0);
  const isSafe = written.canary === 0 || share <= most || selected === sets.next ||
    availablePods(selected) === 0;
  return isSafe ? selectorPlan(canaryService, sets.next) : undefined;
}
