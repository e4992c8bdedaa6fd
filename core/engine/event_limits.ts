/** How many events of an object are let through, and which are counted together. */

const BURST = 25;
const REFILL_MS = 300_000;
const SIMILAR_MAX = 10;
const SIMILAR_WINDOW_MS = 600_000;

/** A burst is let through; then one for each refill time. */
export interface Bucket {
  tokens: number;
  refilledAtMs: number;
}

export function fullBucket(atMs: number): Bucket {
  return { tokens: BURST, refilledAtMs: atMs };
}

export function takeToken(bucket: Bucket, atMs: number): boolean {
  const refills = Math.floor((atMs - bucket.refilledAtMs) / REFILL_MS);
  if (bucket.tokens + refills >= BURST) {
    Object.assign(bucket, fullBucket(atMs));
  } else if (refills > 0) {
    bucket.tokens += refills;
    bucket.refilledAtMs += refills * REFILL_MS;
  }
  if (bucket.tokens === 0) return false;
  bucket.tokens--;
  return true;
}

interface Window {
  readonly startedAtMs: number;
  readonly messages: Set<string>;
}

/** The different messages of an object's events, by type and reason, in the present window. */
export type Similar = Map<string, Window>;

/** Under which identity an event is counted, and what it then says. */
export interface Counted {
  readonly identity: string;
  readonly message: string;
}

/** An event counts by its own message, or, past the limit, with all of its reason. */
export function combine(
  similar: Similar,
  event: { type: string; reason: string; message: string; atMs: number },
): Counted {
  const kind = `${event.type} ${event.reason}`;
  let window = similar.get(kind);
  if (window === undefined || event.atMs - window.startedAtMs > SIMILAR_WINDOW_MS) {
    window = { startedAtMs: event.atMs, messages: new Set() };
    similar.set(kind, window);
  }
  if (window.messages.size <= SIMILAR_MAX) window.messages.add(event.message);
  return window.messages.size <= SIMILAR_MAX
    ? { identity: `${kind} ${event.message}`, message: event.message }
    : { identity: kind, message: `(combined from similar events): ${event.message}` };
}
