/** Which Rollouts a change may concern: nobody looks through all objects to find that out. */
import type { KubeObject, OwnerReference } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { controllerOf } from "../api/ownership.ts";
import { DEPLOYMENTS, PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../api/names/resources.ts";
import { workloadReference, workloadType } from "../api/validation/workload.ts";
import { referencedServices } from "../api/validation/validate_services.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { WriteReport } from "../cluster/embedded/mod.ts";

/** Follows the writes of a cluster, and knows whose pods, sets, Services and workloads they are. */
export class TouchedRollouts {
  /** `namespace/name` of the Rollouts that were touched since they were last taken. */
  readonly #touched = new Set<string>();
  /** Who controls a set, also when the set is gone before its pods. */
  readonly #ownerOfSet = new Map<string, OwnerReference>();
  /** By the place of an object that Rollouts name: their keys. */
  readonly #namedBy = new Map<string, Set<string>>();

  /** Takes a write in. */
  note({ type, before, after, changed }: WriteReport): void {
    if (!changed) return;
    // By its name: what a definition defines is not the very same type.
    if (type.plural === ROLLOUTS.plural) return this.#noteRollout(before, after);
    for (const object of [before, after]) {
      if (object !== undefined) this.#touch(type, object);
    }
  }

  /** True when the Rollout was touched; it counts as untouched from now on. */
  take(key: string): boolean {
    return this.#touched.delete(key);
  }

  /** All that were touched, in the order of their keys. */
  takeAll(): string[] {
    const keys = [...this.#touched].sort();
    this.#touched.clear();
    return keys;
  }

  #noteRollout(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const { namespace, name } = (after ?? before as KubeObject).metadata;
    const key = `${namespace}/${name}`;
    this.#touched.add(key);
    if (before?.["spec"] === after?.["spec"]) return;
    for (const place of placesNamedBy(before)) this.#index(place, key, false);
    for (const place of placesNamedBy(after)) this.#index(place, key, true);
  }

  #touch(type: ResourceType, object: KubeObject): void {
    const { namespace = "", uid = "" } = object.metadata;
    if (type === REPLICA_SETS) {
      const owner = controllerOf(object);
      if (owner !== undefined) this.#ownerOfSet.set(uid, owner);
      this.#touchOwner(owner, namespace);
      this.#touchNamers(type, object);
    } else if (type === PODS) {
      const set = controllerOf(object);
      this.#touchOwner(this.#ownerOfSet.get(set?.uid ?? ""), namespace);
      if (set !== undefined) this.#touchNamed(placeOf(REPLICA_SETS, namespace, set.name));
    } else if (type === SERVICES || type === DEPLOYMENTS) this.#touchNamers(type, object);
  }

  #touchOwner(owner: OwnerReference | undefined, namespace: string): void {
    if (owner === undefined) return;
    if (owner.kind === ROLLOUTS.kind) this.#touched.add(`${namespace}/${owner.name}`);
    if (owner.kind !== DEPLOYMENTS.kind) return;
    this.#touchNamed(placeOf(DEPLOYMENTS, namespace, owner.name));
  }

  #touchNamers(type: ResourceType, { metadata }: KubeObject): void {
    this.#touchNamed(placeOf(type, metadata.namespace, metadata.name));
  }

  #touchNamed(place: string): void {
    for (const key of this.#namedBy.get(place) ?? []) this.#touched.add(key);
  }

  #index(place: string, key: string, isNamed: boolean): void {
    const keys = this.#namedBy.get(place) ?? new Set();
    if (isNamed) keys.add(key);
    else keys.delete(key);
    if (keys.size > 0) this.#namedBy.set(place, keys);
    else this.#namedBy.delete(place);
  }
}

/** Where the Services and the workload stand that a Rollout names. */
function placesNamedBy(object: KubeObject | undefined): string[] {
  if (object === undefined) return [];
  const rollout = object as Rollout;
  const { namespace } = rollout.metadata;
  const services = referencedServices(rollout).map(({ name }) =>
    placeOf(SERVICES, namespace, name)
  );
  const reference = workloadReference(rollout);
  const type = reference === undefined ? undefined : workloadType(reference);
  if (reference === undefined || type === undefined) return services;
  return [...services, placeOf(type, namespace, reference.name)];
}

function placeOf({ plural }: ResourceType, namespace: string | undefined, name: string): string {
  return `${plural} ${namespace ?? ""}/${name}`;
}
