/** A source that is busy and says when to come back. */
import type { Reading } from "../../sdk/metric_provider.ts";
import type { HttpResponse } from "../../sdk/ports.ts";

/** Whoever asks for more is asked again after this time. */
const LONGEST_MS = 10 * 60_000;

/** The reading for a 429 or 503 with `Retry-After`; undefined for any other answer. */
export function laterReading(
  { status, headers }: HttpResponse,
  nowMs: number,
): Extract<Reading, { is: "later" }> | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const delayMs = delayOf(headers["retry-after"], nowMs);
  if (delayMs === undefined) return undefined;
  const seconds = Math.ceil(delayMs / 1000);
  return {
    is: "later",
    retryAtMs: nowMs + delayMs,
    message: `the source is busy (status ${status}): asked again in ${seconds} s`,
  };
}

/** Seconds, or a date. */
function delayOf(retryAfter: string | undefined, nowMs: number): number | undefined {
  const text = retryAfter?.trim() ?? "";
  const delayMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  if (Number.isNaN(delayMs)) return undefined;
  return Math.min(Math.max(delayMs, 0), LONGEST_MS);
}
