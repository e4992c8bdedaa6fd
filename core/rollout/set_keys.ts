/** Which Rollouts to look at when a ReplicaSet changes. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import { controllerOf } from "../api/ownership.ts";
import { selectorMatches } from "../api/validation/validate_selector.ts";
import { type CacheReader, type Key, keyOf, keyOfObject, type Store } from "../engine/mod.ts";
import { isFree } from "../sets/mod.ts";
import { resolve } from "./workload.ts";

/** Index of Rollouts by their namespace. */
const BY_NAMESPACE = "namespace";

export function indexRollouts(store: Store): void {
  store.addIndex(BY_NAMESPACE, ({ metadata }) => [metadata.namespace ?? ""]);
}

/** The Rollout that controls the set; without a controller, all Rollouts that could adopt it. */
export function keysOfSet(set: KubeObject, caches: CacheReader): Key[] {
  const { namespace = "" } = set.metadata;
  const owner = controllerOf(set);
  if (owner !== undefined) {
    return owner.kind === ROLLOUTS.kind ? [keyOf(namespace, owner.name)] : [];
  }
  if (!isFree(set)) return [];
  const neighbours = caches.of(ROLLOUTS).byIndex(BY_NAMESPACE, namespace) as readonly Rollout[];
  return neighbours
    .filter((written) => {
      const { rollout } = resolve(written, caches);
      return selectorMatches(rollout.spec?.selector, set.metadata.labels);
    })
    .map(keyOfObject);
}
