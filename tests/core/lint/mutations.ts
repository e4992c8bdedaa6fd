/** Makes manifests wrong, in one of the ways in which people and tools do. */
import fc from "fast-check";
import type { Json } from "../../../sdk/wire/json.ts";

/** Which value, by the numbers that lead to it, and what becomes of it. */
export interface Mutation {
  readonly turns: readonly number[];
  readonly kind: "replace" | "delete" | "rename" | "list" | "nest" | "double" | "swap";
  readonly value: Json;
}

const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  2_147_483_648,
  -2_147_483_649,
  9_007_199_254_740_991,
  1e300,
  "",
  " ",
  "x",
  "0",
  "-1",
  "100%",
  "-5%",
  "9999999999999999999s",
  "Ünïcode 한국어",
  "two\nlines\tand a tab",
  "__proto__",
  "constructor",
  "x".repeat(5000),
  [],
  [null],
  [[[[]]]],
  {},
  { "": {} },
  { "constructor": 1, "toString": null, "length": -1 },
  { matchLabels: { a: "b" }, matchExpressions: [{ key: "", operator: "Dances", values: null }] },
];

/** One to six mutations. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    turns: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 12 }),
    kind: fc.constantFrom(
      "replace" as const,
      "replace" as const,
      "delete" as const,
      "rename" as const,
      "list" as const,
      "nest" as const,
      "double" as const,
      "swap" as const,
    ),
    value: fc.constantFrom(...VALUES),
  }),
  { minLength: 1, maxLength: 6 },
);

/** A copy of a document with the mutations done one after the other. */
export function mutated(document: Json, list: readonly Mutation[]): Json {
  const copy = structuredClone(document);
  for (const mutation of list) mutate(copy, mutation);
  return copy;
}

type Holder = Record<string, Json> | Json[];

function mutate(document: Json, { turns, kind, value }: Mutation): void {
  const place = placeOf(document, turns);
  if (place === undefined) return;
  const { holder, key } = place;
  const present = get(holder, key);
  switch (kind) {
    case "replace":
      return set(holder, key, structuredClone(value));
    case "delete":
      return remove(holder, key);
    case "list":
      return set(holder, key, [present, present]);
    case "nest":
      return set(holder, key, { x: present });
    case "rename":
      remove(holder, key);
      return set(holder, Array.isArray(holder) ? 0 : `${key}s`, present);
    case "double":
      return Array.isArray(holder) ? void holder.push(present) : set(holder, `x${key}`, present);
    case "swap": {
      const other = placeOf(document, turns.toReversed());
      if (other !== undefined) set(holder, key, structuredClone(get(other.holder, other.key)));
    }
  }
}

/** Turns at each fork of the tree; a turn of 0 stops there. */
function placeOf(document: Json, turns: readonly number[]) {
  let place: { holder: Holder; key: string | number } | undefined;
  let at: Json = document;
  for (const turn of turns) {
    if (typeof at !== "object" || at === null || (turn === 0 && place !== undefined)) break;
    const keys: (string | number)[] = Array.isArray(at) ? [...at.keys()] : Object.keys(at);
    const key = keys[turn % keys.length];
    if (key === undefined) break;
    place = { holder: at, key };
    at = get(at, key);
  }
  return place;
}

function get(holder: Holder, key: string | number): Json {
  return (holder as Record<string | number, Json>)[key] ?? null;
}

function set(holder: Holder, key: string | number, value: Json): void {
  // Not by assignment: a field may be named `__proto__`.
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function remove(holder: Holder, key: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}
