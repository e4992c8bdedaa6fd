/** How long a busy server wants to be left alone. */

/** Whoever asks for more is asked again after this time. */
const LONGEST_MS = 10 * 60_000;

/** Milliseconds from now; the header holds seconds, or a date. Undefined: it says nothing. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  const delayMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  if (Number.isNaN(delayMs)) return undefined;
  return Math.min(Math.max(delayMs, 0), LONGEST_MS);
}
