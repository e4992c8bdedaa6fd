import type { Cancel, Clock } from "../../ports/clock.ts";

/**
 * Calls back once when nothing was heard for a while. Hearing something only notes the time, so
 * that a busy stream costs no timer for each chunk.
 */
export class Silence {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #limitMs: number;
  #heardAt: number;
  #cancel: Cancel;

  constructor(clock: Clock, limitMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
    this.#limitMs = limitMs;
    this.#heardAt = clock.monotonic();
    this.#cancel = clock.after(limitMs, () => this.#check());
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic();
  }

  /** Starts anew with another limit. */
  restart(limitMs: number): void {
    this.heard();
    // The timer that runs looks again by itself.
    if (limitMs === this.#limitMs) return;
    this.#cancel();
    this.#limitMs = limitMs;
    this.#cancel = this.#clock.after(limitMs, () => this.#check());
  }

  stop(): void {
    this.#cancel();
  }

  #check(): void {
    const left = this.#heardAt + this.#limitMs - this.#clock.monotonic();
    // A timer may be early by a fraction of a millisecond.
    if (left > 0) this.#cancel = this.#clock.after(Math.ceil(left), () => this.#check());
    else this.#onSilence();
  }
}
