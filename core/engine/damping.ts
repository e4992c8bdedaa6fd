/**
 * Slows a key whose writes succeed and do not last: somebody undoes them, a webhook for instance,
 * and the next pass decides the same again. Such a write may be repeated twice at once, then after
 * ever longer pauses (3, 6, 12, 20 s). All other writes go out as before, so nothing that gets on
 * is slowed. What the cluster refuses again and again is not asked at every event either.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Clock } from "../ports/clock.ts";
import { type BackoffLimits, backoffMs } from "./backoff.ts";
import type { Key } from "./key.ts";
import {
  basisOf,
  type Grounds,
  isReturn,
  isSaidBefore,
  isSame,
  type Saying,
  sayingOf,
} from "./saying.ts";
import {
  ABSENT,
  exactValueAt,
  isOfOwners,
  isTextAt,
  type Statement,
  valueAt,
} from "./statement.ts";

/** Of each object; somebody may have changed it back by hand. */
const FREE_REPEATS = 2;
/** With six writes in a pass, that is 18 writes a minute. */
const PAUSE: BackoffLimits = { firstMs: 3_000, maxMs: 20_000 };
/** As long as the queue waits after so many failures: its tries go out, those of events do not. */
const REFUSED: BackoffLimits = { firstMs: 10, maxMs: 10_000 };
/** Writes that are said in turn. */
const RECENT_MAX = 4;
/** What was written so long ago is no repeat. */
const MEMORY_MS = 300_000;
const USER_MS = 20_000;
/** Evictions that may come to nothing in such a time, however many pods there are. */
const FRUITLESS_MAX = 10;
const FRUITLESS_MS = 30_000;

/** The same was written before, and did not last. */
export class DampedError extends Error {
  override readonly name = "DampedError";
}

/** A write that was refused. */
interface Refusal extends Saying {
  readonly error: Error;
  /** In a row. */
  readonly count: number;
  readonly atMs: number;
}

/** What a write is compared with. */
interface Telling extends Grounds {
  readonly saying: Saying;
}

/** What we last wrote of one object. */
interface Said {
  /** By path. */
  values: Map<string, string>;
  /** By path: the times in these values. */
  times: Map<string, string>;
  /** The last few writes; the last one stands first. */
  recent: readonly Saying[];
  saidAtMs: number;
  repeats: number;
}

/** What we last wrote for a key. */
interface Entry {
  readonly said: Map<string, Said>;
  /** By object. */
  readonly refusals: Map<string, Refusal>;
  saidAtMs: number;
  /** Of all objects, beyond those that are free. */
  repeats: number;
  repeatedAtMs: number;
  /** True in a pass that may repeat itself. */
  isOpen: boolean;
  /** When evictions came to nothing, the last of them; the oldest stands first. */
  fruitlessAtMs: readonly number[];
}

export class Damping {
  readonly #clock: Clock;
  /** Those that were written for last stand last. */
  readonly #entries = new Map<Key, Entry>();
  /** Of the objects that passes in flight are about: each of their writes is told by it. */
  readonly #bases = new WeakMap<KubeObject, string>();

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
   * @throws {DampedError} or, without asking again, what the cluster answered a moment ago
   */
  check(key: Key, statement: Statement, grounds: Grounds): void {
    const entry = this.#entries.get(key);
    const refusal = entry?.refusals.get(statement.object);
    if (
      refusal !== undefined && this.#isRefusedStill(refusal, this.#sayingOf(statement, grounds))
    ) {
      throw refusal.error;
    }
    const said = entry?.said.get(statement.object);
    if (entry === undefined || said === undefined || entry.isOpen) return;
    if (said.repeats < FREE_REPEATS) return;
    const saying = this.#sayingOf(statement, grounds);
    if (!this.#isRepeat(said, statement, { saying, ...grounds })) return;
    // Nothing here may change from pass to pass: it becomes a part of statuses.
    throw new DampedError(
      `Cannot ${statement.text}: this was written several times and does not last. Something ` +
        `undoes it, perhaps a webhook; it is tried again every ${
          PAUSE.maxMs / 1000
        } s at the latest`,
    );
  }

  /** A write came true. */
  note(key: Key, statement: Statement, grounds: Grounds): void {
    const nowMs = this.#clock.monotonic();
    const entry = this.#entryOf(key, nowMs);
    entry.saidAtMs = nowMs;
    entry.refusals.delete(statement.object);
    let said = entry.said.get(statement.object);
    if (said === undefined) entry.said.set(statement.object, said = newlySaid(nowMs));
    const saying = this.#sayingOf(statement, grounds);
    if (this.#isRepeat(said, statement, { saying, ...grounds })) {
      said.repeats++;
      entry.repeatedAtMs = nowMs;
      if (said.repeats > FREE_REPEATS) entry.repeats++;
    }
    said.saidAtMs = nowMs;
    // Our own write brings our entry among the owners back: to take it out again is news.
    for (const path of said.values.keys()) if (isOfOwners(path)) said.values.delete(path);
    if (statement.isWhole) said.values = new Map(statement.values);
    else for (const [path, value] of statement.values) said.values.set(path, value);
    said.recent = [saying, ...said.recent].slice(0, RECENT_MAX);
    for (const [path, time] of statement.times) said.times.set(path, time);
  }

  /** A write was refused, and another try at once would be too. */
  noteRefusal(
    key: Key,
    statement: Statement,
    { error, ...grounds }: Grounds & { readonly error: Error },
  ): void {
    const atMs = this.#clock.monotonic();
    const entry = this.#entryOf(key, atMs);
    entry.saidAtMs = atMs;
    const saying = this.#sayingOf(statement, grounds);
    const before = entry.refusals.get(statement.object);
    const count = before !== undefined && isSame(before, saying) ? before.count + 1 : 1;
    entry.refusals.set(statement.object, { ...saying, error, count, atMs });
  }

  /** An eviction came to nothing though nothing is wrong. */
  noteFruitless(key: Key): void {
    const atMs = this.#clock.monotonic();
    const entry = this.#entryOf(key, atMs);
    entry.fruitlessAtMs = [...entry.fruitlessAtMs, atMs].slice(-FRUITLESS_MAX);
  }

  /** True when so many came to nothing of late that the others have to wait. */
  isFruitless(key: Key): boolean {
    const [oldestMs, ...others] = this.#entries.get(key)?.fruitlessAtMs ?? [];
    if (oldestMs === undefined || others.length + 1 < FRUITLESS_MAX) return false;
    return this.#clock.monotonic() - oldestMs < FRUITLESS_MS;
  }

  /** When an object's write was last refused; 0: not at all, or it came true after that. */
  refusedAtMs(key: Key, { object }: Statement): number {
    return this.#entries.get(key)?.refusals.get(object)?.atMs ?? 0;
  }

  /** A pass over this key went well: its next refusal is the first. */
  succeeded(key: Key): void {
    this.#entries.get(key)?.refusals.clear();
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
      ? {
        said: new Map(),
        refusals: new Map(),
        saidAtMs: nowMs,
        repeats: 0,
        repeatedAtMs: -Infinity,
        isOpen: true,
        fruitlessAtMs: [],
      }
      : present;
    if (nowMs - entry.repeatedAtMs >= MEMORY_MS) {
      entry.repeats = 0;
      for (const said of entry.said.values()) said.repeats = 0;
    }
    this.#entries.set(key, entry);
    return entry;
  }

  /** True when it says again what we said, and somebody has undone it meanwhile: maybe we did. */
  #isRepeat(said: Said, statement: Statement, grounds: Telling): boolean {
    if (statement.isStatus) return this.#isStatusRepeat(said, statement, grounds);
    const { present, saying } = grounds;
    if (isReturn(said, saying)) return true;
    const again = againOf(said, statement);
    if (present === undefined) return again.length === statement.values.size;
    return again.some(([path, value]) =>
      valueAt(present, path) !== value || hasOtherTime(said, present, path)
    );
  }

  /** Users write into a status as well: that one field of many is said again means nothing. */
  #isStatusRepeat(said: Said, statement: Statement, { present, saying }: Telling): boolean {
    const { values } = statement;
    const again = againOf(said, statement);
    const wanted = [...values.keys()].filter((path) => values.get(path) !== ABSENT);
    if (wanted.length === 0) {
      // What users have put in is taken out; no user says the same again so soon.
      const isSoon = this.#clock.monotonic() - said.saidAtMs < USER_MS;
      return isSoon && again.length === values.size;
    }
    // Also where two are said in turn, and neither lasts. What is news is told at once.
    if (present !== undefined && isSaidBefore(said.recent, saying, present)) return true;
    const undone = again.filter(([path, value]) =>
      value !== ABSENT && (present === undefined || !isTextAt(present, path, value))
    );
    return undone.length * 2 >= wanted.length;
  }

  #sayingOf(statement: Statement, { primary, outside }: Grounds): Saying {
    let basis = primary === undefined ? undefined : this.#bases.get(primary);
    if (basis === undefined) {
      basis = basisOf(primary);
      if (primary !== undefined) this.#bases.set(primary, basis);
    }
    return sayingOf(statement, { basis, outside });
  }

  #isRefusedStill(refusal: Refusal, saying: Saying): boolean {
    if (refusal.count <= FREE_REPEATS || !isSame(refusal, saying)) return false;
    return this.#clock.monotonic() - refusal.atMs < backoffMs(refusal.count, REFUSED);
  }

  #leftMs({ repeats, repeatedAtMs }: Entry): number {
    const pauseMs = backoffMs(repeats + 1, PAUSE);
    return Math.max(0, repeatedAtMs + pauseMs - this.#clock.monotonic());
  }
}

function newlySaid(saidAtMs: number): Said {
  return { values: new Map(), times: new Map(), recent: [], saidAtMs, repeats: 0 };
}

/** What it says as we said it last. */
function againOf({ values: said }: Said, { values }: Statement): [string, string][] {
  return [...values].filter(([path, value]) => said.get(path) === value);
}

/** True when a time that we said is another one again: the text of a value leaves times out. */
function hasOtherTime({ times }: Said, present: KubeObject, path: string): boolean {
  const time = times.get(path);
  return time !== undefined && exactValueAt(present, path) !== time;
}
