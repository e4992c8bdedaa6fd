/** What a write says and what it was decided on, so that a repeat is told from news. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { safeHash } from "../api/hash/safe_hash.ts";
import { ABSENT, isTextAt, type Statement } from "./statement.ts";

/** What a write was decided on. */
export interface Grounds {
  /** The object that it is about, as it was before; undefined: it is not cached. */
  readonly present: KubeObject | undefined;
  /** The object that the pass is about. */
  readonly primary: KubeObject | undefined;
  /** What it rests on that nobody writes; see `RouteEffect.outside`. */
  readonly outside?: string | undefined;
}

/** The part of the grounds that a saying keeps. */
export interface SaidOn {
  readonly basis: string;
  readonly outside?: string | undefined;
}

/** One write. */
export interface Saying {
  /** By path. */
  readonly values: ReadonlyMap<string, string>;
  /** What it was decided on, as a text: the wish and the status, with all that users said there. */
  readonly basis: string;
  readonly isStatus: boolean;
  readonly outside: string | undefined;
}

export function sayingOf({ values, isStatus }: Statement, grounds: SaidOn): Saying {
  return { values, basis: grounds.basis, isStatus, outside: grounds.outside };
}

/** The wish and the status of the object that a pass is about, in few letters. */
export function basisOf(primary: KubeObject | undefined): string {
  return safeHash(JSON.stringify([primary?.metadata.generation, primary?.["status"]]));
}

/** True when the same was refused. */
export function isSame(one: Saying, other: Saying): boolean {
  if (one.isStatus && one.basis === other.basis) return isMuchAlike(one, other);
  return saysSame(one, other);
}

/** True when a status was said before, and the last one was undone. */
export function isSaidBefore(
  recent: readonly Saying[],
  saying: Saying,
  present: KubeObject,
): boolean {
  const [last] = recent;
  if (last === undefined) return false;
  // As if nothing had been said: only undoing has come since, and no word of a user.
  if (last.basis === saying.basis) return recent.some((one) => isMuchAlike(one, saying));
  return recent.some((one) => saysSame(one, saying)) && isUndone(last, present);
}

/**
 * True when it goes back to what was said before the last words (`values`), neither the wish nor
 * the status is another one than at that time, and nothing happened outside since: nobody but we
 * went to and fro.
 */
export function isReturn(
  { recent, values }: { recent: readonly Saying[]; values: ReadonlyMap<string, string> },
  saying: Saying,
): boolean {
  const changed = [...saying.values].filter(([path, value]) =>
    (values.get(path) ?? value) !== value
  );
  const then = recent.findIndex((one) =>
    one.basis === saying.basis && changed.some(([path, value]) => one.values.get(path) === value)
  );
  return then >= 0 && recent.slice(0, then + 1).every(({ outside }) => outside === saying.outside);
}

/**
 * True when half of what a status says was said: times of now and counted seconds are others in
 * each of those that are decided on the same.
 */
function isMuchAlike(one: Saying, other: Saying): boolean {
  const paths = [...other.values.keys()].filter((path) => other.values.get(path) !== ABSENT);
  const same = paths.filter((path) => one.values.get(path) === other.values.get(path));
  return paths.length > 0 ? same.length * 2 >= paths.length : saysSame(one, other);
}

/** True when somebody took back at least half of what a status said. */
function isUndone({ values }: Saying, present: KubeObject): boolean {
  const said = [...values].filter(([, value]) => value !== ABSENT);
  const undone = said.filter(([path, value]) => !isTextAt(present, path, value));
  return said.length > 0 && undone.length * 2 >= said.length;
}

/** True for the same values of the same paths in the same order. */
function saysSame({ values: one }: Saying, { values: other }: Saying): boolean {
  if (one.size !== other.size) return false;
  const others = other.entries();
  for (const [path, value] of one) {
    const [otherPath, otherValue] = others.next().value ?? [];
    if (path !== otherPath || value !== otherValue) return false;
  }
  return true;
}
