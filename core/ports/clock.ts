/** The clock port: the only source of time and timers for everything but the adapters. */

/** Takes a timer back; harmless when it has fired. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Milliseconds since some fixed instant; never goes back; may not count sleep. */
  monotonic(): number;
  /** Calls back once after `delayMs` (0 or more), never before this call returns. */
  after(delayMs: number, callback: () => void): Cancel;
}

/** Resolves after `delayMs` on that clock. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve));
}
