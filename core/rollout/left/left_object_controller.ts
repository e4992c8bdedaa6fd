/**
 * What a Rollout steered and left behind when it went (Services, DestinationRules) leads to all
 * pods again. Otherwise it would lead to a revision without pods for ever. While the Rollout is
 * there, its own stage `release` decides; see `stages/release.ts`.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../api/names/resources.ts";
import {
  type CacheReader,
  type Controller,
  type Decision,
  type Inquiry,
  type Key,
  keyOfObject,
  refOfKey,
  type Sight,
  type Source,
  type Write,
} from "../../engine/mod.ts";
import { indexSets, type ReplicaSet } from "../../sets/mod.ts";
import type { SteeredKind } from "../steered.ts";
import { arePodsKept, ROLLOUT, rolloutInquiry } from "./gone.ts";

/** An object that was left behind by its Rollout. */
export interface LeftObject {
  readonly name: string;
  /** False while that is being asked, and when the cache merely does not show it. */
  readonly isManagerGone: boolean;
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

  inquiries(key: Key, caches: CacheReader): readonly Inquiry[] {
    const left = this.#leftOf(key, caches);
    if (left === undefined) return [];
    return [rolloutInquiry({ ...namespaceOf(left.object), name: left.manager })];
  }

  observe(key: Key, { caches, answers }: Sight): LeftObject | undefined {
    const left = this.#leftOf(key, caches);
    if (left === undefined) return undefined;
    const { object, manager } = left;
    const answer = answers.get(ROLLOUT);
    const isManagerGone = answer?.state === "answered" && answer.value === null;
    const { name } = object.metadata;
    return { name, manager, isManagerGone, release: this.#kind.marks.release(object) };
  }

  decide({ name, manager, isManagerGone, release }: LeftObject): Decision {
    if (!isManagerGone) {
      const why = `rollout "${manager}" is not known to be gone: ${name} stays as it is`;
      return { effects: [], events: [], why };
    }
    const why = `rollout "${manager}" is gone: ${name} selects all pods again`;
    return { effects: [release], events: [], why };
  }

  decideAfterFailure(): Pick<Decision, "events"> {
    return { events: [] };
  }

  /** An object that nobody seems to steer any more, and that leads to some pods only. */
  #leftOf(
    key: Key,
    caches: CacheReader,
  ): { readonly object: KubeObject; readonly manager: string } | undefined {
    const { namespace, name } = refOfKey(key);
    const object = caches.of(this.primary).get(namespace, name);
    if (object === undefined || this.#leftKeys(object, caches).length === 0) return undefined;
    const { marks } = this.#kind;
    const manager = marks.managerOf(object);
    const hashes = marks.hashesOf(object);
    if (manager === undefined || hashes.length === 0) return undefined;
    // What is selected is all that tells which revision was stable.
    return arePodsKept(namespace, hashes, caches) ? undefined : { object, manager };
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

function namespaceOf({ metadata: { namespace } }: KubeObject): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}
