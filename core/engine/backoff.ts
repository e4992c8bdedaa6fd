/** Waiting longer after each failure in a row. */

export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Delay in milliseconds after the nth failure in a row (from 1): doubling, up to the maximum. */
export function backoffMs(failures: number, limits: BackoffLimits): number {
  const doublings = Math.min(failures - 1, 30);
  return Math.min(limits.firstMs * 2 ** doublings, limits.maxMs);
}
