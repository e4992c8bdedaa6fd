import type { Cancel, Clock } from "../../../../core/ports/mod.ts";

interface Timer {
  readonly dueMs: number;
  readonly delayMs: number;
  readonly callback: () => void;
}

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #timers = new Set<Timer>();
  /** Timers that were ever made. */
  made = 0;
  #waiting: { delayMs: number; count: number; resolve: () => void }[] = [];

  now(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Cancel {
    const timer = { dueMs: this.#nowMs + delayMs, delayMs, callback };
    this.#timers.add(timer);
    this.made++;
    this.#tell();
    return () => this.#timers.delete(timer);
  }

  /** Moves on, and fires on the way what falls due. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    while (true) {
      const due = [...this.#timers].filter(({ dueMs }) => dueMs <= endMs);
      const next = due.sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#timers.delete(next);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** Resolves as soon as `count` timers of exactly this delay run. */
  armed(delayMs: number, count = 1): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ delayMs, count, resolve });
      this.#tell();
    });
  }

  /** Timers that run now. */
  get timers(): number {
    return this.#timers.size;
  }

  #tell(): void {
    this.#waiting = this.#waiting.filter(({ delayMs, count, resolve }) => {
      const running = [...this.#timers].filter((timer) => timer.delayMs === delayMs).length;
      if (running >= count) resolve();
      return running < count;
    });
  }
}
