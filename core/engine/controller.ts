/** What a kind brings to the engine: which caches it needs, how a pass observes and decides. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../api/resources.ts";
import type { CacheReader } from "./caches.ts";
import type { Decision, Failure } from "./effect.ts";
import type { Key } from "./key.ts";
import type { Store } from "./store.ts";

/** A cache that a controller reads, and whose keys a change in it wakes. */
export interface Source {
  readonly type: ResourceType;
  readonly labelSelector?: string;
  /** Adds the indexes that observing uses. */
  readonly prepare?: (store: Store) => void;
  /** The keys to look at after this object came, changed or went. */
  readonly wakes: (object: KubeObject, caches: CacheReader) => Iterable<Key>;
}

/**
 * One kind's reconciler. `observe` reads (caches now, routers and verifiers later) and freezes what
 * it saw; `decide` is pure: same snapshot, same decision.
 */
export interface Controller<World> {
  readonly name: string;
  /** The kind whose keys these are. */
  readonly primary: ResourceType;
  readonly sources: readonly Source[];
  /** Undefined: the object is gone, or on its way out. */
  observe(key: Key, caches: CacheReader, nowMs: number): World | undefined;
  decide(world: World): Decision;
  /** What may be reported after an effect was refused: conditions and an event, nothing else. */
  decideAfterFailure(world: World, failure: Failure): Pick<Decision, "status" | "events">;
}
