import type { Cancel, Clock } from "../../ports/clock.ts";

interface Timer {
  readonly dueMs: number;
  /** Timers due at the same time fire in the order in which they were set. */
  readonly order: number;
  callback: (() => void) | undefined;
  /** Housekeeping: it goes on for ever, and by itself changes nothing. */
  readonly isBackground: boolean;
}

/** A clock that stands still until it is told to move; its timers fire only through `runDue`. */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #startMs: number;
  #order = 0;
  /** A binary heap, earliest first; cancelled timers are dropped when they reach the top. */
  readonly #heap: Timer[] = [];
  #foregroundTimers = 0;
  /** The same clock for housekeeping: its timers do not count as something still to happen. */
  readonly background: Clock = {
    now: () => this.now(),
    monotonic: () => this.monotonic(),
    after: (delayMs, callback) => this.#set(delayMs, callback, true),
  };

  constructor(startMs: number) {
    this.#nowMs = startMs;
    this.#startMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs;
  }

  after(delayMs: number, callback: () => void): Cancel {
    return this.#set(delayMs, callback, false);
  }

  /** True while a timer is set that is not housekeeping. */
  hasForegroundTimers(): boolean {
    return this.#foregroundTimers > 0;
  }

  /** How long it is to each timer that is not housekeeping, the shortest first. */
  foregroundDelaysMs(): number[] {
    return this.#heap.filter(({ callback, isBackground }) => callback && !isBackground)
      .map(({ dueMs }) => dueMs - this.#nowMs)
      .sort((one, other) => one - other);
  }

  /** When the next timer is due; undefined when none is set. */
  nextDueMs(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.dueMs;
  }

  /** Runs one timer that is due; false when none is. */
  runDue(): boolean {
    this.#dropCancelled();
    const first = this.#heap[0];
    if (first === undefined || first.dueMs > this.#nowMs) return false;
    this.#pop();
    const callback = first.callback;
    this.#disarm(first);
    callback?.();
    return true;
  }

  /** Moves the clock forward to `ms` and runs nothing; it never goes back. */
  advanceTo(ms: number): void {
    if (ms > this.#nowMs) this.#nowMs = ms;
  }

  #set(delayMs: number, callback: () => void, isBackground: boolean): Cancel {
    // An unreadable delay must not sink to the bottom of the heap and stay there.
    const delay = delayMs > 0 ? delayMs : 0;
    const timer: Timer = {
      dueMs: this.#nowMs + delay,
      order: this.#order++,
      callback,
      isBackground,
    };
    if (!isBackground) this.#foregroundTimers++;
    this.#push(timer);
    return () => this.#disarm(timer);
  }

  #disarm(timer: Timer): void {
    if (timer.callback === undefined) return;
    timer.callback = undefined;
    if (!timer.isBackground) this.#foregroundTimers--;
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]?.callback === undefined) this.#pop();
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Timer;
      if (!isBefore(timer, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && isBefore(heap[right] as Timer, heap[child] as Timer)) {
        child = right;
      }
      if (!isBefore(heap[child] as Timer, last)) break;
      heap[index] = heap[child] as Timer;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.dueMs !== other.dueMs ? one.dueMs < other.dueMs : one.order < other.order;
}
