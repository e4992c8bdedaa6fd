/**
 * Reports that wait for a moment: what they add to the last one is only how far pods have got, and
 * the next report mostly says more. One that nothing follows is written when its time is over. Each
 * pass decides the report anew: what is kept only tells since when it says what it says.
 */
import type { Clock } from "../ports/clock.ts";
import type { Key } from "./key.ts";
import { type Status, statusPatch } from "./status_patch.ts";

/** A pod is ready in 1 to 2 s, and what ends a step says again what was said meanwhile. */
const HELD_MAX_MS = 1_500;

interface Held {
  /** Until when, by the monotonic clock. */
  readonly endMs: number;
  /** As it was first decided. */
  readonly status: Status;
}

export class HeldReports {
  readonly #clock: Clock;
  readonly #held = new Map<Key, Held>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The report to write now, with the times at which it was first decided; undefined while it
   * waits, from the first report of the key on that may.
   */
  hold(key: Key, status: Status): Status | undefined {
    const nowMs = this.#clock.monotonic();
    const before = this.#held.get(key);
    const isSame = before !== undefined && statusPatch(before.status, status) === undefined;
    const held = {
      endMs: before?.endMs ?? nowMs + HELD_MAX_MS,
      status: isSame ? before.status : status,
    };
    this.#held.set(key, held);
    return nowMs < held.endMs ? undefined : held.status;
  }

  /** How much longer the report of this key waits; undefined: none does. */
  leftMs(key: Key): number | undefined {
    const held = this.#held.get(key);
    return held === undefined ? undefined : Math.max(0, held.endMs - this.#clock.monotonic());
  }

  /** Everything is reported, or the object is gone. */
  release(key: Key): void {
    this.#held.delete(key);
  }

  /** Another process reports. */
  reset(): void {
    this.#held.clear();
  }
}
