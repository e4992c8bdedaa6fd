/**
 * Replica arithmetic of a canary without a traffic router: the split of the pods between stable and
 * canary is the split of the traffic. Pure numbers; sizes in pods, weights from 0 to 100.
 */
import type { IntOrString } from "../../sdk/api/rollout.ts";

/** The weight that means: all of it. */
export const WEIGHT_MAX = 100;

/** How many pods more or fewer than wanted there may be during an update. */
export interface Fenceposts {
  /** Pods above the wanted number. */
  readonly surge: number;
  /** Pods that may be missing. */
  readonly unavailable: number;
}

/** What one set wants and has. */
export interface SetSize {
  /** `spec.replicas`. */
  readonly wanted: number;
  /** `status.availableReplicas`. */
  readonly available: number;
  /** Pods that Services lead to, available or not; absent: those that are available. */
  readonly serving?: number;
}

/** A set that has yet to be made. */
const NO_SET: SetSize = { wanted: 0, available: 0 };

/** Wanted pods of the canary and of stable. */
export interface Split {
  readonly canary: number;
  readonly stable: number;
}

/** What the next sizes depend on; `past` are the sets of other revisions, newest first. */
export interface CanarySizes {
  /** `spec.replicas` of the Rollout. */
  readonly replicas: number;
  readonly fenceposts: Fenceposts;
  readonly canary: SetSize | undefined;
  /** Undefined when there is no stable set, or when the canary is the stable one. */
  readonly stable: SetSize | undefined;
  readonly past: readonly SetSize[];
  /** Where the sizes should end. */
  readonly desired: Split;
  /** Pods that stable keeps in this pass though it wants to give them up; absent: none. */
  readonly stableFloor?: number;
  /** Every pod goes back to stable: what is not available elsewhere goes at once. */
  readonly isAborted?: boolean;
  /** Pods that this pass lets go: their places are free in the next one. */
  readonly leaving?: number;
}

/** The sizes to set now. */
export interface NextSizes extends Split {
  readonly past: readonly number[];
}

/** Pods that a number or a percentage stands for; any string is a percentage (`25`, `25%`). */
export function resolvePods(
  value: IntOrString,
  { of, round }: { of: number; round: "up" | "down" },
): number {
  if (typeof value === "number") return value;
  const percent = Number.parseInt(value, 10);
  if (Number.isNaN(percent)) return 0;
  const pods = (of * percent) / 100;
  return round === "up" ? Math.ceil(pods) : Math.floor(pods);
}

export function fenceposts(
  replicas: number,
  { maxSurge = "25%", maxUnavailable = "25%" }: {
    maxSurge?: IntOrString | undefined;
    maxUnavailable?: IntOrString | undefined;
  },
): Fenceposts {
  const surge = resolvePods(maxSurge, { of: replicas, round: "up" });
  const missing = resolvePods(maxUnavailable, { of: replicas, round: "down" });
  // With neither, no pod could ever be replaced.
  const unavailable = surge === 0 && missing === 0 ? 1 : missing;
  return { surge, unavailable: Math.min(unavailable, replicas) };
}

/**
 * The split that comes closest to a weight: with N or, where surge allows, N + 1 pods in all, and
 * never without a pod for a side whose weight is not zero, if that can be.
 */
export function splitByWeight(replicas: number, weight: number, surge: number): Split {
  if (replicas === 0) return { canary: 0, stable: 0 };
  const up = Math.ceil((replicas * weight) / WEIGHT_MAX);
  const down = Math.floor((replicas * weight) / WEIGHT_MAX);
  // The only pod can be of one side alone.
  const mayBeEmpty = replicas === 1 && surge === 0;
  const isTie = (replicas * (weight / WEIGHT_MAX)) % 1 === 0.5;
  const options: { canary: number; total: number }[] = [];
  if (up < replicas || mayBeEmpty) options.push({ canary: up, total: replicas });
  if (!isTie && (down !== 0 || mayBeEmpty)) options.push({ canary: down, total: replicas });
  // With N + 1 pods the number rounded down is never closer than the one rounded up.
  if (surge > 0) options.push({ canary: up, total: replicas + 1 });
  // Argo sends the canary to 0 here, in mid-update (docs/differences.md, "Exact ties").
  if (options.length === 0 && isTie) options.push({ canary: down, total: replicas });
  const distance = ({ canary, total }: { canary: number; total: number }) =>
    Math.abs((canary * WEIGHT_MAX) / total - weight);
  const best = options.reduce((best, next) => distance(next) < distance(best) ? next : best);
  return { canary: best.canary, stable: best.total - best.canary };
}

/** Pods of a set that count when the set or the other one is scaled down. */
function countForDown({ wanted, available }: SetSize, ignoresAvailability: boolean): number {
  return ignoresAvailability ? wanted : Math.min(wanted, available);
}

/** A set that gives pods up and the set that gets them, with the sizes chosen so far. */
interface Transfer {
  readonly drained: SetSize;
  readonly drainedSize: number;
  readonly taker: SetSize;
  readonly takerSize: number;
}

/** Keeps both sizes within maxSurge and maxUnavailable; no more available pods go than may. */
function adjust(
  { drained, drainedSize, taker, takerSize }: Transfer,
  { total, available }: { total: number; available: number },
): { drained: number; taker: number } {
  let taking = takerSize - Math.max(0, takerSize + drainedSize - total);
  const present = Math.min(drained.available, drainedSize) + Math.min(taker.available, taking);
  const spare = Math.max(0, taker.available - taking);
  taking += Math.min(spare, Math.max(0, available - present));
  const over = Math.max(0, taking + drainedSize - total);
  return { drained: drainedSize - over, taker: taking };
}

/** The rules for canary and stable, applied once: first raise, then scale down. */
export function scaleOnce(sizes: CanarySizes): Split {
  const { replicas, fenceposts: { surge, unavailable }, desired, past, stable } = sizes;
  const canary = sizes.canary ?? NO_SET;
  const pastWanted = past.reduce((sum, set) => sum + set.wanted, 0);
  const others = (stable ?? NO_SET).wanted + pastWanted;
  let room = Math.max(0, replicas + surge - canary.wanted - others - (sizes.leaving ?? 0));
  // Without a stable set the canary gets all pods, as fast as maxSurge allows.
  if (stable === undefined) {
    return { canary: Math.min(replicas, canary.wanted + room), stable: 0 };
  }
  const stableRise = Math.min(Math.max(0, desired.stable - stable.wanted), room);
  room -= stableRise;
  const canaryRise = Math.min(Math.max(0, desired.canary - canary.wanted), room);
  const raised = { canary: canary.wanted + canaryRise, stable: stable.wanted + stableRise };
  // Sets of other revisions give up their pods first.
  if (pastWanted > 0) return raised;
  const isRising = desired.canary >= canary.wanted;
  const pool = countForDown(canary, !isRising) + countForDown(stable, isRising);
  const spare = pool - (replicas - unavailable);
  if (spare <= 0) return raised;
  if (isRising) {
    const left = Math.max(desired.stable, stable.wanted - spare);
    return { canary: raised.canary, stable: Math.min(raised.stable, left) };
  }
  const drainedSize = Math.max(desired.canary, canary.wanted - spare);
  const { drained, taker } = adjust(
    { drained: canary, drainedSize, taker: stable, takerSize: raised.stable },
    { total: replicas + surge, available: replicas - unavailable },
  );
  return { canary: drained, stable: taker };
}

/** Sizes of the other sets: pods that serve nobody go at once. */
function scalePast(sizes: CanarySizes, split: Split): number[] {
  const least = pastSizes(sizes, split, ({ available }) => available);
  return pastSizes(sizes, split, servingOf).map((size, index) =>
    Math.max(size, least[index] ?? size)
  );
}

/** The same, where so many pods of each set count as ones to keep. */
function pastSizes(
  { replicas, fenceposts: { unavailable }, past, canary, stable }: CanarySizes,
  split: Split,
  counted: (set: SetSize) => number,
): number[] {
  const healthy = past.map((set) => Math.min(set.wanted, counted(set)));
  const kept = ({ available }: SetSize = NO_SET, size: number) => Math.min(available, size);
  const available = healthy.reduce((sum, size) => sum + size, 0) +
    kept(canary, split.canary) + kept(stable, split.stable);
  let spare = available - (replicas - unavailable);
  return healthy.map((size) => {
    const cut = Math.min(size, Math.max(0, spare));
    spare -= cut;
    return size - cut;
  });
}

/**
 * The sizes that an abort goes on from. A pod that is not ready serves nobody: it keeps no place
 * that stable needs, and is not counted as one to keep.
 */
function withoutDead(sizes: CanarySizes): CanarySizes {
  const { canary, stable, past, desired } = sizes;
  const living = {
    ...sizes,
    canary: canary && aliveOf(canary),
    stable: stable && aliveOf(stable, desired.stable),
    past: past.map((set) => aliveOf(set)),
  };
  return { ...living, leaving: wantedOf(sizes) - wantedOf(living) };
}

/** A set without its dead pods, but for those that it needs to have its size. */
function aliveOf(set: SetSize, size = 0): SetSize {
  return { ...set, wanted: Math.min(set.wanted, Math.max(size, servingOf(set))) };
}

function servingOf({ available, serving = available }: SetSize): number {
  return serving;
}

function wantedOf({ canary, stable, past }: CanarySizes): number {
  return [canary, stable, ...past].reduce((sum, set) => sum + (set ?? NO_SET).wanted, 0);
}

/**
 * The sizes that one pass sets. The rules are applied to stable first, then to the canary with
 * stable's new size, then to the sets of other revisions.
 */
export function nextSizes(given: CanarySizes): NextSizes {
  const sizes = given.isAborted === true ? withoutDead(given) : given;
  if (sizes.stable === undefined) {
    const split = scaleOnce(sizes);
    return { ...split, past: scalePast(sizes, split) };
  }
  const floor = Math.min(sizes.stable.wanted, sizes.stableFloor ?? 0);
  const stable = Math.max(scaleOnce(sizes).stable, floor);
  const { canary } = scaleOnce({ ...sizes, stable: { ...sizes.stable, wanted: stable } });
  const split = { canary, stable };
  return placesOfDead(sizes, { ...split, past: scalePast(sizes, split) });
}

/**
 * Where nothing would move, since a superseded revision serves and dead pods of stable hold the
 * last places: the newest revision gets these.
 */
function placesOfDead(sizes: CanarySizes, next: NextSizes): NextSizes {
  const { canary, stable, past, desired, stableFloor = 0 } = sizes;
  if (stable === undefined || past.every((_, index) => next.past[index] === 0)) return next;
  const isStill = next.canary === (canary ?? NO_SET).wanted && next.stable === stable.wanted &&
    past.every(({ wanted }, index) => next.past[index] === wanted);
  const dead = stable.wanted - Math.max(servingOf(stable), stableFloor);
  const moved = Math.min(dead, desired.canary - next.canary);
  if (!isStill || moved <= 0) return next;
  return { ...next, canary: next.canary + moved, stable: next.stable - moved };
}
