/**
 * Times in which the cluster could not be seen, or nobody acted on it: the API server was away, a
 * watch was cut, the process stood still, nobody led. A deadline that ends something must not count
 * them: nodes could not report, and nobody could help.
 */

/** `toMs` absent: it lasts. */
export interface UnseenTime {
  readonly fromMs: number;
  readonly toMs?: number;
}

/** Shorter times count: a watch that is cut is back within that. */
const SHORT_MS = 10_000;
/** Afterwards nodes report every 10 s, and what they try again has backed off. */
const LEAST_GRACE_MS = 30_000;
/** Older ones are forgotten. */
const KEPT = 20;

/** Remembers such times, for one cache or for all. */
export class UnseenTimes {
  #past: UnseenTime[] = [];
  #fromMs: number | undefined;

  /** From now on nothing is seen; what began before goes on. */
  begin(nowMs: number): void {
    this.#fromMs ??= nowMs;
  }

  /** True when that ends a time which counts. */
  end(nowMs: number): boolean {
    if (this.#fromMs === undefined) return false;
    const isLong = this.add({ fromMs: this.#fromMs, toMs: nowMs });
    this.#fromMs = undefined;
    return isLong;
  }

  /** Tells of a time that is over; true when it counts. */
  add(time: Required<UnseenTime>): boolean {
    this.#past = [...merged([...this.#past, time])].slice(-KEPT);
    return isLong(this.#past.at(-1), time.toMs);
  }

  get all(): readonly UnseenTime[] {
    return this.#fromMs === undefined ? this.#past : [...this.#past, { fromMs: this.#fromMs }];
  }
}

/** Those that are long enough, oldest first. */
export function longUnseen(times: readonly UnseenTime[], nowMs: number): readonly UnseenTime[] {
  return merged(times).filter((time) => isLong(time, nowMs));
}

function isLong(time: UnseenTime | undefined, nowMs: number): boolean {
  return time !== undefined && (time.toMs ?? nowMs) - time.fromMs >= SHORT_MS;
}

/** Two that are close to each other are one: between them nobody could report. */
function merged(times: readonly UnseenTime[]): readonly UnseenTime[] {
  const found: UnseenTime[] = [];
  for (const time of times.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = found.at(-1);
    if (last === undefined || (last.toMs !== undefined && time.fromMs - last.toMs >= SHORT_MS)) {
      found.push(time);
    } else if (last.toMs !== undefined && (time.toMs === undefined || time.toMs > last.toMs)) {
      const { toMs } = time;
      found[found.length - 1] = { fromMs: last.fromMs, ...(toMs === undefined ? {} : { toMs }) };
    }
  }
  return found;
}

/** A deadline that counts from one moment on, for so long. */
export interface Deadline {
  readonly sinceMs: number;
  readonly durationMs: number;
}

/**
 * When a deadline ends, if unseen times do not count. After each there is at least a grace: as long
 * as it was, and at most the whole duration; while it lasts, the end is always ahead.
 */
export function endSeenMs(
  { sinceMs, durationMs }: Deadline,
  { unseen = [], nowMs }: { readonly unseen?: readonly UnseenTime[]; readonly nowMs: number },
): number {
  let endMs = sinceMs + durationMs;
  for (const { fromMs, toMs = nowMs } of unseen) {
    // It was over before.
    if (fromMs >= endMs) break;
    const lostMs = toMs - Math.max(fromMs, sinceMs);
    if (lostMs <= 0) continue;
    const graceMs = Math.min(Math.max(toMs - fromMs, LEAST_GRACE_MS), durationMs);
    endMs = Math.max(endMs + lostMs, toMs + graceMs);
  }
  return endMs;
}
