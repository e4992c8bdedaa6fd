/** The last pod of a set that users reach. */
import { availablePods, hashOf, type ReplicaSet, wantedPods } from "../sets/mod.ts";
import { selectedHash } from "./service.ts";
import type { Situation } from "./situation.ts";

/** True while a Service selects the set; where this pass points it is not yet a fact. */
export function isSelected(
  { world }: Situation,
  set: ReplicaSet,
  serviceName: string | undefined,
): boolean {
  const service = world.services.get(serviceName ?? "");
  return service !== undefined && selectedHash(service) === hashOf(set);
}

/** One pod stays in a set that a Service still selects while others have pods (S6). */
export function keptPods(
  situation: Situation,
  set: ReplicaSet | undefined,
  serviceName: string | undefined,
): number {
  if (set === undefined || wantedPods(set) === 0 || !isSelected(situation, set, serviceName)) {
    return 0;
  }
  const { replicaSets } = situation.world;
  return replicaSets.some((other) => other !== set && availablePods(other) > 0) ? 1 : 0;
}
