/** All stores with their reflectors, by resource type and label selector. */
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import type { CacheState, CacheTrouble, Reflector } from "./reflector.ts";
import type { Store, StoreReader } from "./store.ts";
import { longUnseen, type UnseenTime, UnseenTimes } from "./unseen.ts";

/** Names one cache. Two caches of a type hold objects with other labels. */
export interface CacheName {
  readonly type: ResourceType;
  readonly labelSelector?: string;
}

/** What observing a key may read. */
export interface CacheReader {
  /** The first cache of a type, or the one that is named. */
  of(name: ResourceType | CacheName): StoreReader;
  /**
   * Why a cache on demand may be empty; of a standing one a pass sees that it is filled, always.
   * A pass waits while it is loading, and does not when it is missing or forbidden. What may not be
   * listed counts as filled where all objects that the key needs were read one by one.
   */
  stateOf(name: ResourceType | CacheName): CacheState;
  /**
   * Whether objects of that namespace would be seen, or without one those of all; absent: they are.
   */
  sees?(type: ResourceType, namespace?: string): boolean;
  /**
   * When these could not be followed, or nobody acted, as far as it is long enough to count, oldest
   * first; absent: never.
   */
  unseen?(types: readonly ResourceType[], nowMs: number): readonly UnseenTime[];
}

/** How one cache is, for people and probes. */
export interface CacheSight {
  readonly type: ResourceType;
  /** Absent: that of all namespaces. */
  readonly namespace?: string | undefined;
  /** True when no pass begins before it is filled. */
  readonly isStanding: boolean;
  readonly state: CacheState;
  readonly trouble: CacheTrouble | undefined;
}

/** What a pass reads, and where the answers to its writes go. */
export interface CacheView extends CacheReader {
  of(name: ResourceType | CacheName): Store;
  /** Undefined as well while the cluster says that there is nothing to cache, or not for us. */
  storeOf(type: ResourceType): Store | undefined;
}

function idOf(type: ResourceType): string {
  return `${apiVersionOf(type)}/${type.plural}`;
}

export class Caches implements CacheView {
  readonly #reflectors = new Map<string, Reflector[]>();
  /** The same by the type itself: every pass asks many times. */
  readonly #byType = new Map<ResourceType, Reflector[]>();
  readonly #all: Reflector[] = [];
  /** Filled from the start; the others are once they are needed. */
  readonly #standing = new Set<Reflector>();
  /** When nothing at all was seen, or nobody acted. */
  readonly #standstills = new UnseenTimes();
  /** Filled from the start as well, but nobody waits for them. */
  readonly #eager = new Set<Reflector>();

  add(reflector: Reflector): void {
    const id = idOf(reflector.store.type);
    const present = this.#reflectors.get(id);
    if (present === undefined) this.#reflectors.set(id, [reflector]);
    else present.push(reflector);
    this.#all.push(reflector);
  }

  /** Has a cache filled from the start, and lets all passes wait until it is. */
  keepStanding(reflector: Reflector): void {
    this.#standing.add(reflector);
  }

  /** Has a cache filled from the start, and lets only those passes wait that need it. */
  keepEager(reflector: Reflector): void {
    this.#eager.add(reflector);
  }

  isStanding(reflector: Reflector): boolean {
    return this.#standing.has(reflector);
  }

  reflectorOf(name: ResourceType | CacheName): Reflector | undefined {
    if (!("type" in name)) return this.#ofType(name)?.[0];
    const { type, labelSelector } = name;
    return this.#ofType(type)?.find(({ selection }) => selection.labelSelector === labelSelector);
  }

  #ofType(type: ResourceType): Reflector[] | undefined {
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    const found = this.#reflectors.get(idOf(type));
    if (found !== undefined) this.#byType.set(type, found);
    return found;
  }

  of(name: ResourceType | CacheName): Store {
    return this.#require(name).store;
  }

  stateOf(name: ResourceType | CacheName): CacheState {
    return this.#require(name).cacheState;
  }

  sees(type: ResourceType, namespace?: string): boolean {
    const own = this.reflectorOf(type)?.selection.namespace;
    return !type.namespaced || own === undefined || own === namespace;
  }

  unseen(types: readonly ResourceType[], nowMs: number): readonly UnseenTime[] {
    const times = [...this.#standstills.all];
    for (const type of types) {
      for (const { unseen } of this.#ofType(type) ?? []) times.push(...unseen);
    }
    return times.length === 0 ? times : longUnseen(times, nowMs);
  }

  /** Tells that nobody saw or acted; true when it was long enough to count. */
  stoodStill(time: Required<UnseenTime>): boolean {
    return this.#standstills.add(time);
  }

  storeOf(type: ResourceType): Store | undefined {
    const reflector = this.reflectorOf(type);
    // What is merged into such a store would never be told to be otherwise.
    return reflector?.isUnavailable === true ? undefined : reflector?.store;
  }

  /** @throws when the type is not cached: a mistake of the program, not of its user. */
  #require(name: ResourceType | CacheName): Reflector {
    const reflector = this.reflectorOf(name);
    if (reflector !== undefined) return reflector;
    const { plural } = "type" in name ? name.type : name;
    throw new Error(`Cannot read "${plural}": it is not cached`);
  }

  /** Those that are in use. */
  sights(): CacheSight[] {
    return this.#all.filter(({ isStarted }) => isStarted).map((reflector) => ({
      type: reflector.store.type,
      namespace: reflector.selection.namespace,
      isStanding: this.#standing.has(reflector),
      state: reflector.cacheState,
      trouble: reflector.trouble,
    }));
  }

  /** Lists in flight. */
  get running(): number {
    let running = 0;
    for (const reflector of this.#all) running += reflector.running;
    return running;
  }

  /** True once every standing cache has been filled. */
  get hasSynced(): boolean {
    for (const reflector of this.#standing) if (!reflector.hasSynced) return false;
    return true;
  }

  start(): void {
    for (const reflector of this.#standing) reflector.start();
    for (const reflector of this.#eager) reflector.start();
  }

  /** Has all that are in use filled anew. */
  refresh(): void {
    for (const reflector of this.#all) reflector.refresh();
  }

  stop(): void {
    for (const reflector of this.#all) reflector.stop();
  }

  /** Sees to it that these are being filled; gives those that a pass has to wait for. */
  load(names: readonly CacheName[]): readonly Reflector[] {
    const loading: Reflector[] = [];
    for (const name of names) {
      const reflector = this.reflectorOf(name);
      reflector?.start();
      if (reflector?.cacheState === "loading") loading.push(reflector);
    }
    return loading;
  }
}
