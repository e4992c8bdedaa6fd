import type {
  Cluster,
  DeleteOptions,
  ObjectList,
  Selection,
  WatchHandle,
  WatchOptions,
  WatchSink,
  WriteOptions,
} from "../../ports/cluster.ts";
import type { ObjectRef, Patch } from "../../../sdk/wire/write.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Api } from "./api.ts";
import type { Caller } from "./caller.ts";
import type { Kinds } from "./kinds.ts";
import type { PendingWork } from "./pending_work.ts";
import type { Watches } from "./watches.ts";

/** What the clients of one cluster share. */
export interface ClientPorts {
  readonly api: Api;
  readonly kinds: Kinds;
  readonly watches: Watches;
  readonly work: PendingWork;
}

/** The cluster as one user of it sees it: all is done when called, and promised already kept. */
export class Client implements Cluster {
  readonly #ports: ClientPorts;
  readonly #caller: Caller;

  constructor(ports: ClientPorts, userAgent: string) {
    this.#ports = ports;
    this.#caller = Object.freeze({ userAgent, isTrusted: false });
  }

  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject> {
    return answered(() => this.#ports.api.get(type, ref));
  }

  list(type: ResourceType, selection?: Selection): Promise<ObjectList> {
    return answered(() => this.#ports.api.list(type, selection));
  }

  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): WatchHandle {
    const { kinds, watches, work } = this.#ports;
    try {
      return watches.open(kinds.find(type), options, sink);
    } catch (error) {
      let isStopped = false;
      work.add(() => {
        if (!isStopped) sink.end(error instanceof Error ? error : new Error(String(error)));
      });
      return {
        stop() {
          isStopped = true;
        },
      };
    }
  }

  create(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject> {
    return answered(() => this.#ports.api.create(this.#caller, type, object, options));
  }

  update(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject> {
    return answered(() => this.#ports.api.update(this.#caller, type, object, options));
  }

  patch(
    type: ResourceType,
    ref: ObjectRef,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<KubeObject> {
    const write = { patch, ...(options && { options }) };
    return answered(() => this.#ports.api.patch(this.#caller, type, ref, write));
  }

  delete(
    type: ResourceType,
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<KubeObject | undefined> {
    return answered(() => this.#ports.api.delete(this.#caller, type, ref, options));
  }
}

function answered<Answer>(act: () => Answer): Promise<Answer> {
  try {
    return Promise.resolve(act());
  } catch (error) {
    return Promise.reject(error);
  }
}
