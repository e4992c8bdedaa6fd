/** Users' Service, the set that it selects, and the pod that this set keeps (safety rule S6). */
import { availablePods, hashOf, type ReplicaSet, servingPods, wantedPods } from "../../sets/mod.ts";
import { servicesIn } from "../routed/routing.ts";
import { selectedHash } from "../service.ts";
import type { Facts } from "../situation.ts";
import type { Service } from "../world.ts";

/** The active Service of a blue-green, the stable Service of a canary, if it has one. */
export function usersService(facts: Facts): Service | undefined {
  const { state: { stablePingPong }, strategy, world } = facts;
  const name = strategy.kind === "blueGreen"
    ? strategy.spec.activeService
    : servicesIn(strategy.spec, { canary: { stablePingPong } }).stable;
  return world.services.get(name ?? "");
}

/** True while users' Service selects the set, in the snapshot of this pass. */
export function hasUsers(facts: Facts, set: ReplicaSet): boolean {
  const service = usersService(facts);
  return service !== undefined && selectedHash(service) === hashOf(set);
}

/** True while users' Service selects no set, and so all pods: the set's ready ones serve. */
export function sharesUsers(facts: Facts, set: ReplicaSet): boolean {
  const service = usersService(facts);
  return service !== undefined && selectedHash(service) === "" && servingPods(set) > 0;
}

/** One pod stays in the set that users' Service selects, while other sets have pods (S6). */
export function leastPods(facts: Facts, set: ReplicaSet | undefined): number {
  if (set === undefined || wantedPods(set) === 0 || !hasUsers(facts, set)) return 0;
  const { replicaSets } = facts.world;
  return replicaSets.some((other) => other !== set && availablePods(other) > 0) ? 1 : 0;
}
