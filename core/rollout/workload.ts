/**
 * The workload that a Rollout takes its template from, as the caches show it. What it gives is put
 * into the snapshot only: the Rollout in the cluster stays as it was written.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { isControlledBy } from "../api/ownership.ts";
import { DEPLOYMENTS, POD_TEMPLATES, REPLICA_SETS, ROLLOUTS } from "../api/names/resources.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import {
  findWorkload,
  withWorkload,
  type Workload,
  workloadReference,
  workloadType,
} from "../api/validation/workload.ts";
import {
  type CacheName,
  type CacheReader,
  type Key,
  keyOf,
  keyOfObject,
  type Need,
  type Source,
} from "../engine/mod.ts";
import { plainSelector, plainTemplate, type ReplicaSet } from "../sets/mod.ts";
import { unreadableText } from "./unreadable.ts";

/** Index of Rollouts by the workload that they name. */
export const BY_WORKLOAD = "workload";

/** The sets of Rollouts are cached from the start; the others only if one is referred to. */
const OTHER_REPLICA_SETS: CacheName = Object.freeze({
  type: REPLICA_SETS,
  labelSelector: `!${POD_TEMPLATE_HASH_LABEL}`,
});

const CACHES: readonly CacheName[] = Object.freeze([
  Object.freeze({ type: DEPLOYMENTS }),
  OTHER_REPLICA_SETS,
  Object.freeze({ type: POD_TEMPLATES }),
]);

/** The caches of workloads: none is filled before a Rollout refers to one. */
export function workloadSources(): Source[] {
  return CACHES.map((cache) => ({
    ...cache,
    isOnDemand: true,
    wakes: (object, caches) => keysByWorkload(cache.type, object, caches),
  }));
}

/** The Rollouts that take their template from this object. */
export function keysByWorkload(
  type: ResourceType,
  object: KubeObject,
  caches: CacheReader,
): Key[] {
  const term = termOf(type, keyOfObject(object));
  return caches.of(ROLLOUTS).byIndex(BY_WORKLOAD, term).map(keyOfObject);
}

/** The terms of a Rollout in the index. */
export function workloadTerms(rollout: Rollout): string[] {
  const reference = workloadReference(rollout);
  const type = reference && workloadType(reference);
  if (type === undefined) return [];
  return [termOf(type, keyOf(rollout.metadata.namespace, reference?.name ?? ""))];
}

function termOf({ plural }: ResourceType, key: Key): string {
  return `${plural} ${key}`;
}

/** What a pass over a Rollout reads for its workload. */
export function workloadNeeds(rollout: Rollout): readonly Need[] {
  const reference = workloadReference(rollout);
  if (reference === undefined) return [];
  const { name } = reference;
  const { namespace } = rollout.metadata;
  // Without a name all of them would be asked for.
  const refs = name === "" ? [] : [{ ...(namespace === undefined ? {} : { namespace }), name }];
  const type = workloadType(reference);
  return CACHES.filter((cache) => cache.type === type).map((cache) => ({ ...cache, refs }));
}

/** A Rollout with what its workload gives. */
export interface Resolved {
  /** As it stands in the cluster. */
  readonly written: Rollout;
  readonly rollout: Rollout;
  readonly workload: Workload | undefined;
  /** Changes when the template may have changed though the Rollout's generation is the same. */
  readonly version: string;
  /** Why there is no workload although the Rollout names one. */
  readonly error: string | undefined;
}

/** Looks the workload up; a Rollout without one is given back as it is. */
export function resolve(written: Rollout, caches: CacheReader): Resolved {
  const { namespace } = written.metadata;
  const found = findWorkload(written, ({ type, name }) => {
    const cache = CACHES.find((one) => one.type.kind === type.kind);
    const object = cache && caches.of(cache).get(namespace, name);
    return object ??
      (cache === OTHER_REPLICA_SETS ? caches.of(REPLICA_SETS).get(namespace, name) : undefined);
  });
  const unresolved = { written, rollout: written, workload: undefined, version: "" };
  if (found === undefined) return { ...unresolved, error: undefined };
  const { workload, error } = found;
  if (workload !== undefined) {
    const rollout = withWorkload(written, workload);
    return { written, rollout, workload, version: versionOf(workload.object), error };
  }
  const set = written.status?.abort === true ? currentSet(written, caches) : undefined;
  if (set === undefined) {
    return { ...unresolved, error: unreadable(written, caches) ?? error.detail };
  }
  // An abort needs no workload: the template is known from the ReplicaSet.
  const rollout = withWorkload(written, {
    type: REPLICA_SETS,
    object: set,
    template: plainTemplate(set),
    selector: plainSelector(set),
  });
  return { ...unresolved, rollout, version: versionOf(set), error: undefined };
}

/** Why nothing can be said of the workload; undefined: it can. */
function unreadable(rollout: Rollout, caches: CacheReader): string | undefined {
  for (const cache of workloadNeeds(rollout)) {
    const text = unreadableText(cache.type, caches);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The set that the status is about. */
function currentSet(rollout: Rollout, caches: CacheReader): ReplicaSet | undefined {
  const { metadata, status } = rollout;
  const name = `${metadata.name}-${status?.currentPodHash}`;
  const set = caches.of(REPLICA_SETS).get(metadata.namespace, name);
  return set !== undefined && isControlledBy(set, rollout) ? set as ReplicaSet : undefined;
}

function versionOf({ metadata: { uid = "", generation, resourceVersion } }: KubeObject): string {
  return `${uid} ${generation ?? `version ${resourceVersion}`}`;
}

/** The generation of a workload, as annotations and status say it. */
export function generationText({ object }: Workload): string {
  return String(object.metadata.generation ?? 0);
}
