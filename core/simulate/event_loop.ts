/** Waiting for what answers from outside of virtual time: a worker, a server of this machine. */
import type { Clock } from "../ports/clock.ts";

/** So long nothing came: virtual time goes on, and with it the deadlines of who asked. */
const PATIENCE_MS = 10_000;

export class EventLoop {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  /** So many in flight are not waited for any more. */
  #givenUp = 0;

  /** `clock` is that of the machine. */
  constructor(clock: Clock, patienceMs = PATIENCE_MS) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /** True when, of so many in flight, none is waited for. */
  isQuiet(running: number): boolean {
    this.#givenUp = Math.min(this.#givenUp, running);
    return running === this.#givenUp;
  }

  /** Turns until the count changes; when that takes too long, what is in flight is given up. */
  async turnWhile(running: () => number): Promise<void> {
    const before = running();
    const startMs = this.#clock.monotonic();
    while (running() === before) {
      if (this.#clock.monotonic() - startMs >= this.#patienceMs) {
        this.#givenUp = before;
        return;
      }
      await new Promise<void>((resolve) => this.#clock.after(0, resolve));
    }
  }
}
