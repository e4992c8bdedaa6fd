/** Which set a canary's Service is to select. */
import { availablePods, hashOf, type ReplicaSet, revisionOf, wantedPods } from "../../sets/mod.ts";
import { isManaged } from "../service.ts";
import type { Service } from "../world.ts";
import type { SelectorPlan } from "./plan.ts";

/** A Service moves only to a set with available pods. `wholeSize`: pods of a complete set. */
export function selectorPlan(
  service: Service | undefined,
  set: ReplicaSet | undefined,
  wholeSize = wantedPods(set),
): SelectorPlan | undefined {
  if (service === undefined || set === undefined) return undefined;
  // A Service without a hash selects all pods: it is narrowed only to a complete set.
  const needed = isManaged(service) ? 1 : Math.max(1, wholeSize);
  if (availablePods(set) < needed) return undefined;
  const why = `${service.metadata.name} selects revision ${revisionOf(set)}`;
  return { service, hash: hashOf(set), why };
}
