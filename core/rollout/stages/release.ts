/**
 * Release: a Service that the strategy no longer names gets back the selector that it had, so that
 * it does not go on selecting a set that will have no pods.
 */
import { MANAGED_BY_ANNOTATION } from "../../api/names/names.ts";
import { referencedServices } from "../../api/validation/validate_services.ts";
import { hashOf, wantedPods } from "../../sets/mod.ts";
import { releaseWrite, selectedHash } from "../service.ts";
import { CONTINUE, isCanary, isFullyPromoted, type Situation, type Verdict } from "../situation.ts";
import type { Service } from "../world.ts";

export function release(situation: Situation): Verdict {
  const { rollout, services } = situation.world;
  const named = referencedServices(rollout).map(({ name }) => name);
  const released = [...services.values()]
    .filter(({ metadata }) =>
      !named.includes(metadata.name) &&
      metadata.annotations?.[MANAGED_BY_ANNOTATION] === rollout.metadata.name
    )
    .filter((service) =>
      isFullyPromoted(situation) || isSplitByPods(situation) || isOnPastSet(situation, service)
    );
  if (released.length === 0) return CONTINUE;
  const names = released.map(({ metadata }) => metadata.name).join(", ");
  return {
    effects: released.map(releaseWrite),
    then: "continue",
    why: `${names} is not in the strategy any more: selecting all pods again`,
  };
}

/** True when the newest set has no more pods than its weight: then all pods may be selected. */
function isSplitByPods(situation: Situation): boolean {
  return isCanary(situation) &&
    wantedPods(situation.sets.next) <= situation.plan().goal.updated;
}

/** True when the Service selects a set that is neither stable nor the newest, and will go. */
function isOnPastSet({ sets }: Situation, service: Service): boolean {
  const staying = [sets.stable, sets.next].map((set) => set && hashOf(set));
  return !staying.includes(selectedHash(service));
}
