/**
 * The queue of keys to look at. A key is in it at most once, and never worked on twice at a time: a
 * key added while its pass runs is looked at again afterwards. Each key has at most one timer,
 * for its next look or its next try.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import { type BackoffLimits, backoffMs } from "./backoff.ts";
import type { Key } from "./key.ts";

const RETRY: BackoffLimits = { firstMs: 10, maxMs: 10_000 };

/** Is told what happens to keys: for metrics. No method may throw. */
export interface QueueMeter {
  /** A key can be taken. */
  added(key: Key): void;
  /** Its pass begins. */
  taken(key: Key): void;
  done(key: Key): void;
  /** It is looked at again after a failure. */
  retried(): void;
}

interface Timer {
  readonly atMs: number;
  /** True when it waits because the last pass failed. */
  readonly isBackoff: boolean;
  readonly cancel: Cancel;
}

export class WorkQueue {
  readonly #clock: Clock;
  readonly #retryClock: Clock;
  readonly #ready = new Set<Key>();
  readonly #working = new Set<Key>();
  readonly #again = new Set<Key>();
  /** Keys in a pass for which an answer has come meanwhile. */
  readonly #answered = new Set<Key>();
  readonly #timers = new Map<Key, Timer>();
  readonly #failures = new Map<Key, number>();
  readonly #onReady: () => void;
  readonly #meter: QueueMeter | undefined;
  #isStopped = false;

  /**
   * `onReady` is called whenever a key may be taken; it must not take one synchronously. Looks that
   * are only another try are timed by `retryClock`, which shows the same time as `clock`.
   */
  constructor(
    clock: Clock,
    onReady: () => void,
    { retryClock = clock, meter }: {
      readonly retryClock?: Clock;
      readonly meter?: QueueMeter | undefined;
    } = {},
  ) {
    this.#clock = clock;
    this.#retryClock = retryClock;
    this.#meter = meter;
    this.#onReady = onReady;
  }

  /** Keys that can be taken now. */
  get readyCount(): number {
    return this.#ready.size;
  }

  /** Look at this key as soon as possible. */
  add(key: Key): void {
    if (this.#isStopped) return;
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    if (this.#ready.has(key)) return;
    this.#ready.add(key);
    this.#meter?.added(key);
    this.#onReady();
  }

  /** An answer has come: look at this key, unless it is waiting after a failure. */
  addAnswered(key: Key): void {
    if (this.#working.has(key)) this.#answered.add(key);
    else if (this.#timers.get(key)?.isBackoff !== true) this.add(key);
  }

  /** Look at this key after `delayMs` at the latest. */
  addAfter(key: Key, delayMs: number, { isRetry = false, isBackoff = false } = {}): void {
    // A timer would keep the process alive.
    if (this.#isStopped) return;
    const atMs = this.#clock.monotonic() + delayMs;
    const present = this.#timers.get(key);
    if (present !== undefined && present.atMs <= atMs) return;
    present?.cancel();
    const clock = isRetry ? this.#retryClock : this.#clock;
    const cancel = clock.after(delayMs, () => {
      this.#timers.delete(key);
      this.add(key);
    });
    this.#timers.set(key, { atMs, isBackoff, cancel });
  }

  /** Look again after a failure: later with each failure in a row. Gives the delay. */
  addAfterFailure(key: Key): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const delayMs = backoffMs(failures, RETRY);
    this.#meter?.retried();
    this.addAfter(key, delayMs, { isBackoff: true });
    return delayMs;
  }

  /** Failures in a row. */
  failuresOf(key: Key): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Ends a row of failures. */
  succeeded(key: Key): void {
    this.#failures.delete(key);
  }

  /** Takes the key that has waited longest; give it back with `done`. */
  take(): Key | undefined {
    for (const key of this.#ready) {
      this.#ready.delete(key);
      this.#working.add(key);
      this.#meter?.taken(key);
      // The pass decides afresh when to look again.
      this.#timers.get(key)?.cancel();
      this.#timers.delete(key);
      return key;
    }
    return undefined;
  }

  done(key: Key): void {
    this.#working.delete(key);
    this.#meter?.done(key);
    if (this.#answered.delete(key)) this.addAnswered(key);
    if (this.#again.delete(key)) this.add(key);
  }

  /** Forgets all that is planned for a key whose object is gone. */
  forget(key: Key): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    this.#failures.delete(key);
  }

  /** Cancels every timer; nothing is ready any more, and nothing will be. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#ready.clear();
  }
}
