/**
 * A cluster that may serve a kind in another version than the one that was declared: Istio's and
 * the Gateway API's kinds went through several, and the objects look the same in each. Whoever asks
 * names the declared type, always; here it becomes the one that is served.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { RoutedResource } from "../../sdk/traffic_router.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import type { ObjectRef, Patch } from "../../sdk/wire/write.ts";
import { ApiError } from "../ports/api_error.ts";
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

/** A kind, and in which version it was last found. */
interface Kind {
  readonly versions: readonly ResourceType[];
  served: ResourceType;
}

export class ServedVersions implements Cluster {
  readonly #cluster: Cluster;
  readonly #kinds = new Map<string, Kind>();

  constructor(cluster: Cluster, resources: readonly RoutedResource[]) {
    this.#cluster = cluster;
    for (const { otherVersions = [], ...type } of resources) {
      if (otherVersions.length === 0) continue;
      const others = otherVersions.map((version) => ({ ...type, version }));
      this.#kinds.set(idOf(type), { versions: [type, ...others], served: type });
    }
  }

  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject> {
    return this.#ask(type, (served) => this.#cluster.get(served, ref));
  }

  list(type: ResourceType, selection?: Selection): Promise<ObjectList> {
    return this.#ask(type, (served) => this.#cluster.list(served, selection));
  }

  /** A watch follows a list, which found the version; it ends when that is served no more. */
  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): WatchHandle {
    return this.#cluster.watch(this.#kinds.get(idOf(type))?.served ?? type, options, sink);
  }

  create(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject> {
    return this.#ask(type, (served) => this.#cluster.create(served, as(served, object), options));
  }

  update(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject> {
    return this.#ask(type, (served) => this.#cluster.update(served, as(served, object), options));
  }

  patch(
    type: ResourceType,
    ref: ObjectRef,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<KubeObject> {
    return this.#ask(type, (served) => this.#cluster.patch(served, ref, patch, options));
  }

  delete(
    type: ResourceType,
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<KubeObject | undefined> {
    return this.#ask(type, (served) => this.#cluster.delete(served, ref, options));
  }

  /**
   * Asks in the version that was last found, and in the others where the server does not know it.
   * A write that is answered so has done nothing, so it may be sent again.
   */
  async #ask<Answer>(
    type: ResourceType,
    ask: (served: ResourceType) => Promise<Answer>,
  ): Promise<Answer> {
    const kind = this.#kinds.get(idOf(type));
    if (kind === undefined) return await ask(type);
    const first = kind.served;
    const unknown: unknown[] = [];
    for (const version of [first, ...kind.versions.filter((each) => each !== first)]) {
      try {
        const answer = await ask(version);
        kind.served = version;
        return answer;
      } catch (error) {
        if (!isUnknownKind(error)) throw error;
        unknown.push(error);
      }
    }
    throw unknown[0];
  }
}

/** One kind has one place for its state, in whichever version it is asked for. */
function idOf({ group, plural }: ResourceType): string {
  return `${plural}.${group}`;
}

/**
 * An object as the version that is served has it. What is created below an object, such as an
 * eviction below a pod, is of a kind of its own.
 */
function as(type: ResourceType, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(type);
  const isOther = object.kind !== type.kind;
  return isOther || object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/**
 * True for a 404 that is about the kind. One that is about an object, or its namespace, names it:
 * `virtualservices.networking.istio.io "web" not found`.
 */
function isUnknownKind(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404 &&
    !/"[^"]*" not found/.test(error.message);
}
