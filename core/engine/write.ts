/** Carries out one change of one object. Its answer is in the caches before anything else looks. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import type {
  DeleteWrite,
  EvictWrite,
  ObjectRef,
  Patch,
  PatchWrite,
  Write,
} from "../../sdk/wire/write.ts";
import { isConflict, isNotFound, isNotPermitted, isTooManyRequests } from "../ports/api_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster, WriteOptions } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { CacheView } from "./caches.ts";
import { DampedError, type Damping } from "./damping.ts";
import type { Fence } from "./fence.ts";
import { type Key, keyOf } from "./key.ts";
import type { OwnWrites } from "./own_writes.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** What a write acts on. */
export interface WritePorts {
  readonly cluster: Cluster;
  readonly caches: CacheView;
  readonly ownWrites: OwnWrites;
  readonly damping: Damping;
  /** Of this pass; absent: nothing keeps the process from running. */
  readonly fence?: Fence;
  readonly clock: Clock;
  readonly log: Log;
}

/** Accepted by the cluster, and nothing came of it: what was to build on it must not follow. */
export class NoEffectError extends Error {
  override readonly name = "NoEffectError";
}

/**
 * Why nothing came of a write though nothing is wrong: an eviction need not come true (the pod is
 * gone already), or a disruption budget forbids it now, or an optional patch is not permitted, as
 * `pod web-1: why`.
 */
export type Fruitless = "needless" | { readonly forbidden: string };

/** The versions that a pass was decided on; its own writes move them on. */
export type Versions = Map<string, string | undefined>;

/** The versions of what these writes are about, as the caches have them. */
export function versionsOf(writes: Iterable<Write>, caches: CacheView): Versions {
  const versions: Versions = new Map();
  for (const { type, ref } of writes) {
    const present = caches.storeOf(type)?.get(ref.namespace, ref.name);
    versions.set(idOf(type, ref), present?.metadata.resourceVersion);
  }
  return versions;
}

function idOf(type: ResourceType, { namespace, name }: ObjectRef): string {
  return `${apiVersionOf(type)} ${type.plural} ${keyOf(namespace, name)}`;
}

/** @throws what the cluster answered, or a `NoEffectError` */
export async function carryOut(
  key: Key,
  write: Write,
  { versions, ports }: { versions: Versions; ports: WritePorts },
): Promise<void> {
  const id = idOf(write.type, write.ref);
  switch (write.verb) {
    case "create": {
      const created = await ports.cluster.create(write.type, write.object, guardOf(ports));
      noteWrite(key, write.type, { object: created, ports });
      versions.set(id, created.metadata.resourceVersion);
      return;
    }
    case "patch": {
      const decidedOn = write.decidedOn ?? versions.get(id);
      const patch = guarded(write);
      const { object, hadEffect } = await patchObject(key, { ...write, patch, decidedOn }, ports);
      versions.set(id, object.metadata.resourceVersion);
      if (hadEffect) return;
      const { type: { plural }, ref } = write;
      throw new NoEffectError(
        `Cannot patch ${plural} "${ref.name}": the cluster left it unchanged`,
      );
    }
    case "delete":
      return await deleteObject(key, write, ports);
    case "evict":
      return await evictPod(write, ports);
  }
}

/** The patch with the version that it was decided on: it is refused once the object has changed. */
export function guarded({ patch, decidedOn }: PatchWrite): Patch {
  if (decidedOn === undefined) return patch;
  if (patch.type === "json") {
    const guard = { op: "replace", path: "/metadata/resourceVersion", value: decidedOn };
    return { type: "json", body: [guard, ...listOf(patch.body)] };
  }
  const { metadata, ...rest } = fieldsOf(patch.body);
  const body = { metadata: { resourceVersion: decidedOn, ...fieldsOf(metadata) }, ...rest };
  return { type: patch.type, body };
}

async function deleteObject(key: Key, write: DeleteWrite, ports: WritePorts): Promise<void> {
  const { type, ref, uid, resourceVersion } = write;
  const store = ports.caches.storeOf(type);
  const present = store?.get(ref.namespace, ref.name);
  const left = await ports.cluster.delete(type, ref, {
    ...guardOf(ports),
    propagationPolicy: "Background",
    preconditions: { uid, resourceVersion },
  });
  if (left !== undefined) noteWrite(key, type, { object: left, ports });
  else if (present?.metadata.uid === uid) store?.mergeDeletion(present);
}

async function evictPod({ type, ref, uid }: EvictWrite, ports: WritePorts): Promise<void> {
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { ...ref },
    deleteOptions: { preconditions: { uid } },
  };
  await ports.cluster.create(type, eviction, { ...guardOf(ports), subresource: "eviction" });
}

/** What the refusal of a write means that may come to nothing; undefined: it has failed. */
export function fruitlessOf(write: Write, error: unknown): Fruitless | undefined {
  const { verb, ref, type } = write;
  if (verb === "patch" && write.isOptional) {
    // Damped: it was refused so a moment ago.
    const isRefused = isNotPermitted(error) || error instanceof DampedError;
    const kind = type.kind.toLowerCase();
    return isRefused ? { forbidden: `${kind} ${ref.name}: ${error.message}` } : undefined;
  }
  if (verb !== "evict") return undefined;
  // It is gone, or another one has its name.
  if (isConflict(error) || isNotFound(error)) return "needless";
  return isTooManyRequests(error) ? { forbidden: `pod ${ref.name}: ${error.message}` } : undefined;
}

/** A patch to send, with the object it is about. */
export interface ObjectPatch {
  readonly type: ResourceType;
  readonly ref: ObjectRef;
  readonly patch: Patch;
  /** The version that it was decided on; undefined: not known. */
  readonly decidedOn: string | undefined;
}

/** Patches, merges the answer, and tells whether anything changed. */
export async function patchObject(
  key: Key,
  { type, ref, patch, decidedOn }: ObjectPatch,
  ports: WritePorts,
  options: WriteOptions = {},
): Promise<{ object: KubeObject; hadEffect: boolean }> {
  const object = await ports.cluster.patch(type, ref, patch, { ...options, ...guardOf(ports) });
  noteWrite(key, type, { object, ports });
  const hadEffect = decidedOn === undefined || decidedOn !== object.metadata.resourceVersion;
  if (!hadEffect) {
    ports.log.warn("a write had no effect: the cluster left the object unchanged", {
      resource: type.plural,
      object: keyOf(ref.namespace, ref.name),
      patch: JSON.stringify(patch.body),
    });
  }
  return { object, hadEffect };
}

/** The fence, for adapters that wait before they send. */
function guardOf({ fence }: WritePorts): { guard?: () => void } {
  return fence === undefined ? {} : { guard: () => fence.check() };
}

function noteWrite(
  key: Key,
  type: ResourceType,
  { object, ports }: { object: KubeObject; ports: WritePorts },
): void {
  ports.caches.storeOf(type)?.merge(object);
  ports.ownWrites.record(key, type, { object, atMs: ports.clock.monotonic() });
}

/**
 * Reads the object itself, so that the next pass decides on what is and not on what was.
 * False when the cluster could not be asked.
 */
export async function lookAgain(
  type: ResourceType,
  ref: ObjectRef,
  { caches, cluster, log }: WritePorts,
): Promise<boolean> {
  const store = caches.storeOf(type);
  if (store === undefined) return true;
  // As it was when we asked: what comes under this name meanwhile is not what the answer is about.
  const present = store.get(ref.namespace, ref.name);
  try {
    const object = await cluster.get(type, ref);
    const hasGone = present !== undefined && store.get(ref.namespace, ref.name) === undefined;
    if (!hasGone) store.mergeRead(object);
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      if (present !== undefined) store.mergeDeletion(present);
      return true;
    }
    log.warn("cannot read an object again", {
      resource: type.plural,
      object: keyOf(ref.namespace, ref.name),
      cause: errorText(error),
    });
    return false;
  }
}
