/** Objects that say which Rollout steers them, and which pods they lead to. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { MANAGED_BY_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { SERVICES } from "../api/names/resources.ts";
import {
  type CacheReader,
  type Key,
  keyOf,
  type Store,
  type Write,
  writeEffect,
} from "../engine/mod.ts";
import type { ReplicaSet } from "../sets/mod.ts";
import { releaseWrite, selectedHash } from "./service.ts";

/** Index of objects by the Rollout that steers them, or did (`namespace/rollout`). */
const BY_MANAGER = "manager";
/** Index of those objects by the hashes that they lead to (`namespace/hash`). */
const BY_HASH = "hash";

/** What is known of one kind of such objects. */
interface Marks {
  readonly type: ResourceType;
  /** Its cache is filled once a Rollout needs it. */
  readonly isOnDemand: boolean;
  /** The name of the Rollout that steers an object, or did. */
  managerOf(object: KubeObject): string | undefined;
  hashesOf(object: KubeObject): readonly string[];
  /** Makes it lead to all pods again, and to be nobody's. */
  release(object: KubeObject): Write;
}

/** One kind of such objects, and the indexes that they are found by. */
export class SteeredKind {
  readonly marks: Marks;

  constructor(marks: Marks) {
    this.marks = marks;
  }

  get type(): ResourceType {
    return this.marks.type;
  }

  /** The Rollout that steers an object, or did; to be handed on as it is. */
  readonly managerKeys = (object: KubeObject): Key[] => {
    const manager = this.marks.managerOf(object);
    return manager === undefined ? [] : [keyOf(object.metadata.namespace, manager)];
  };

  readonly prepare = (store: Store): void => {
    store.addIndex(BY_MANAGER, this.managerKeys);
    store.addIndex(BY_HASH, this.#hashTerms);
  };

  /** The objects that this Rollout steers, or did. */
  steeredBy(rollout: Key, caches: CacheReader): readonly KubeObject[] {
    return caches.of(this.type).byIndex(BY_MANAGER, rollout);
  }

  /** Those that lead to the pods of a set. */
  leadingTo({ metadata }: ReplicaSet, caches: CacheReader): readonly KubeObject[] {
    const hash = metadata.labels?.[POD_TEMPLATE_HASH_LABEL] ?? "";
    return caches.of(this.type).byIndex(BY_HASH, keyOf(metadata.namespace, hash));
  }

  readonly #hashTerms = (object: KubeObject): Key[] => {
    const { namespace } = object.metadata;
    const hashes = this.marks.managerOf(object) === undefined ? [] : this.marks.hashesOf(object);
    return hashes.map((hash) => keyOf(namespace, hash));
  };
}

export function steeredServices(): SteeredKind {
  return new SteeredKind({
    type: SERVICES,
    isOnDemand: false,
    managerOf: ({ metadata }) => metadata.annotations?.[MANAGED_BY_ANNOTATION],
    hashesOf: (service) => [selectedHash(service)].filter((hash) => hash !== ""),
    release: releaseWrite,
  });
}

/** What traffic routers mark. */
export function markedKinds({ trafficRouters }: PluginRegistry): SteeredKind[] {
  return trafficRouters.flatMap(({ marks = [] }) => marks).map((mark) =>
    new SteeredKind({
      type: mark.resource,
      isOnDemand: true,
      managerOf: (object) => mark.rolloutOf(object),
      hashesOf: (object) => mark.hashesOf(object),
      release: (object) => writeEffect({ ...mark.release(object), type: mark.resource }),
    })
  );
}
