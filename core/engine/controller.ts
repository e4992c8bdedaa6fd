/** What a kind brings to the engine: which caches it needs, how a pass observes and decides. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { EventDraft, ObjectRef } from "../../sdk/wire/write.ts";
import type { CacheName, CacheReader } from "./caches.ts";
import type { Decision, Failure } from "./effect.ts";
import type { Answers, Inquiry } from "./inquiry.ts";
import type { Key } from "./key.ts";
import type { StatusPlace } from "./report_status.ts";
import type { Status } from "./status_patch.ts";
import type { Store } from "./store.ts";

/** A cache that a controller reads, and whose keys a change in it wakes. */
export interface Source extends CacheName {
  /** The cache is filled once the first key needs it; absent: from the start. */
  readonly isOnDemand?: boolean;
  /** Of one on demand: it is filled from the start, though no pass waits for it by itself. */
  readonly isEager?: boolean;
  /** Adds the indexes that observing uses. */
  readonly prepare?: (store: Store) => void;
  /** The keys to look at after this object came, changed or went. */
  readonly wakes: (object: KubeObject, caches: CacheReader) => Iterable<Key>;
}

/** What a pass reads of a source on demand. */
export interface Need extends CacheName {
  /**
   * The objects that it reads. Where they may not be listed, these are read one by one, and the
   * pass sees them in the cache as ever; absent: none is. Looked at only there.
   */
  readonly refs?: readonly ObjectRef[];
}

/** What observing a key may look at. */
export interface Sight {
  readonly caches: CacheReader;
  readonly nowMs: number;
  /** What is known of the key's inquiries, by their ids. */
  readonly answers: Answers;
}

/**
 * One kind's reconciler. `observe` reads (caches, and answers to what the key inquires about) and
 * freezes what it saw; `decide` is pure: same snapshot, same decision.
 */
export interface Controller<World> {
  readonly name: string;
  /** The kind whose keys these are. */
  readonly primary: ResourceType;
  /** Where this kind takes its status; absent: the subresource. */
  readonly statusIn?: StatusPlace;
  readonly sources: readonly Source[];
  /** The sources on demand that the next pass over this key reads; absent: none, ever. */
  needs?(key: Key, caches: CacheReader): readonly Need[];
  /**
   * What this key needs to know beside the caches, as they are; absent: nothing, ever. A pass never
   * waits for an answer: it sees that one is pending, and does what it can.
   */
  inquiries?(key: Key, caches: CacheReader, nowMs: number): readonly Inquiry[];
  /** Undefined: the object is gone, or on its way out. */
  observe(key: Key, sight: Sight): World | undefined;
  decide(world: World): Decision;
  /**
   * The part of a status that is reported at once, for people or this controller act on it; the
   * rest may wait for a moment. Absent: all of it.
   */
  promptPart?(status: Status): unknown;
  /** What may be reported after a write was refused: what holds all the same, and the refusal. */
  decideAfterFailure(world: World, failure: Failure): Pick<Decision, "status" | "events">;
  /** What is told of an object of this kind that is gone; absent: nothing. */
  eventsOfDeleted?(object: KubeObject): readonly EventDraft[];
}
