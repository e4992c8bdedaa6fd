/** Writes of sets, and of objects in general, each with the version that it was decided on. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import { DESIRED_REPLICAS_ANNOTATION, SCALE_DOWN_DEADLINE_ANNOTATION } from "../api/names/names.ts";
import { REPLICA_SETS } from "../api/names/resources.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { type EventDraft, refOf } from "../../sdk/wire/write.ts";
import type { Write } from "../engine/mod.ts";
import {
  desiredWhenScaled,
  type ReplicaSet,
  revisionOf,
  scaleDownDeadline,
  wantedPods,
} from "./replica_set.ts";

/** A Normal event. */
export function normal(reason: string, message: string): EventDraft {
  return { type: "Normal", reason, message };
}

/** A Warning event. */
export function warning(reason: string, message: string): EventDraft {
  return { type: "Warning", reason, message };
}

/** The event of a set's change of size. */
export function scalingEvent(
  set: { name: string; revision: number },
  { from, to }: { from: number; to: number },
): EventDraft {
  return normal(
    EVENT_REASON.scalingReplicaSet,
    EVENT_MESSAGE.scalingReplicaSet({ replicaSet: set.name, revision: set.revision, from, to }),
  );
}

/** A merge patch of an object, decided on this version of it. */
export function versionedPatch(
  type: ResourceType,
  object: KubeObject,
  { metadata = {}, spec }: { metadata?: Readonly<Record<string, unknown>>; spec?: unknown },
): Extract<Write, { verb: "patch" }> {
  const { resourceVersion } = object.metadata;
  const body = {
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(spec === undefined ? {} : { spec }),
  };
  return {
    kind: "write",
    verb: "patch",
    type,
    ref: refOf(object),
    patch: { type: "merge", body },
    ...(resourceVersion === undefined ? {} : { decidedOn: resourceVersion }),
  };
}

/** The same of a ReplicaSet's annotations and spec. */
export function patchSet(
  set: ReplicaSet,
  { annotations, spec }: {
    annotations?: Readonly<Record<string, string | null>> | undefined;
    spec?: unknown;
  },
): Write {
  return versionedPatch(REPLICA_SETS, set, {
    metadata: annotations === undefined ? {} : { annotations },
    spec,
  });
}

/**
 * Sets a ReplicaSet's size, and notes for which `spec.replicas` it was chosen and when the set is
 * to give its pods up; undefined when nothing changes.
 */
export function scaleWrite(
  set: ReplicaSet,
  { size, replicas, deadline, isDelayShown = false }: {
    size: number;
    replicas: number;
    deadline?: string | undefined;
    isDelayShown?: boolean | undefined;
  },
): Write | undefined {
  const from = wantedPods(set);
  // The notes of a set without pods need not be kept up to date, but for a delay that is shown.
  const isIdle = from === 0 && size === 0;
  if (isIdle && !isDelayShown) return undefined;
  const annotations: Record<string, string | null> = {};
  if (!isIdle && (from !== size || desiredWhenScaled(set) !== replicas)) {
    annotations[DESIRED_REPLICAS_ANNOTATION] = String(replicas);
  }
  if (deadline !== scaleDownDeadline(set)) {
    annotations[SCALE_DOWN_DEADLINE_ANNOTATION] = deadline ?? null;
  }
  if (from === size && Object.keys(annotations).length === 0) return undefined;
  const spec = from === size ? undefined : { replicas: size };
  const named = { name: set.metadata.name, revision: revisionOf(set) };
  return {
    ...patchSet(set, { annotations, spec }),
    events: from === size ? [] : [scalingEvent(named, { from, to: size })],
  };
}

/** A merge patch of annotations. */
export function annotate(
  type: ResourceType,
  object: KubeObject,
  { annotations, events = [] }: {
    annotations: Readonly<Record<string, string | null>>;
    events?: readonly EventDraft[];
  },
): Write {
  return { ...versionedPatch(type, object, { metadata: { annotations } }), events };
}
