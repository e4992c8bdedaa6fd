import type { Cancel, Clock } from "../../ports/clock.ts";

/** The longest delay that a timer of the runtime takes; beyond it, it would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function after(delayMs: number, callback: () => void): Cancel {
  // A timer of no length costs 25 times as much, and each pass is begun by one.
  if (delayMs <= 0) {
    const soon = setImmediate(callback);
    return () => clearImmediate(soon);
  }
  let left = delayMs;
  let timer = arm();
  function arm(): ReturnType<typeof setTimeout> {
    const stretch = Math.min(left, LONGEST_TIMER_MS);
    left -= stretch;
    return setTimeout(ring, stretch);
  }
  function ring(): void {
    if (left > 0) timer = arm();
    else callback();
  }
  return () => clearTimeout(timer);
}

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after,
});
