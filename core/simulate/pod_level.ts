/** How many available pods the users of one Rollout had: the fewest, and how long too few. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fenceposts } from "../rollout/mod.ts";

/** The worst moment: the most pods missing. */
export interface FewestPods {
  readonly pods: number;
  /** How many there should have been. */
  readonly of: number;
  readonly atSeconds: number;
}

/** A time with fewer available pods than must stay. */
export interface TimeBelow {
  /** How many must stay: replicas without maxUnavailable. */
  readonly required: number;
  readonly seconds: number;
  readonly fromSeconds: number;
}

/**
 * Follows one Rollout from instant to instant. What counts is what was reached once: pods that are
 * still to come for the first time, or after a scale-up, are missing to nobody.
 */
export class PodLevel {
  #reachedReplicas = 0;
  #mostReplicas = 0;
  #reachedFloor = 0;
  #available = 0;
  #fewest: FewestPods | undefined;
  #longest: TimeBelow | undefined;
  /** Since when there are too few. */
  #below: { readonly fromSeconds: number; readonly required: number } | undefined;

  /** Which pods of the Rollout users reached at the instant before. */
  basis = "";

  /** Available pods at the instant before. */
  get available(): number {
    return this.#available;
  }

  /** How many pods must stay available. */
  get floor(): number {
    return this.#reachedFloor;
  }

  get isBelow(): boolean {
    return this.#below !== undefined;
  }

  /** Takes an instant in; true when too few pods are available from now on. */
  look(rollout: Rollout, available: number, atSeconds: number): boolean {
    const { replicas, floor } = requiredOf(rollout);
    this.#mostReplicas = Math.max(this.#mostReplicas, replicas);
    if (available >= replicas || replicas < this.#reachedReplicas) {
      this.#reachedReplicas = replicas;
    }
    if (available >= floor || floor < this.#reachedFloor) this.#reachedFloor = floor;
    this.#available = available;
    this.#noteFewest(available, atSeconds);
    const isBelow = available < this.#reachedFloor;
    if (!isBelow) this.end(atSeconds);
    const isBeginning = isBelow && this.#below === undefined;
    if (isBeginning) this.#below = { fromSeconds: atSeconds, required: this.#reachedFloor };
    return isBeginning;
  }

  /** Nobody is interested any more: the Rollout is gone, or has its pods again. */
  end(atSeconds: number): void {
    this.#longest = this.longestBelow(atSeconds);
    this.#below = undefined;
  }

  /** Undefined: it never had all that it asked for. */
  get fewest(): FewestPods | undefined {
    const asksForNone = this.#mostReplicas === 0;
    return this.#fewest ?? (asksForNone ? { pods: 0, of: 0, atSeconds: 0 } : undefined);
  }

  /** The longest time with too few pods so far. */
  longestBelow(nowSeconds: number): TimeBelow | undefined {
    if (this.#below === undefined) return this.#longest;
    const { fromSeconds, required } = this.#below;
    const seconds = roundedSeconds(nowSeconds - fromSeconds);
    const isLonger = seconds > (this.#longest?.seconds ?? 0);
    return isLonger ? { required, seconds, fromSeconds } : this.#longest;
  }

  #noteFewest(pods: number, atSeconds: number): void {
    const of = this.#reachedReplicas;
    if (of === 0) return;
    const before = this.#fewest;
    if (before !== undefined && of - pods <= before.of - before.pods) return;
    this.#fewest = { pods: Math.min(pods, of), of, atSeconds };
  }
}

/** Milliseconds are exact; their sums as floating-point seconds are not. */
export function roundedSeconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Pods that a Rollout asks for, and how many of them must be available. */
export function requiredOf({ spec }: Rollout): { replicas: number; floor: number } {
  const { strategy } = spec;
  const replicas = spec.replicas ?? 1;
  if (strategy?.blueGreen) return { replicas, floor: replicas };
  const { maxSurge, maxUnavailable } = strategy?.canary ?? {};
  const { unavailable } = fenceposts(replicas, { maxSurge, maxUnavailable });
  return { replicas, floor: Math.max(0, replicas - unavailable) };
}
