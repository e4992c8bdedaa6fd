/**
 * The only code that acts: carries out the effects of a pass in order and stops at the first that
 * fails. Answers are merged into the caches before anything else can look at them.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { isConflict, isNotFound, isTooManyRequests } from "../ports/api_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster, WriteOptions } from "../ports/cluster.ts";
import type { ObjectRef, Patch } from "../../sdk/wire/write.ts";
import type { Log } from "../ports/log.ts";
import type { Caches } from "./caches.ts";
import type { Damping } from "./damping.ts";
import type { DeleteWrite, EvictWrite, PatchWrite } from "../../sdk/wire/write.ts";
import type { Effect, Failure } from "./effect.ts";
import type { Fence } from "./freeze_guard.ts";
import { type Key, keyOf } from "./key.ts";
import type { OwnWrites } from "./own_writes.ts";
import { isStale } from "./refusal.ts";
import { statementOf } from "./statement.ts";

/** What apply acts on. */
export interface ApplyPorts {
  readonly cluster: Cluster;
  readonly caches: Caches;
  readonly ownWrites: OwnWrites;
  readonly damping: Damping;
  /** Of this pass; absent: nothing keeps the process from running. */
  readonly fence?: Fence;
  readonly clock: Clock;
  readonly log: Log;
}

/** How far it came. */
export interface Applied {
  /** Effects that came true, in order. */
  readonly done: readonly Effect[];
  /** Writes after which the object was what it had been: looking again at once would loop. */
  readonly withoutEffect: number;
  /** Evictions that a disruption budget does not allow now, as `pod web-1: why`. */
  readonly forbidden: readonly string[];
  /** The effect that failed, or had no effect; those after it were not tried. */
  readonly failure?: Failure;
}

/** Accepted by the cluster, and nothing came of it: what was to build on it must not follow. */
class NoEffectError extends Error {
  override readonly name = "NoEffectError";
}

/** Carries out the effects of one pass; to be called in the turn in which they were decided. */
export async function applyEffects(
  key: Key,
  effects: readonly Effect[],
  ports: ApplyPorts,
): Promise<Applied> {
  const versions = versionsOf(effects, ports.caches);
  const done: Effect[] = [];
  const forbidden: string[] = [];
  const { damping } = ports;
  damping.begin(key);
  for (const effect of effects) {
    const statement = statementOf(effect);
    const present = ports.caches.storeOf(effect.type)?.get(effect.ref.namespace, effect.ref.name);
    try {
      damping.check(key, statement, present);
      ports.fence?.check();
      if (!await applyEffect(key, effect, { ports, versions, forbidden })) continue;
      damping.note(key, statement, present);
      done.push(effect);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (isStale(error)) await lookAgain(effect.type, effect.ref, ports);
      const withoutEffect = error instanceof NoEffectError ? 1 : 0;
      return { done, withoutEffect, forbidden, failure: { effect, error } };
    }
  }
  return { done, withoutEffect: 0, forbidden };
}

/** The versions that the pass was decided on; its own writes move them on. */
type Versions = Map<string, string | undefined>;

function versionsOf(effects: readonly Effect[], caches: Caches): Versions {
  const versions: Versions = new Map();
  for (const { type, ref } of effects) {
    const present = caches.storeOf(type)?.get(ref.namespace, ref.name);
    versions.set(idOf(type, ref), present?.metadata.resourceVersion);
  }
  return versions;
}

function idOf(type: ResourceType, { namespace, name }: ObjectRef): string {
  return `${apiVersionOf(type)} ${type.plural} ${keyOf(namespace, name)}`;
}

/** False when it did not come true, and need not. */
async function applyEffect(
  key: Key,
  effect: Effect,
  { ports, versions, forbidden }: {
    ports: ApplyPorts;
    versions: Versions;
    forbidden: string[];
  },
): Promise<boolean> {
  const id = idOf(effect.type, effect.ref);
  switch (effect.verb) {
    case "create": {
      const created = await ports.cluster.create(effect.type, effect.object, guardOf(ports));
      noteWrite(key, effect.type, { object: created, ports });
      versions.set(id, created.metadata.resourceVersion);
      return true;
    }
    case "patch": {
      const { object, hadEffect } = await patchObject(
        key,
        {
          ...effect,
          patch: guarded(effect),
          decidedOn: effect.decidedOn ?? pinnedVersion(effect) ?? versions.get(id),
        },
        ports,
      );
      versions.set(id, object.metadata.resourceVersion);
      if (hadEffect) return true;
      const { plural } = effect.type;
      throw new NoEffectError(
        `Cannot patch ${plural} "${effect.ref.name}": the cluster keeps it as it was`,
      );
    }
    case "delete":
      await deleteObject(key, effect, ports);
      return true;
    case "evict":
      return await evictPod(effect, { ports, forbidden });
  }
}

function pinnedVersion({ patch }: PatchWrite): string | undefined {
  const body = patch.body as { readonly metadata?: { readonly resourceVersion?: string } };
  return body.metadata?.resourceVersion;
}

/** The patch with the version that it was decided on: it is refused once the object has changed. */
function guarded({ patch, decidedOn }: PatchWrite): Patch {
  if (decidedOn === undefined) return patch;
  if (patch.type === "json") {
    const guard = { op: "replace", path: "/metadata/resourceVersion", value: decidedOn };
    return { type: "json", body: [guard, ...listOf(patch.body)] };
  }
  const { metadata, ...rest } = fieldsOf(patch.body);
  const body = { metadata: { resourceVersion: decidedOn, ...fieldsOf(metadata) }, ...rest };
  return { type: patch.type, body };
}

async function deleteObject(key: Key, effect: DeleteWrite, ports: ApplyPorts): Promise<void> {
  const { type, ref, uid, resourceVersion } = effect;
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

/** False when a budget forbids it now, or the pod is gone, or another one has its name. */
async function evictPod(
  { type, ref, uid }: EvictWrite,
  { ports, forbidden }: { ports: ApplyPorts; forbidden: string[] },
): Promise<boolean> {
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { ...ref },
    deleteOptions: { preconditions: { uid } },
  };
  try {
    await ports.cluster.create(type, eviction, { ...guardOf(ports), subresource: "eviction" });
    return true;
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return false;
    if (!isTooManyRequests(error)) throw error;
    forbidden.push(`pod ${ref.name}: ${error.message}`);
    return false;
  }
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
  ports: ApplyPorts,
  options: WriteOptions = {},
): Promise<{ object: KubeObject; hadEffect: boolean }> {
  const object = await ports.cluster.patch(type, ref, patch, { ...options, ...guardOf(ports) });
  noteWrite(key, type, { object, ports });
  const hadEffect = decidedOn === undefined || decidedOn !== object.metadata.resourceVersion;
  if (!hadEffect) {
    ports.log.warn("a write had no effect: the cluster keeps the object as it was", {
      resource: type.plural,
      object: keyOf(ref.namespace, ref.name),
      patch: JSON.stringify(patch.body),
    });
  }
  return { object, hadEffect };
}

/** The fence, for adapters that wait before they send. */
function guardOf({ fence }: ApplyPorts): { guard?: () => void } {
  return fence === undefined ? {} : { guard: () => fence.check() };
}

function noteWrite(
  key: Key,
  type: ResourceType,
  { object, ports }: { object: KubeObject; ports: ApplyPorts },
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
  { caches, cluster, log }: ApplyPorts,
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
      cause: error instanceof Error ? error.message : String(error),
    });
    return false;
  }
}
