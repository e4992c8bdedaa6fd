/** Which Rollouts an object belongs to: nobody looks through all objects to find that out. */
import type { KubeObject, OwnerReference } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { controllerOf } from "../api/ownership.ts";
import {
  ANALYSIS_RUNS,
  DEPLOYMENTS,
  EXPERIMENTS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../api/names/resources.ts";
import { workloadReference, workloadType } from "../api/validation/workload.ts";
import { referencedServices } from "../api/validation/validate_services.ts";
import type { WriteReport } from "../cluster/embedded/mod.ts";

/** Follows the writes of a cluster. Rollouts are told by their keys, `namespace/name`. */
export class Membership {
  /** Who controls a set, also when the set is gone before its pods. */
  readonly #ownerOfSet = new Map<string, OwnerReference>();
  /** The Rollout of an Experiment, likewise. */
  readonly #ownerOfExperiment = new Map<string, OwnerReference>();
  /** By the place of an object that Rollouts name: their keys. */
  readonly #namedBy = new Map<string, Set<string>>();
  /** The resources that a Rollout has named at some time. */
  readonly #namedKinds = new Set<string>();

  /** Takes a write in; gives the Rollouts that it concerns. */
  note({ type, before, after, changed }: WriteReport): ReadonlySet<string> {
    const concerned = new Set<string>();
    if (!changed) return concerned;
    // By its name: what a definition defines is not the very same type.
    if (type.plural === ROLLOUTS.plural) return concerned.add(this.#noteRollout(before, after));
    const isSameOwner = before?.metadata.ownerReferences === after?.metadata.ownerReferences;
    for (const object of [before, after]) {
      // Whose an object is depends on its name and its owners alone.
      if (object === undefined || (object === before && after !== undefined && isSameOwner)) {
        continue;
      }
      const owner = controllerOf(object);
      const { uid = "" } = object.metadata;
      if (owner !== undefined && type === REPLICA_SETS) this.#ownerOfSet.set(uid, owner);
      if (owner !== undefined && type.plural === EXPERIMENTS.plural) {
        this.#ownerOfExperiment.set(uid, owner);
      }
      for (const key of this.rolloutsOf(type, object)) concerned.add(key);
    }
    return concerned;
  }

  /** The Rollouts whose set, pod, AnalysisRun, Service or workload this is. */
  rolloutsOf(type: ResourceType, object: KubeObject): string[] {
    const { namespace, name } = object.metadata;
    const owner = controllerOf(object);
    if (type === PODS) {
      const byOwner = this.#of(this.#ownerOfSet.get(owner?.uid ?? ""), namespace);
      const set = owner?.kind === REPLICA_SETS.kind ? owner : undefined;
      return [...byOwner, ...this.#of(set, namespace)];
    }
    if (type.plural === ANALYSIS_RUNS.plural) return this.#of(owner, namespace);
    if (!this.#namedKinds.has(type.plural) && type !== REPLICA_SETS) return [];
    const named = [...this.#namedBy.get(placeOf(type, namespace, name)) ?? []];
    return type === REPLICA_SETS ? [...this.#of(owner, namespace), ...named] : named;
  }

  /** The Rollout that controls, or those that name the one that controls. */
  #of(owner: OwnerReference | undefined, namespace = ""): string[] {
    if (owner === undefined) return [];
    if (owner.kind === ROLLOUTS.kind) return [`${namespace}/${owner.name}`];
    if (owner.kind === EXPERIMENTS.kind) {
      return this.#of(this.#ownerOfExperiment.get(owner.uid), namespace);
    }
    const type = [DEPLOYMENTS, REPLICA_SETS].find(({ kind }) => kind === owner.kind);
    return type === undefined
      ? []
      : [...this.#namedBy.get(placeOf(type, namespace, owner.name)) ?? []];
  }

  #noteRollout(before: KubeObject | undefined, after: KubeObject | undefined): string {
    const { namespace, name } = (after ?? before as KubeObject).metadata;
    const key = `${namespace}/${name}`;
    if (before?.["spec"] === after?.["spec"]) return key;
    for (const place of placesNamedBy(before)) this.#index(place, key, false);
    for (const place of placesNamedBy(after)) this.#index(place, key, true);
    return key;
  }

  #index(place: string, key: string, isNamed: boolean): void {
    const keys = this.#namedBy.get(place) ?? new Set();
    if (isNamed) {
      keys.add(key);
      this.#namedKinds.add(place.slice(0, place.indexOf(" ")));
    } else keys.delete(key);
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
