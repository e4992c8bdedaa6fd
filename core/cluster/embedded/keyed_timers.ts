import type { Cancel, Clock } from "../../ports/clock.ts";

/** One timer for each key: setting it takes the place of the one before. */
export class KeyedTimers {
  readonly #clock: Clock;
  readonly #timers = new Map<string, Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets the timer of a key; one that is infinitely far away is none. */
  set(key: string, delayMs: number, callback: () => void): void {
    this.clear(key);
    if (delayMs !== Infinity) this.#timers.set(key, this.#clock.after(delayMs, callback));
  }

  clear(key: string): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }
}
