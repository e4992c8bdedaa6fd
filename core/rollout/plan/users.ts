/** The set that users reach, and the pod that it keeps for them. */
import { availablePods, hashOf, type ReplicaSet, wantedPods } from "../../sets/mod.ts";
import { selectedHash } from "../service.ts";
import type { Facts } from "../situation.ts";
import type { Service } from "../world.ts";

/** The Service that users come by: the active one, or the stable one, if there is any. */
export function usersService(facts: Facts): Service | undefined {
  const { strategy, world } = facts;
  const name = strategy.kind === "blueGreen"
    ? strategy.spec.activeService
    : strategy.spec.stableService;
  return world.services.get(name ?? "");
}

/** True while users' Service selects the set; where this pass points it is not yet a fact. */
export function hasUsers(facts: Facts, set: ReplicaSet): boolean {
  const service = usersService(facts);
  return service !== undefined && selectedHash(service) === hashOf(set);
}

/** One pod stays in a set that users reach while others have pods (safety rule S6). */
export function leastPods(facts: Facts, set: ReplicaSet | undefined): number {
  if (set === undefined || wantedPods(set) === 0 || !hasUsers(facts, set)) return 0;
  const { replicaSets } = facts.world;
  return replicaSets.some((other) => other !== set && availablePods(other) > 0) ? 1 : 0;
}
