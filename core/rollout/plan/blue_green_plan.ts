/**
 * The plan of a blue-green: stable keeps all pods, the newest set gets as many beside it, and sets
 * of other revisions keep theirs for a delay, in case somebody rolls back.
 */
import { timeMs } from "../../api/values/time.ts";
import {
  availablePods,
  hashOf,
  isSaturated,
  type ReplicaSet,
  revisionOf,
  scaleDownDeadline,
  wantedPods,
} from "../../sets/mod.ts";
import { isAbortAsked, isAbortLate, mayAdvance, wasAborted } from "../abort.ts";
import { abortDeadlineMs, isAbortOverdue } from "../abort_deadline.ts";
import { awaitsPostPromotion } from "../analysis/gates.ts";
import { activeSet, isFastRollback, previewSize } from "../bluegreen_facts.ts";
import { isHeldBack } from "../pause.ts";
import { type BlueGreen, type Facts, outgoingSet } from "../situation.ts";
import {
  abortDeadlineOf,
  after,
  DELAY_DEFAULT_SECONDS,
  DELAY_OVER,
  isPassed,
  setPlan,
  type Wish,
} from "./scale_down_delay.ts";
import type { Goal, Plan, SelectorPlan } from "./plan.ts";
import { hasUsers, sharesUsers, usersService } from "./users.ts";

export function planBlueGreen(facts: Facts<BlueGreen>): Plan {
  const goal = goalOf(facts);
  const wanted = wishes(facts, goal);
  return {
    goal,
    startSize: goal.updated,
    sizes: wanted.map((wish) => setPlan(facts, wish)),
    sizesWhy: "",
    sizesChangeAtMs: sizesChangeAtMs(facts, wanted),
    users: usersPlan(facts),
    update: updatePlan(facts),
  };
}

function goalOf(facts: Facts<BlueGreen>): Goal {
  const { state, replicas } = facts;
  // The status counts who serves users: before the cutover that is not this update.
  const isServing = state.activeHash === "" || state.activeHash === state.currentHash;
  return {
    updated: previewSize(facts),
    stable: undefined,
    serving: isServing ? replicas : 0,
  };
}

/** Stable first, then the newest, then other revisions. */
function wishes(facts: Facts<BlueGreen>, goal: Goal): Wish[] {
  const { replicas, sets } = facts;
  const stable = outgoingSet(facts);
  return [
    ...(stable === undefined ? [] : [{ set: stable, size: replicas }]),
    ...(sets.next === undefined ? [] : [nextWish(facts, { set: sets.next, goal })]),
    ...pastWishes(facts),
  ];
}

/** The newest set: all pods, or those of a preview. */
function nextWish(
  facts: Facts<BlueGreen>,
  { set, goal }: { set: ReplicaSet; goal: Goal },
): Wish {
  const { replicas, strategy: { spec } } = facts;
  const stable = outgoingSet(facts);
  if (isAbortAsked(facts) && stable !== undefined) return abortedWish(facts, { set, stable });
  if (stable !== undefined && isHeldBack(facts)) return { set, size: 0 };
  // A deadline shows that a former set came back in its delay; one that an abort set is taken back.
  const isKept = isFastRollback(facts) && stable !== undefined && !wasAborted(facts);
  const deadline = isKept ? scaleDownDeadline(set) : undefined;
  // Without a pause for people all pods are needed soon: those that are there stay.
  const isAutomatic = spec.autoPromotionEnabled !== false;
  const least = isAutomatic ? Math.min(wantedPods(set), replicas) : 0;
  return { set, size: Math.max(goal.updated, least), deadline };
}

/** After an abort the newest set keeps its pods for a delay, once stable has all of its own. */
function abortedWish(
  facts: Facts<BlueGreen>,
  { set, stable }: { set: ReplicaSet; stable: ReplicaSet },
): Wish {
  const { replicas, strategy: { spec }, world } = facts;
  const size = Math.min(wantedPods(set), replicas);
  if (size === 0) return { set, size };
  const seconds = spec.abortScaleDownDelaySeconds ?? DELAY_DEFAULT_SECONDS;
  const isOverdue = isAbortOverdue(world.rollout, world.nowMs);
  if (hasUsers(facts, set)) {
    // Stable may lack the very places that these pods have: they make room for it.
    const most = isOverdue ? Math.max(0, replicas - 1 - availablePods(stable)) : size;
    return { set, size: Math.min(size, most), reason: "the abort takes too long" };
  }
  // Quirk(abort-delay-zero): 0 does not mean at once, it means never.
  if (seconds === 0) return { set, size };
  const present = abortDeadlineOf(facts, scaleDownDeadline(set), seconds);
  if (isPassed(facts, present)) return { set, size: 0, reason: DELAY_OVER };
  const isStableWhole = availablePods(stable) >= replicas;
  const isEnding = isStableWhole || isOverdue;
  const deadline = present ?? (isEnding ? after(facts, seconds) : undefined);
  return { set, size, deadline };
}

/** True while the newest set of an abort keeps its pods because stable lacks some. */
function isWaitingForStable(facts: Facts<BlueGreen>): boolean {
  const { replicas, sets: { next }, strategy: { spec } } = facts;
  const stable = outgoingSet(facts);
  if (stable === undefined || next === undefined || wantedPods(next) === 0) return false;
  const isKept = spec.abortScaleDownDelaySeconds === 0 && !hasUsers(facts, next);
  return availablePods(stable) < replicas && !isKept;
}

/** Other sets with pods, newest first: each has its delay, as far as the limit allows. */
function pastWishes(facts: Facts<BlueGreen>): Wish[] {
  const { replicas, sets, strategy: { spec } } = facts;
  const seconds = spec.scaleDownDelaySeconds ?? DELAY_DEFAULT_SECONDS;
  const limit = spec.scaleDownDelayRevisionLimit ?? Infinity;
  let delayed = 0;
  return sets.past.filter((set) => wantedPods(set) > 0).map((set): Wish => {
    const size = Math.min(wantedPods(set), replicas);
    const present = scaleDownDeadline(set);
    const isKept = hasUsers(facts, set) || sharesUsers(facts, set) || isUndecided(facts);
    if (isKept) return { set, size, deadline: present };
    if (isPassed(facts, present)) return { set, size: 0, reason: DELAY_OVER };
    if (seconds === 0) return { set, size: 0, reason: "scaleDownDelaySeconds is 0" };
    if (delayed >= limit) return { set, size: 0, reason: `only ${limit} may wait` };
    delayed++;
    return { set, size, deadline: present ?? after(facts, seconds) };
  });
}

/**
 * True while the analysis after the cutover may still take it back: unless a delay is asked for,
 * sets of other revisions wait for it.
 */
function isUndecided(facts: Facts<BlueGreen>): boolean {
  const { state, strategy: { spec } } = facts;
  return spec.scaleDownDelaySeconds === undefined && mayAdvance(facts) &&
    state.activeHash === state.currentHash && outgoingSet(facts) !== undefined &&
    awaitsPostPromotion(facts);
}

function sizesChangeAtMs(facts: Facts<BlueGreen>, wanted: readonly Wish[]): number[] {
  const ends = wanted.map(({ deadline }) => timeMs(deadline));
  const abortEnd = isWaitingForStable(facts) ? abortDeadlineMs(facts.world.rollout) : undefined;
  return [...ends, abortEnd].filter((ms) => ms !== undefined);
}

/** The active Service selects stable until all pods of the newest set are available. */
function usersPlan(facts: Facts<BlueGreen>): SelectorPlan | undefined {
  const { replicas, sets: { next } } = facts;
  const service = usersService(facts);
  if (service === undefined) return undefined;
  const to = (set: ReplicaSet, reason: string): SelectorPlan => ({
    service,
    hash: hashOf(set),
    why: `${reason}: ${service.metadata.name} selects revision ${revisionOf(set)}`,
  });
  const stable = outgoingSet(facts);
  if (stable !== undefined && isToGoBack(facts, stable)) {
    return to(stable, isAbortAsked(facts) ? "aborted" : "back to the stable revision");
  }
  const isReady = next !== undefined && mayAdvance(facts) && isSaturated(next, replicas);
  return isReady ? to(next, "all pods are available") : undefined;
}

/** True after an abort, or when the Service selects no set of the Rollout. */
function isToGoBack(facts: Facts<BlueGreen>, stable: ReplicaSet): boolean {
  const { state, replicas } = facts;
  const selected = activeSet(facts);
  if (selected === stable || (selected !== undefined && mayAdvance(facts))) return false;
  const isComplete = availablePods(stable) >= replicas;
  // A Service without a hash selects all pods: it is narrowed only to a complete set.
  const isBetter = state.activeHash !== "" &&
    availablePods(stable) > availablePods(selected);
  return isComplete || isBetter || isLastChance(facts, stable);
}

/** After the deadline of an abort, as many pods as the other set has are enough. */
function isLastChance(facts: Facts<BlueGreen>, stable: ReplicaSet): boolean {
  const available = availablePods(stable);
  return isAbortLate(facts) && available > 0 &&
    available >= availablePods(activeSet(facts));
}

/** The preview Service selects the newest revision from the beginning, pods or not. */
function updatePlan({ state, strategy: { spec }, world }: Facts<BlueGreen>) {
  const service = world.services.get(spec.previewService ?? "");
  if (service === undefined || state.currentHash === "") return undefined;
  const why = `${service.metadata.name} selects the newest revision`;
  return { service, hash: state.currentHash, why };
}
