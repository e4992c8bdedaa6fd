/**
 * Whose ReplicaSets are whose. A set belongs to the Rollout that is its controller, as long as the
 * labels match; one without a controller is free for a Rollout whose selector matches it. Only sets
 * that carry a template hash are known at all (they alone are cached), and so only they are free.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { controllerOf } from "../api/ownership.ts";
import { REPLICA_SETS, ROLLOUTS } from "../api/names/resources.ts";
import { isEmptySelector, selectorMatches } from "../api/validation/validate_selector.ts";
import { type CacheReader, type Key, keyOf, keyOfObject, type Store } from "../engine/mod.ts";
import { hashOf, type ReplicaSet } from "./replica_set.ts";
import { resolve } from "./workload.ts";

/** Index of ReplicaSets by the uid of their controller; those without one by their namespace. */
const BY_CONTROLLER = "controller";
/** Index of Rollouts by their namespace. */
const BY_NAMESPACE = "namespace";

/** The sets that a Rollout controls, and those that it could. */
export interface Family {
  readonly own: readonly ReplicaSet[];
  /** Controlled by the Rollout, though their labels do not match its selector any more. */
  readonly strays: readonly ReplicaSet[];
  /** Controlled by nobody, with labels that match. */
  readonly orphans: readonly ReplicaSet[];
}

export function indexSets(store: Store): void {
  store.addIndex(BY_CONTROLLER, (set) => {
    const uid = controllerOf(set)?.uid;
    return [uid ?? freeTerm(set.metadata.namespace)];
  });
}

export function indexRollouts(store: Store): void {
  store.addIndex(BY_NAMESPACE, ({ metadata }) => [metadata.namespace ?? ""]);
}

/** No uid looks like this. */
function freeTerm(namespace: string | undefined): string {
  return `free in ${namespace ?? ""}`;
}

/** The family, each part oldest first. */
export function familyOf(rollout: Rollout, caches: CacheReader): Family {
  const { own, strays, orphans } = membersOf(rollout, caches);
  return { own: oldestFirst(own), strays: oldestFirst(strays), orphans: oldestFirst(orphans) };
}

/** The family in no order: enough to see what a pass will need. */
export function membersOf({ metadata, spec }: Rollout, caches: CacheReader): Family {
  const selector = spec?.selector;
  const sets = caches.of(REPLICA_SETS);
  const controlled = sets.byIndex(BY_CONTROLLER, metadata.uid ?? "") as readonly ReplicaSet[];
  // A selector that says nothing is a mistake: it takes nobody in, and lets nobody go.
  if (isEmptySelector(selector)) {
    return { own: controlled, strays: [], orphans: [] };
  }
  const isMatched = (set: ReplicaSet) => selectorMatches(selector, set.metadata.labels);
  const own = controlled.filter(isMatched);
  const strays = own.length === controlled.length
    ? []
    : controlled.filter((set) => !isMatched(set) && !isLeaving(set));
  const free = sets.byIndex(BY_CONTROLLER, freeTerm(metadata.namespace)) as readonly ReplicaSet[];
  const orphans = free.filter((set) => isFree(set) && isMatched(set));
  return { own, strays, orphans };
}

/** Whom a change of a set is about: its Rollout; without a controller, all that could take it. */
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

/** A set that came here by name only may lack the hash; nobody would find it in the next list. */
function isFree(set: KubeObject): boolean {
  return hashOf(set as ReplicaSet) !== "" && !isLeaving(set);
}

function isLeaving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function oldestFirst(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const order = (set: ReplicaSet) => `${set.metadata.creationTimestamp} ${set.metadata.name}`;
  return [...sets].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
