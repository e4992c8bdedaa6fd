/**
 * Release: what the strategy no longer names leads to all pods again: a Service, or an object that
 * a router steered. Otherwise it would go on leading to a set that will have no pods.
 */
import { MANAGED_BY_ANNOTATION } from "../../api/names/names.ts";
import { referencedServices } from "../../api/validation/validate_services.ts";
import { hashOf, wantedPods } from "../../sets/mod.ts";
import { isAborted } from "../abort.ts";
import { releaseWrite, selectedHash } from "../service.ts";
import { CONTINUE, isCanary, isFullyPromoted, type Situation, type Verdict } from "../situation.ts";
import type { LeftBehind } from "../world.ts";

export function release(situation: Situation): Verdict {
  const { left } = situation.world;
  // No router takes the weight of a canary back that an abort leaves without pods.
  const routed = isAborted(situation) ? left : left.filter((one) => isDue(situation, one));
  const released = [
    ...leftServices(situation).filter((one) => isDue(situation, one)),
    ...routed,
  ];
  if (released.length === 0) return CONTINUE;
  const names = released.map(({ name }) => name).join(", ");
  return {
    effects: released.map(({ release }) => release),
    then: "continue",
    why: `${names} is not in the strategy any more: selecting all pods again`,
  };
}

function isDue(situation: Situation, { hashes }: LeftBehind): boolean {
  return isFullyPromoted(situation) || isSplitByPods(situation) ||
    isOnPastSet(situation, hashes) || isOnAbortedSet(situation, hashes);
}

function leftServices({ world: { rollout, services } }: Situation): LeftBehind[] {
  const named = referencedServices(rollout).map(({ name }) => name);
  return [...services.values()]
    .filter(({ metadata }) =>
      !named.includes(metadata.name) &&
      metadata.annotations?.[MANAGED_BY_ANNOTATION] === rollout.metadata.name
    )
    .map((service) => ({
      name: service.metadata.name,
      hashes: [selectedHash(service)],
      release: releaseWrite(service),
    }));
}

/** True when the newest set has no more pods than its weight: then all pods may be selected. */
function isSplitByPods(situation: Situation): boolean {
  return isCanary(situation) &&
    wantedPods(situation.sets.next) <= situation.plan().goal.updated;
}

/** True when it leads to the set that an abort gives up, and that loses its pods after a delay. */
function isOnAbortedSet(situation: Situation, hashes: readonly string[]): boolean {
  const { stableHash } = situation.state;
  return isAborted(situation) && hashes.some((hash) => hash !== stableHash);
}

/** True when it leads to a set that is neither stable nor the newest, and will go. */
function isOnPastSet({ sets }: Situation, hashes: readonly string[]): boolean {
  const staying = [sets.stable, sets.next].map((set) => set && hashOf(set));
  return hashes.some((hash) => !staying.includes(hash));
}
