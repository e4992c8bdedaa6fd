/** When the canary has enough pods to go on: all that are wanted, or what a threshold asks for. */
import { availablePods, wantedPods } from "../sets/mod.ts";
import type { Facts } from "./situation.ts";

const WHOLE_PERCENT = 100;

/**
 * What the canary lacks of `desired` pods, as a sentence; undefined: nothing. `size` is what it is
 * to be scaled to, where that is more.
 */
export function missingPods(
  { sets, world }: Facts,
  desired: number,
  size = desired,
): string | undefined {
  const available = availablePods(sets.next);
  const { type, value } = world.rollout.spec.strategy?.canary?.replicaProgressThreshold ?? {};
  if (type === undefined || value === undefined || value < 0) {
    if (wantedPods(sets.next) !== size) {
      return `waiting for the canary to be scaled from ${wantedPods(sets.next)} to ${size}`;
    }
    return available === desired || (size > desired && available > desired)
      ? undefined
      : `waiting for the canary: ${available} of ${desired} pods available`;
  }
  // More than all pods would be waited for without end (docs/differences.md, "Thresholds").
  const enough = type === "Percent"
    ? Math.min(WHOLE_PERCENT, value) * desired / WHOLE_PERCENT
    : Math.min(value, desired);
  return available >= enough
    ? undefined
    : `waiting for the canary: ${available} of ${desired} pods available, ${
      type === "Percent" ? `${value} %` : value
    } are enough`;
}

/** True when the canary has enough of all the Rollout's pods to become stable. */
export function hasEnoughPods(situation: Facts): boolean {
  const { replicas, sets } = situation;
  return availablePods(sets.next) >= replicas || missingPods(situation, replicas) === undefined;
}
