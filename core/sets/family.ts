/**
 * Whose ReplicaSets are whose. A set belongs to its controller (a Rollout, an Experiment) as long
 * as its labels match; one without a controller is free for an owner whose selector matches it.
 * Only sets with a template hash are known at all (they alone are cached), so only they are free.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { LabelSelector } from "../../sdk/api/rollout.ts";
import { controllerOf } from "../api/ownership.ts";
import { REPLICA_SETS } from "../api/names/resources.ts";
import { isEmptySelector, selectorMatches } from "../api/validation/validate_selector.ts";
import type { CacheReader, Store } from "../engine/mod.ts";
import { hashOf, type ReplicaSet } from "./replica_set.ts";

/** Index of ReplicaSets by the uid of their controller; those without one by their namespace. */
const BY_CONTROLLER = "controller";

/** Who has ReplicaSets, and how it selects them. */
export interface SetOwner {
  readonly object: KubeObject;
  readonly selector: LabelSelector | undefined;
}

/** The sets that an owner controls, and those that it could. */
export interface Family {
  readonly own: readonly ReplicaSet[];
  /** Controlled by the owner, though their labels do not match its selector any more. */
  readonly strays: readonly ReplicaSet[];
  /** Controlled by nobody, with labels that match. */
  readonly orphans: readonly ReplicaSet[];
}

export function indexSets(store: Store): void {
  store.addIndex(BY_CONTROLLER, controllerTerms);
}

function controllerTerms(set: KubeObject): string[] {
  return [controllerOf(set)?.uid ?? freeTerm(set.metadata.namespace)];
}

/** The term of sets without a controller; no uid has a blank. */
function freeTerm(namespace: string | undefined): string {
  return `free in ${namespace ?? ""}`;
}

/** The family, each part oldest first. */
export function familyOf(owner: SetOwner, caches: CacheReader): Family {
  const { own, strays, orphans } = membersOf(owner, caches);
  return { own: oldestFirst(own), strays: oldestFirst(strays), orphans: oldestFirst(orphans) };
}

/** The same, not sorted. */
export function membersOf(
  { object: { metadata }, selector }: SetOwner,
  caches: CacheReader,
): Family {
  const controlled = setsControlledBy(metadata.uid, caches);
  // An empty selector is a mistake: nothing is adopted, nothing given up.
  if (isEmptySelector(selector)) {
    return { own: controlled, strays: [], orphans: [] };
  }
  const isMatched = (set: ReplicaSet) => selectorMatches(selector, set.metadata.labels);
  const own = controlled.filter(isMatched);
  const strays = own.length === controlled.length
    ? []
    : controlled.filter((set) => !isMatched(set) && !isLeaving(set));
  const orphans = freeSets(metadata.namespace, caches).filter(isMatched);
  return { own, strays, orphans };
}

/** The sets that an owner controls, whatever their labels. */
export function setsControlledBy(
  uid: string | undefined,
  caches: CacheReader,
): readonly ReplicaSet[] {
  return caches.of(REPLICA_SETS).byIndex(BY_CONTROLLER, uid ?? "") as readonly ReplicaSet[];
}

/** The sets of a namespace that may be adopted. */
export function freeSets(namespace: string | undefined, caches: CacheReader): ReplicaSet[] {
  const free = caches.of(REPLICA_SETS).byIndex(BY_CONTROLLER, freeTerm(namespace));
  return (free as readonly ReplicaSet[]).filter(isFree);
}

/** True for a set that may be adopted. Without the hash it would be missing in the next list. */
export function isFree(set: KubeObject): boolean {
  return hashOf(set as ReplicaSet) !== "" && !isLeaving(set);
}

function isLeaving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function oldestFirst(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const order = (set: ReplicaSet) => `${set.metadata.creationTimestamp} ${set.metadata.name}`;
  return [...sets].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
