/**
 * A cluster as one of several controllers sees it: of Rollouts and their companions only those that
 * carry its instance id as a label, or none where it has no id. (What a Rollout makes carries that
 * label too.) Who asks for an object by its name sees it all the same: so it is known to be there.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { ObjectRef, Patch } from "../../sdk/wire/write.ts";
import { INSTANCE_ID_LABEL } from "../api/names/names.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  EXPERIMENTS,
  ROLLOUTS,
} from "../api/names/resources.ts";
import type {
  Cluster,
  DeleteOptions,
  ObjectList,
  Selection,
  WatchHandle,
  WatchOptions,
  WatchSink,
  WriteOptions,
} from "../ports/cluster.ts";

const SCOPED: readonly ResourceType[] = Object.freeze([
  ROLLOUTS,
  EXPERIMENTS,
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
]);

export class InstanceScope implements Cluster {
  readonly #cluster: Cluster;
  readonly #id: string;

  /** `id`: "" for the objects that carry none. */
  constructor(cluster: Cluster, id: string) {
    this.#cluster = cluster;
    this.#id = id;
  }

  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject> {
    return this.#cluster.get(type, ref);
  }

  list(type: ResourceType, selection: Selection = {}): Promise<ObjectList> {
    return this.#cluster.list(type, this.#scoped(type, selection));
  }

  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): WatchHandle {
    return this.#cluster.watch(type, this.#scoped(type, options), sink);
  }

  create(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject> {
    return this.#cluster.create(type, object, options);
  }

  update(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject> {
    return this.#cluster.update(type, object, options);
  }

  patch(
    type: ResourceType,
    ref: ObjectRef,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<KubeObject> {
    return this.#cluster.patch(type, ref, patch, options);
  }

  delete(
    type: ResourceType,
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<KubeObject | undefined> {
    return this.#cluster.delete(type, ref, options);
  }

  #scoped<Chosen extends Selection>(type: ResourceType, selection: Chosen): Chosen {
    if (!isScoped(type)) return selection;
    const own = this.#id === "" ? `!${INSTANCE_ID_LABEL}` : `${INSTANCE_ID_LABEL}=${this.#id}`;
    const { labelSelector } = selection;
    return { ...selection, labelSelector: labelSelector ? `${labelSelector},${own}` : own };
  }
}

function isScoped({ group, plural }: ResourceType): boolean {
  return SCOPED.some((type) => type.group === group && type.plural === plural);
}
