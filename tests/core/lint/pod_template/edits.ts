/** Makes pod templates wrong at random places: what people and their tools get wrong, and more. */
import type { Json } from "../../../../sdk/wire/json.ts";
import { isFields } from "../../../../sdk/wire/json.ts";

/** What is done to one place: another value, or none at all. */
export interface Edit {
  readonly at: readonly (string | number)[];
  /** Absent: the place is removed. */
  readonly value?: Json;
}

/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** The same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TEXTS: readonly string[] = [
  ...["", " ", "x", "X", "-", ".", "..", "/", "1", "-1", "0", "a b", "a.b", "a..b", "a/b", "a/b/c"],
  ...["../up", "a/../b", "/abs/path", "a:b", "UPPER", "under_score", "Ünï", "ends-", "-starts"],
  ...["a".repeat(16), "a".repeat(64), "a".repeat(254), "example.com/name", "example.com/", "http"],
  ...["None", "Always", "Never", "Exists", "In", "Equal", "TCP", "Localhost", "Block", "Default"],
  ...["metadata.name", "status.podIP", "spec.nodeName", "limits.cpu", "requests.memory", "cpu"],
  ...["10.0.0.1", "10.0.0.300", "::1", "10Gi", "-5", "1.5", "half", "5%", "$(A)", "hugepages-2Mi"],
];
const NUMBERS: readonly number[] = [
  ...[-1, 0, 1, 2, 5, 101, 255, 511, 512, 599, 600, 65_535, 65_536, 2_147_483_647],
  ...[2_147_483_648, 4_294_967_296, 4_294_967_297, 1.5, -2_147_483_649],
];
const OTHERS: readonly Json[] = [null, true, 5, "5", [], {}, [null], [{}], { a: "b" }, ["a", "a"]];

/** Fields of objects, by what kind of object they were found in. */
export type Donors = ReadonlyMap<string, readonly (readonly [name: string, value: Json])[]>;

/** The fields of all objects of some templates. */
export function donorsOf(templates: readonly Json[]): Donors {
  const donors = new Map<string, [string, Json][]>();
  for (const { at, value } of templates.flatMap((each) => [...placesOf(each, [])])) {
    if (!isFields(value)) continue;
    const kind = kindOf(at);
    donors.set(kind, [...donors.get(kind) ?? [], ...Object.entries(value as Record<string, Json>)]);
  }
  return donors;
}

/** The edits that make one template wrong in one or two ways; mostly one. */
export function edits(template: Json, donors: Donors, random: Random): Edit[] {
  const first = edit(template, donors, random);
  return random() < 0.85 ? [first] : [first, edit(edited(template, [first]), donors, random)];
}

function edit(template: Json, donors: Donors, random: Random): Edit {
  const places = [...placesOf(template, [])].filter(({ at }) => at.length > 0);
  const { at, value } = pick(places, random);
  const turn = random();
  if (turn < 0.15) return { at };
  if (turn < 0.25) return { at, value: pick(OTHERS, random) };
  if (Array.isArray(value)) {
    const item = value.length === 0 ? null : pick(value, random);
    return turn < 0.7
      ? { at, value: [...value, item] }
      : { at, value: turn < 0.85 ? [] : value.slice(1) };
  }
  if (isFields(value)) {
    return {
      at,
      value: grown(value as Record<string, Json>, donors.get(kindOf(at)) ?? [], random),
    };
  }
  if (typeof value === "number") return { at, value: pick(NUMBERS, random) };
  if (typeof value === "boolean") return { at, value: !value };
  return { at, value: pick(TEXTS, random) };
}

/** An object with a field that it lacks and others of its kind have. */
function grown(
  fields: Record<string, Json>,
  donors: readonly (readonly [name: string, value: Json])[],
  random: Random,
): Json {
  const missing = donors.filter(([name]) => !Object.hasOwn(fields, name));
  if (missing.length === 0) return {};
  const [name, value] = pick(missing, random);
  return { ...fields, [name]: value };
}

/** The same for places that hold the same kind of thing. */
function kindOf(at: Edit["at"]): string {
  const names = at.filter((part) => typeof part === "string");
  const [last = ""] = names.slice(-1);
  if (/Probe$|^postStart$|^preStop$/.test(last)) return "handler";
  return last.replace(/^(?:init|ephemeral)Containers$/, "containers");
}

function* placesOf(value: Json, at: Edit["at"]): Generator<{ at: Edit["at"]; value: Json }> {
  yield { at, value };
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    yield* placesOf(child as Json, [...at, Array.isArray(value) ? Number(key) : key]);
  }
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** A copy of a template with the edits done. */
export function edited(template: Json, list: readonly Edit[]): Json {
  return list.reduce((copy, { at, value }) => replaced(copy, at, value), template);
}

function replaced(holder: Json, at: Edit["at"], value: Json | undefined): Json {
  const [part, ...rest] = at;
  if (part === undefined) return value ?? null;
  if (Array.isArray(holder)) {
    const index = Number(part);
    if (rest.length === 0 && value === undefined) return holder.toSpliced(index, 1);
    return holder.with(index, replaced(holder[index] ?? null, rest, value));
  }
  const { [part]: old = null, ...others } = holder as Record<string, Json>;
  if (rest.length === 0 && value === undefined) return others;
  return { ...others, [part]: replaced(old, rest, value) };
}
