/** Objects in memory that writes are carried out on, as an API server does it. */
import type { KubeObject } from "../api/object.ts";
import type { NamedObject, ObjectReader } from "../traffic_router.ts";
import { fieldsOf } from "../wire/json.ts";
import type { PatchWrite, Write } from "../wire/write.ts";
import { jsonPatched, mergePatched, sameJson } from "./json_patch.ts";

/** Where the objects of a test live. */
export interface ObjectStore {
  /** Nothing but these objects is there afterwards. */
  reset(objects: readonly KubeObject[]): Promise<void>;
  /** All objects, in the order of kind, namespace and name. */
  list(): Promise<readonly KubeObject[]>;
  /** Carries out one write. Rejects with an `Error` when an API server would refuse it. */
  write(write: Write): Promise<void>;
}

/**
 * A store in memory. It counts resourceVersions, refuses what was decided on an older version or is
 * there already, and answers a patch that changes nothing by changing nothing. It knows merge and
 * JSON patches, and neither schemas nor subresources.
 */
export class MemoryStore implements ObjectStore {
  readonly #objects = new Map<string, KubeObject>();
  #version = 0;

  reset(objects: readonly KubeObject[]): Promise<void> {
    this.#objects.clear();
    for (const object of objects) this.#put(copyOf(object));
    return Promise.resolve();
  }

  list(): Promise<readonly KubeObject[]> {
    const keys = [...this.#objects.keys()].sort();
    return Promise.resolve(keys.flatMap((key) => structuredClone(this.#objects.get(key)) ?? []));
  }

  // Asynchronous, so that a refusal is a promise that is not kept.
  // deno-lint-ignore require-await
  async write(write: Write): Promise<void> {
    const { type, ref } = write;
    const key = keyOf({ type, ...ref });
    const present = this.#objects.get(key);
    if (write.verb === "create") {
      if (present !== undefined) throw new Error(`${key} is there already`);
      if (keyOfObject(write.object) !== key) throw new Error(`${key} is no name of this object`);
      return this.#put(copyOf(write.object));
    }
    if (present === undefined) throw new Error(`there is no ${key}`);
    if (write.verb === "patch") return this.#patch(key, present, write);
    if (write.verb === "evict") throw new Error(`${key} is no pod`);
    const { uid, resourceVersion } = present.metadata;
    if (write.uid !== uid || write.resourceVersion !== resourceVersion) {
      throw new Error(`${key} is not what was to be deleted`);
    }
    this.#objects.delete(key);
  }

  #patch(key: string, present: KubeObject, { patch, decidedOn }: PatchWrite): void {
    if (patch.type === "strategic") throw new Error("only built-in kinds know strategic patches");
    const patched =
      (patch.type === "json"
        ? jsonPatched(present, patch.body)
        : mergePatched(present, patch.body)) as KubeObject;
    const version = decidedOn ?? patched.metadata.resourceVersion;
    if (version !== present.metadata.resourceVersion) {
      throw new Error(`${key} has changed since the patch was decided on`);
    }
    if (!sameJson(patched, present)) this.#put(patched);
  }

  #put(object: KubeObject): void {
    const version = String(++this.#version);
    const { uid = `uid-${version}` } = object.metadata;
    const metadata = { ...object.metadata, uid, resourceVersion: version };
    this.#objects.set(keyOfObject(object), { ...object, metadata });
  }
}

/** As from a server: what the original holds twice is there twice. */
function copyOf(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object));
}

/** Reads a list of objects. */
export function readerOf(objects: readonly KubeObject[], ownNamespace: string): ObjectReader {
  const isOf = (object: KubeObject, { group, kind }: NamedObject["type"]) =>
    object.kind === kind && groupOf(object) === group;
  const isIn = ({ metadata }: KubeObject, namespace: string) =>
    metadata.namespace === undefined || metadata.namespace === namespace;
  return {
    find: ({ type, namespace = ownNamespace, name }) =>
      objects.find((object) =>
        isOf(object, type) && isIn(object, namespace) && object.metadata.name === name
      ),
    select: ({ type, namespace = ownNamespace, selector }) =>
      objects.filter((object) =>
        isOf(object, type) && isIn(object, namespace) &&
        Object.entries(selector.matchLabels ?? {})
          .every(([label, value]) => fieldsOf(object.metadata.labels)[label] === value)
      ),
  };
}

/** `example.com/Split/shop/web` */
export function keyOf({ type, namespace = "", name }: NamedObject): string {
  return [type.group, type.kind, namespace, name].join("/");
}

/** The same of an object. */
export function keyOfObject(object: KubeObject): string {
  const { kind, metadata: { namespace = "", name } } = object;
  return keyOf({ type: { group: groupOf(object), kind }, namespace, name });
}

function groupOf({ apiVersion }: KubeObject): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
