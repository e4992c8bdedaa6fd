/**
 * Slows a key whose writes succeed and do not last: somebody undoes them, a webhook for instance,
 * and the next pass decides the same again. Such a write may be repeated twice at once, then after
 * ever longer pauses. All other writes go out as before, so nothing that gets on is slowed.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Clock } from "../ports/clock.ts";
import { type BackoffLimits, backoffMs } from "./backoff.ts";
import type { Key } from "./key.ts";
import { type Statement, valueAt } from "./statement.ts";

const FREE_REPEATS = 2;
/** With up to five writes in a pass, that is 20 writes a minute. */
const PAUSE: BackoffLimits = { firstMs: 1_000, maxMs: 15_000 };
/** What was written so long ago is no repeat. */
const MEMORY_MS = 300_000;

/** The same was written before, and did not last. */
export class DampedError extends Error {
  override readonly name = "DampedError";
}

/** What we last wrote for a key. */
interface Entry {
  /** By object, then by path. */
  readonly said: Map<string, Map<string, string>>;
  saidAtMs: number;
  repeats: number;
  repeatedAtMs: number;
  /** True in a pass that may repeat itself. */
  isOpen: boolean;
}

export class Damping {
  readonly #clock: Clock;
  /** Those that were written for last stand last. */
  readonly #entries = new Map<Key, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A pass over this key begins to write: all of its writes may be repeats, or none. */
  begin(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.isOpen = this.#leftMs(entry) === 0;
  }

  /**
   * Sees to it that a write is no repeat that comes too soon.
   *
   * @param present the object as the pass saw it; undefined: it is not cached
   * @throws {DampedError}
   */
  check(key: Key, statement: Statement, present: KubeObject | undefined): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.isOpen || !this.#isRepeat(entry, statement, present)) return;
    const seconds = Math.ceil(this.#leftMs(entry) / 1000);
    throw new DampedError(
      `Cannot ${statement.text}: this was written ${entry.repeats + 1} times and does not last. ` +
        `Something undoes it, perhaps a webhook; next try in ${seconds} s`,
    );
  }

  /** A write came true; `present` is the object before it. */
  note(key: Key, statement: Statement, present: KubeObject | undefined): void {
    const nowMs = this.#clock.monotonic();
    const entry = this.#entryOf(key, nowMs);
    if (this.#isRepeat(entry, statement, present)) {
      entry.repeats++;
      entry.repeatedAtMs = nowMs;
    }
    entry.saidAtMs = nowMs;
    const said = entry.said.get(statement.object);
    if (said === undefined || statement.isWhole) {
      entry.said.set(statement.object, new Map(statement.values));
    } else for (const [path, value] of statement.values) said.set(path, value);
  }

  /** Forgets a key whose object is gone. */
  forget(key: Key): void {
    this.#entries.delete(key);
  }

  #entryOf(key: Key, nowMs: number): Entry {
    const present = this.#entries.get(key);
    this.#entries.delete(key);
    for (const [oldest, { saidAtMs }] of this.#entries) {
      if (nowMs - saidAtMs < MEMORY_MS) break;
      this.#entries.delete(oldest);
    }
    const isFresh = present === undefined || nowMs - present.saidAtMs >= MEMORY_MS;
    const entry = isFresh
      ? { said: new Map(), saidAtMs: nowMs, repeats: 0, repeatedAtMs: -Infinity, isOpen: true }
      : present;
    if (nowMs - entry.repeatedAtMs >= MEMORY_MS) entry.repeats = 0;
    this.#entries.set(key, entry);
    return entry;
  }

  /** True when it says again what we said last, and somebody has undone it meanwhile. */
  #isRepeat(entry: Entry, { object, values }: Statement, present: KubeObject | undefined): boolean {
    const said = entry.said.get(object);
    if (said === undefined) return false;
    const again = [...values].filter(([path, value]) => said.get(path) === value);
    if (present === undefined) return again.length === values.size;
    return again.some(([path, value]) => valueAt(present, path) !== value);
  }

  #leftMs({ repeats, repeatedAtMs }: Entry): number {
    if (repeats < FREE_REPEATS) return 0;
    const pauseMs = backoffMs(repeats - FREE_REPEATS + 1, PAUSE);
    return Math.max(0, repeatedAtMs + pauseMs - this.#clock.monotonic());
  }
}
