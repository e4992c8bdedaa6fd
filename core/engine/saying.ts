/** What a write says and what it was decided on, so that a repeat is told from news. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { safeHash } from "../api/hash/safe_hash.ts";
import { ABSENT, exactValueAt, type Statement, valueAt } from "./statement.ts";

/** One write. */
export interface Saying {
  /** By path. */
  readonly values: ReadonlyMap<string, string>;
  /** Of a status: what it was decided on, as a text. */
  readonly basis: string;
}

/** What a write says, with what it was decided on; `present` is the object before it. */
export function sayingOf({ values, isStatus }: Statement, present: KubeObject | undefined): Saying {
  return { values, basis: isStatus ? basisOf(present) : "" };
}

/** What a status is decided on of its own object: what users have said in it, and wish. */
function basisOf(present: KubeObject | undefined): string {
  return safeHash(JSON.stringify([present?.metadata.generation, present?.["status"]]));
}

/** True when the same was refused. */
export function isSame(one: Saying, other: Saying): boolean {
  if (one.basis === "" || one.basis !== other.basis) return textOf(one) === textOf(other);
  return isMuchAlike(one, other);
}

/** True when a status was said before, and the last one was undone. */
export function isSaidBefore(
  recent: readonly Saying[],
  { values, present }: Pick<Saying, "values"> & { present: KubeObject },
): boolean {
  const [last] = recent;
  if (last === undefined) return false;
  // As if nothing had been said: only undoing has come since, and no word of a user.
  if (last.basis === basisOf(present)) return recent.some((one) => isMuchAlike(one, { values }));
  return isUndone(last, present) && recent.some((one) => textOf(one) === textOf({ values }));
}

/**
 * True when half of what a status says was said: times of now and counted seconds are others in
 * each of those that are decided on the same.
 */
function isMuchAlike(one: Pick<Saying, "values">, other: Pick<Saying, "values">): boolean {
  const paths = [...other.values.keys()].filter((path) => other.values.get(path) !== ABSENT);
  const same = paths.filter((path) => one.values.get(path) === other.values.get(path));
  return paths.length > 0 ? same.length * 2 >= paths.length : textOf(one) === textOf(other);
}

/** True when somebody took back at least half of what a status said. */
function isUndone({ values }: Saying, present: KubeObject): boolean {
  const said = [...values].filter(([, value]) => value !== ABSENT);
  const undone = said.filter(([path, value]) => !holds(present, path, value));
  return said.length > 0 && undone.length * 2 >= said.length;
}

/** True when the object holds what a status said: exactly, or, of conditions, apart from times. */
export function holds(present: KubeObject, path: string, value: string | undefined): boolean {
  return valueAt(present, path) === value || exactValueAt(present, path) === value;
}

function textOf({ values }: Pick<Saying, "values">): string {
  return JSON.stringify([...values]);
}
