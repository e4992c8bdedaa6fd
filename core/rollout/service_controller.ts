/**
 * The Service controller: a Service whose Rollout is gone gets back the selector that it had.
 * Otherwise it would select a revision without pods for ever. While the Rollout is there, its own
 * stage `release` decides; see `stages/release.ts`.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { MANAGED_BY_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS, SERVICES } from "../api/names/resources.ts";
import {
  type CacheReader,
  type Controller,
  type Decision,
  type Key,
  keyOf,
  keyOfObject,
  refOfKey,
  type Sight,
  type Source,
  type Store,
} from "../engine/mod.ts";
import { freeSets, hashOf, indexSets, type ReplicaSet, wantedPods } from "../sets/mod.ts";
import { releaseWrite, selectedHash } from "./service.ts";
import type { Service } from "./world.ts";

/** Index of Services by the Rollout that steers them, or did (`namespace/rollout`). */
const BY_MANAGER = "manager";
/** Index of those Services by the hash that they select (`namespace/hash`). */
const BY_SELECTED_HASH = "selected hash";

/** A Service that was left behind by its Rollout. */
export interface LeftService {
  readonly service: Service;
  readonly manager: string;
}

export class ServiceController implements Controller<LeftService> {
  readonly name = "service";
  readonly primary = SERVICES;
  readonly sources: readonly Source[] = [
    { type: SERVICES, prepare: indexServices, wakes: leftKeys },
    {
      type: ROLLOUTS,
      wakes: (rollout, caches) =>
        servicesManagedBy(keyOfObject(rollout), caches).flatMap((one) => leftKeys(one, caches)),
    },
    {
      type: REPLICA_SETS,
      labelSelector: POD_TEMPLATE_HASH_LABEL,
      prepare: indexSets,
      wakes: (set, caches) => {
        const term = keyOf(set.metadata.namespace, hashOf(set as ReplicaSet));
        const selecting = caches.of(SERVICES).byIndex(BY_SELECTED_HASH, term);
        return selecting.flatMap((service) => leftKeys(service, caches));
      },
    },
  ];

  observe(key: Key, { caches }: Sight): LeftService | undefined {
    const { namespace, name } = refOfKey(key);
    const service = caches.of(SERVICES).get(namespace, name) as Service | undefined;
    const manager = service === undefined ? undefined : managerOf(service);
    if (service === undefined || manager === undefined) return undefined;
    const isLeft = leftKeys(service, caches).length > 0 && selectedHash(service) !== "";
    return isLeft && !isKept(service, caches) ? { service, manager } : undefined;
  }

  decide({ service, manager }: LeftService): Decision {
    const why = `rollout "${manager}" is gone: ${service.metadata.name} selects all pods again`;
    return { effects: [releaseWrite(service)], events: [], why };
  }

  decideAfterFailure(): Pick<Decision, "events"> {
    return { events: [] };
  }
}

export function indexServices(store: Store): void {
  store.addIndex(BY_MANAGER, managerKeys);
  store.addIndex(BY_SELECTED_HASH, selectedTerms);
}

/** The Services that this Rollout steers, or did. */
export function servicesManagedBy(key: Key, caches: CacheReader): readonly Service[] {
  return caches.of(SERVICES).byIndex(BY_MANAGER, key) as readonly Service[];
}

/** The Rollout that steers a Service, or did. */
export function managerKeys(service: KubeObject): Key[] {
  const manager = managerOf(service);
  return manager === undefined ? [] : [keyOf(service.metadata.namespace, manager)];
}

function managerOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[MANAGED_BY_ANNOTATION];
}

function selectedTerms(service: KubeObject): Key[] {
  const hash = selectedHash(service);
  const isSteered = managerOf(service) !== undefined && hash !== "";
  return isSteered ? [keyOf(service.metadata.namespace, hash)] : [];
}

/** The Service itself when its Rollout is gone; one that is being deleted is there still. */
function leftKeys(service: KubeObject, caches: CacheReader): Key[] {
  const { namespace } = service.metadata;
  const manager = managerOf(service);
  const isLeft = manager !== undefined && caches.of(ROLLOUTS).get(namespace, manager) === undefined;
  return isLeft ? [keyOfObject(service)] : [];
}

/**
 * True while the pods that it selects were left to be taken in again (`--cascade=orphan`): then
 * what the Services select is all that tells which revision was stable.
 */
function isKept(service: Service, caches: CacheReader): boolean {
  const hash = selectedHash(service);
  return freeSets(service.metadata.namespace, caches)
    .some((set) => hashOf(set) === hash && wantedPods(set) > 0);
}
