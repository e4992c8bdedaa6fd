/**
 * The cluster of a process that may lose its leadership. Every write is held back that does not
 * leave in the term in which it was asked for: those of passes, of plugins, and of whatever comes.
 */
import { fenceOfTerm, type Leadership } from "../../engine/mod.ts";
import type {
  Cluster,
  DeleteOptions,
  ObjectList,
  Selection,
  WatchHandle,
  WatchOptions,
  WatchSink,
  WriteGuard,
  WriteOptions,
} from "../../ports/cluster.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { ObjectRef, Patch } from "../../../sdk/wire/write.ts";

/** All clusters that one process writes to. */
export class Fences {
  readonly #leadership: Leadership | undefined;
  readonly #clusters: FencedCluster[] = [];

  /** Absent: the process is alone, and may always write. */
  constructor(leadership: Leadership | undefined) {
    this.#leadership = leadership;
  }

  /** Writes under way; while there are any, the Lease is not given away. */
  get writing(): number {
    return this.#clusters.reduce((sum, { writing }) => sum + writing, 0);
  }

  around(cluster: Cluster): Cluster {
    if (this.#leadership === undefined) return cluster;
    const fenced = new FencedCluster(cluster, this.#leadership);
    this.#clusters.push(fenced);
    return fenced;
  }
}

export class FencedCluster implements Cluster {
  readonly #cluster: Cluster;
  readonly #leadership: Leadership;
  #writing = 0;

  constructor(cluster: Cluster, leadership: Leadership) {
    this.#cluster = cluster;
    this.#leadership = leadership;
  }

  /** Writes under way. */
  get writing(): number {
    return this.#writing;
  }

  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject> {
    return this.#cluster.get(type, ref);
  }

  list(type: ResourceType, selection?: Selection): Promise<ObjectList> {
    return this.#cluster.list(type, selection);
  }

  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): WatchHandle {
    return this.#cluster.watch(type, options, sink);
  }

  create(type: ResourceType, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    return this.#write(options, (fenced) => this.#cluster.create(type, object, fenced));
  }

  update(type: ResourceType, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    return this.#write(options, (fenced) => this.#cluster.update(type, object, fenced));
  }

  patch(
    type: ResourceType,
    ref: ObjectRef,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    return this.#write(options, (fenced) => this.#cluster.patch(type, ref, patch, fenced));
  }

  delete(
    type: ResourceType,
    ref: ObjectRef,
    options: DeleteOptions = {},
  ): Promise<KubeObject | undefined> {
    return this.#write(options, (fenced) => this.#cluster.delete(type, ref, fenced));
  }

  async #write<Options extends { readonly guard?: WriteGuard }, Answer>(
    options: Options,
    send: (fenced: Options) => Promise<Answer>,
  ): Promise<Answer> {
    const fence = fenceOfTerm(this.#leadership);
    fence.check();
    const guard = () => {
      options.guard?.();
      fence.check();
    };
    this.#writing++;
    try {
      return await send({ ...options, guard });
    } finally {
      this.#writing--;
    }
  }
}
