/** Changes of objects as data: what a plugin hands back, and what one place carries out. */
import type { KubeObject } from "../api/object.ts";
import type { ResourceType } from "./resource_type.ts";

/** Which object: `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef {
  readonly namespace?: string;
  readonly name: string;
}

/** merge: RFC 7386; json: RFC 6902 (an array); strategic: Kubernetes' own, for built-in kinds. */
export type PatchType = "merge" | "json" | "strategic";

export interface Patch {
  readonly type: PatchType;
  readonly body: unknown;
}

/** An event to be recorded on the object that a decision is about: the Rollout, the Experiment. */
export interface EventDraft {
  readonly type: "Normal" | "Warning";
  /** In CamelCase, for machines: `TrafficWeightUpdated`. */
  readonly reason: string;
  readonly message: string;
}

/** What every change says. */
export interface WriteBase {
  readonly type: ResourceType;
  readonly ref: ObjectRef;
  /** Recorded once the write came true. */
  readonly events?: readonly EventDraft[];
}

/** Makes an object. Its name is computed, never random: made twice, it is there once. */
export interface CreateWrite extends WriteBase {
  readonly verb: "create";
  readonly object: KubeObject;
}

/** Changes parts of an object. */
export interface PatchWrite extends WriteBase {
  readonly verb: "patch";
  readonly patch: Patch;
  /**
   * The resourceVersion that was looked at. With it the cluster refuses the patch once the object
   * has changed. Needed by every patch of a size, a selector, a weight or a list; who carries the
   * patch out puts it into the body.
   */
  readonly decidedOn?: string;
  /** What else was decided goes on where the right to make this patch is missing. */
  readonly isOptional?: true;
}

/** Removes an object: this very one, as it was looked at. */
export interface DeleteWrite extends WriteBase {
  readonly verb: "delete";
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * Asks a pod to go. A disruption budget may forbid it, and it may be gone already: neither is a
 * failure, nor did it come true.
 */
export interface EvictWrite extends WriteBase {
  readonly verb: "evict";
  readonly uid: string;
}

/** One change of one object. */
export type Write = CreateWrite | PatchWrite | DeleteWrite | EvictWrite;

/** How an object is named. */
export function refOf({ metadata: { name, namespace } }: KubeObject): ObjectRef {
  return namespace === undefined ? { name } : { namespace, name };
}

/** The creation of an object. */
export function creationOf(
  type: ResourceType,
  object: KubeObject,
  events?: readonly EventDraft[],
): CreateWrite {
  const created = { verb: "create", type, ref: refOf(object), object } as const;
  return events === undefined ? created : { ...created, events };
}

/**
 * The deletion of an object, refused once it is not what was looked at any more; `[]` for one that
 * no cluster has given a uid and a version.
 */
export function deletionOf(type: ResourceType, object: KubeObject): DeleteWrite[] {
  const { uid, resourceVersion } = object.metadata;
  if (uid === undefined || resourceVersion === undefined) return [];
  return [{ verb: "delete", type, ref: refOf(object), uid, resourceVersion }];
}

/** A patch of an object, refused once it is not what was looked at any more. */
export function patchOf(type: ResourceType, object: KubeObject, patch: Patch): PatchWrite {
  const { resourceVersion } = object.metadata;
  return {
    verb: "patch",
    type,
    ref: refOf(object),
    patch,
    ...(resourceVersion === undefined ? {} : { decidedOn: resourceVersion }),
  };
}
