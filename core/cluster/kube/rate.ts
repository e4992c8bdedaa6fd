import type { Clock } from "../../ports/clock.ts";

/** So many at once, and then so many a second; who comes first is served first. */
export class Rate {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  /** Below 0: so many wait. */
  #tokens: number;
  #atMs: number;

  constructor(clock: Clock, limits: { readonly perSecond: number; readonly burst: number }) {
    this.#clock = clock;
    this.#perMs = limits.perSecond / 1000;
    this.#burst = limits.burst;
    this.#tokens = limits.burst;
    this.#atMs = clock.monotonic();
  }

  /** Takes a turn, and gives how long it is until then. */
  take(): number {
    const nowMs = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs) - 1;
    this.#atMs = nowMs;
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs);
  }
}
