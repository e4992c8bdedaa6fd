/**
 * How fast events follow one another. While passes wait or run, they have the API server, and this
 * process, to themselves but for a few events a second; once there was a moment of quiet, events go
 * as fast as they are taken (ADR 0035).
 */
import type { Clock } from "../ports/clock.ts";

const PER_SECOND = 20;
/** So many at once: those of a few updates are there at once, whatever else goes on. */
const BURST = 20;
/** Passes that wait for pods or for one another leave gaps between them. */
const QUIET_MS = 1_000;
/** From so many on they give way no longer: none is to be lost because it was polite. */
const HURRY_FROM = 5_000;
const SECOND_MS = 1_000;

/** What events give way to. */
export interface Work {
  /** How long nothing has been going on; 0: something is. */
  readonly quietMs: number;
}

export class EventPace {
  readonly #clock: Clock;
  readonly #work: Work;
  #tokens = BURST;
  #refilledAtMs: number;

  constructor(clock: Clock, work: Work) {
    this.#clock = clock;
    this.#work = work;
    this.#refilledAtMs = clock.monotonic();
  }

  /** How long the next of so many has to wait; 0: it may go. */
  waitMs(waiting: number): number {
    if (waiting > HURRY_FROM || this.#work.quietMs >= QUIET_MS) return 0;
    this.#refill();
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) * SECOND_MS / PER_SECOND);
  }

  /** One has gone. */
  spend(): void {
    this.#refill();
    this.#tokens = Math.max(0, this.#tokens - 1);
  }

  #refill(): void {
    const nowMs = this.#clock.monotonic();
    const more = (nowMs - this.#refilledAtMs) * PER_SECOND / SECOND_MS;
    this.#tokens = Math.min(BURST, this.#tokens + more);
    this.#refilledAtMs = nowMs;
  }
}
