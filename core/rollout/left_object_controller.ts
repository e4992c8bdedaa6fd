/**
 * What a Rollout steered and left behind when it went (Services, DestinationRules) leads to all
 * pods again. Otherwise it would lead to a revision without pods for ever. While the Rollout is
 * there, its own stage `release` decides; see `stages/release.ts`.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS } from "../api/names/resources.ts";
import {
  type CacheReader,
  type Controller,
  type Decision,
  type Key,
  keyOfObject,
  refOfKey,
  type Sight,
  type Source,
  type Write,
} from "../engine/mod.ts";
import { freeSets, hashOf, indexSets, type ReplicaSet, wantedPods } from "../sets/mod.ts";
import type { SteeredKind } from "./steered.ts";

/** An object that was left behind by its Rollout. */
export interface LeftObject {
  readonly name: string;
  readonly manager: string;
  readonly release: Write;
}

export class LeftObjectController implements Controller<LeftObject> {
  readonly name: string;
  readonly primary: ResourceType;
  readonly sources: readonly Source[];
  readonly #kind: SteeredKind;

  constructor(kind: SteeredKind) {
    const { type, marks: { isOnDemand } } = kind;
    this.name = type.kind.toLowerCase();
    this.primary = type;
    this.#kind = kind;
    this.sources = [
      {
        type,
        isOnDemand,
        prepare: kind.prepare,
        wakes: (object, caches) => this.#leftKeys(object, caches),
      },
      {
        type: ROLLOUTS,
        wakes: (rollout, caches) =>
          kind.steeredBy(keyOfObject(rollout), caches)
            .flatMap((object) => this.#leftKeys(object, caches)),
      },
      {
        type: REPLICA_SETS,
        labelSelector: POD_TEMPLATE_HASH_LABEL,
        prepare: indexSets,
        wakes: (set, caches) =>
          kind.leadingTo(set as ReplicaSet, caches)
            .flatMap((object) => this.#leftKeys(object, caches)),
      },
    ];
  }

  observe(key: Key, { caches }: Sight): LeftObject | undefined {
    const { namespace, name } = refOfKey(key);
    const object = caches.of(this.primary).get(namespace, name);
    if (object === undefined || this.#leftKeys(object, caches).length === 0) return undefined;
    const { marks } = this.#kind;
    const manager = marks.managerOf(object);
    const hashes = marks.hashesOf(object);
    if (manager === undefined || hashes.length === 0 || isKept(object, hashes, caches)) {
      return undefined;
    }
    return { name, manager, release: marks.release(object) };
  }

  decide({ name, manager, release }: LeftObject): Decision {
    const why = `rollout "${manager}" is gone: ${name} selects all pods again`;
    return { effects: [release], events: [], why };
  }

  decideAfterFailure(): Pick<Decision, "events"> {
    return { events: [] };
  }

  /** The object itself when its Rollout is gone; one that is being deleted is there still. */
  #leftKeys(object: KubeObject, caches: CacheReader): Key[] {
    const isLeft = this.#kind.managerKeys(object).some((manager) => {
      const { namespace, name } = refOfKey(manager);
      return caches.of(ROLLOUTS).get(namespace, name) === undefined;
    });
    return isLeft ? [keyOfObject(object)] : [];
  }
}

/**
 * True while the pods that it leads to were left to be taken in again (`--cascade=orphan`): then
 * what is selected is all that tells which revision was stable.
 */
function isKept(
  { metadata: { namespace } }: KubeObject,
  hashes: readonly string[],
  caches: CacheReader,
): boolean {
  return freeSets(namespace, caches)
    .some((set) => hashes.includes(hashOf(set)) && wantedPods(set) > 0);
}
