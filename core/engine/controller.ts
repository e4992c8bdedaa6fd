/** What a kind brings to the engine: which caches it needs, how a pass observes and decides. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { Selection } from "../ports/cluster.ts";
import type { CacheName, CacheReader } from "./caches.ts";
import type { Decision, Failure } from "./effect.ts";
import type { Key } from "./key.ts";
import type { Store } from "./store.ts";

/** A cache that a controller reads, and whose keys a change in it wakes. */
export interface Source extends CacheName {
  /** The cache is filled once the first key needs it; absent: from the start. */
  readonly isOnDemand?: boolean;
  /** Adds the indexes that observing uses. */
  readonly prepare?: (store: Store) => void;
  /** The keys to look at after this object came, changed or went. */
  readonly wakes: (object: KubeObject, caches: CacheReader) => Iterable<Key>;
}

/** Objects to list for one pass, of a type that is not cached; one question for each type. */
export interface Question {
  readonly type: ResourceType;
  readonly selection: Selection;
}

/** What observing a key may look at. */
export interface Sight {
  readonly caches: CacheReader;
  readonly nowMs: number;
  /** Answers to the questions of this pass; none for what was not asked, or not answered. */
  readonly listed: ReadonlyMap<ResourceType, readonly KubeObject[]>;
}

/**
 * One kind's reconciler. `observe` reads (caches and what was listed, routers and verifiers later)
 * and freezes what it saw; `decide` is pure: same snapshot, same decision.
 */
export interface Controller<World> {
  readonly name: string;
  /** The kind whose keys these are. */
  readonly primary: ResourceType;
  readonly sources: readonly Source[];
  /** The sources on demand that the next pass over this key reads; absent: none, ever. */
  needs?(key: Key, caches: CacheReader): readonly CacheName[];
  /** What the next pass over this key needs beside the caches; absent: nothing, ever. */
  asks?(key: Key, caches: CacheReader, nowMs: number): readonly Question[];
  /** Undefined: the object is gone, or on its way out. */
  observe(key: Key, sight: Sight): World | undefined;
  decide(world: World): Decision;
  /** What may be reported after an effect was refused: what holds all the same, and the refusal. */
  decideAfterFailure(world: World, failure: Failure): Pick<Decision, "status" | "events">;
}
