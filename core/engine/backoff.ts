/** Waiting longer after each failure in a row, and not all at the same time. */
import type { Random } from "../ports/random.ts";

export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Delay in milliseconds after the nth failure in a row (from 1): doubling, up to the maximum. */
export function backoffMs(failures: number, limits: BackoffLimits): number {
  const doublings = Math.min(failures - 1, 30);
  return Math.min(limits.firstMs * 2 ** doublings, limits.maxMs);
}

/** What many do at once after a common fault is done over at least that time. */
const SPREAD_MS = 500;

/**
 * A delay with chance added: up to a third of it, or half a second. Without chance it stays so.
 */
export function spreadMs(delayMs: number, random: Random | undefined): number {
  if (random === undefined) return delayMs;
  return delayMs + Math.floor(random.next() * Math.max(SPREAD_MS, delayMs / 3));
}
