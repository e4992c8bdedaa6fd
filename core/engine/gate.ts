/**
 * Holds a key back until its pass can rely on the caches: while one that it reads is being filled,
 * and while an answer is being loaded that may be older than what we wrote for the key. Each key
 * is let go when what *it* waits for is over, not at every event.
 */
import type { Clock } from "../ports/clock.ts";
import type { CacheName, Caches } from "./caches.ts";
import type { Key } from "./key.ts";
import type { OwnWrite, OwnWrites } from "./own_writes.ts";
import type { CacheState, Reflector } from "./reflector.ts";
import type { WorkQueue } from "./work_queue.ts";
import { lookAgain, type WritePorts } from "./write.ts";

/** How long a key waits for an answer that may be older than our own write. */
const DOUBT_MAX_MS = 5_000;

export interface GateOptions {
  readonly caches: Caches;
  readonly clock: Clock;
  readonly ownWrites: OwnWrites;
  readonly ports: WritePorts;
  /** Takes the keys that may go on. */
  readonly queue: WorkQueue;
}

export class Gate {
  readonly #options: GateOptions;
  /** What each key that is held waits for. */
  readonly #held = new Map<Key, readonly Reflector[]>();
  readonly #heldBy = new Map<Reflector, Set<Key>>();
  /** How the caches on demand were that each key needs, when it was last let through. */
  readonly #seen = new Map<Key, ReadonlyMap<Reflector, CacheState>>();
  /** Keys whose objects are being read one by one. */
  readonly #reading = new Set<Key>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Keys whose objects are being read. */
  get running(): number {
    return this.#reading.size;
  }

  /** True while no pass over this key may begin; it is queued again when that has changed. */
  isHeld(key: Key, needs: readonly CacheName[]): boolean {
    const { caches, clock, ownWrites, queue } = this.#options;
    if (this.#reading.has(key)) return true;
    const loading = caches.load(needs);
    if (loading.length > 0) return this.#hold(key, loading);
    this.#noteStates(key, needs);
    const doubtful = ownWrites.inDoubt(key);
    if (doubtful.length === 0) {
      this.#release(key);
      return false;
    }
    const leftMs = Math.max(...doubtful.map((write) => write.atMs)) + DOUBT_MAX_MS -
      clock.monotonic();
    if (leftMs > 0) queue.addAfter(key, leftMs);
    else void this.#readAgain(key, doubtful);
    return this.#hold(key, this.#loadersOf(doubtful));
  }

  /** A cache has got further: lets go of the keys that waited for just that. */
  onProgress(reflector: Reflector): void {
    for (const key of this.#heldBy.get(reflector) ?? []) {
      const isLoading = this.#held.get(key)?.some(({ cacheState }) => cacheState === "loading") ??
        false;
      if (isLoading || this.#options.ownWrites.inDoubt(key).length > 0) continue;
      this.#release(key);
      this.#options.queue.add(key);
    }
  }

  /**
   * A cache is filled for the first time, or can no longer be: wakes the keys that went on with
   * what was so before. An empty list changes no object, so no store would.
   */
  onState(reflector: Reflector): void {
    const { cacheState } = reflector;
    if (cacheState === "loading") return;
    for (const [key, states] of this.#seen) {
      const seen = states.get(reflector);
      if (seen !== undefined && seen !== cacheState) this.#options.queue.add(key);
    }
    this.onProgress(reflector);
  }

  /** The object is gone. */
  forget(key: Key): void {
    this.#seen.delete(key);
    this.#release(key);
    this.#options.ownWrites.forget(key);
  }

  #noteStates(key: Key, needs: readonly CacheName[]): void {
    const states = new Map<Reflector, CacheState>();
    for (const name of needs) {
      const reflector = this.#options.caches.reflectorOf(name);
      if (reflector !== undefined) states.set(reflector, reflector.cacheState);
    }
    if (states.size === 0) this.#seen.delete(key);
    else this.#seen.set(key, states);
  }

  #hold(key: Key, reflectors: readonly Reflector[]): true {
    this.#release(key);
    this.#held.set(key, reflectors);
    for (const reflector of reflectors) {
      const keys = this.#heldBy.get(reflector);
      if (keys === undefined) this.#heldBy.set(reflector, new Set([key]));
      else keys.add(key);
    }
    return true;
  }

  #release(key: Key): void {
    for (const reflector of this.#held.get(key) ?? []) this.#heldBy.get(reflector)?.delete(key);
    this.#held.delete(key);
  }

  #loadersOf(writes: readonly OwnWrite[]): Reflector[] {
    const found = writes.map(({ type }) => this.#options.caches.reflectorOf(type));
    return [...new Set(found)].filter((reflector) => reflector !== undefined);
  }

  /** Ends a doubt by reading the objects themselves, in no slot: other keys go on meanwhile. */
  async #readAgain(key: Key, doubtful: readonly OwnWrite[]): Promise<void> {
    const { ports, queue, ownWrites } = this.#options;
    this.#reading.add(key);
    let isRead = true;
    for (const { type, ref } of doubtful) {
      isRead = await lookAgain(type, ref, ports);
      if (!isRead) break;
    }
    this.#reading.delete(key);
    if (!isRead) {
      queue.addAfterFailure(key);
      return;
    }
    ownWrites.settle(key, doubtful);
    queue.add(key);
  }
}
