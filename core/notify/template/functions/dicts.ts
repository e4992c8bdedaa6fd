/** Functions for maps. */
import type { RenderingBudget } from "../budget.ts";
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { type CallContext, Dict, List, textList, type Value } from "../values.ts";
import { isEmpty, toText } from "./conversions.ts";
import { twins } from "./lists.ts";

/** Names and values in turn; the last may lack its value. */
function dictOf(args: readonly Value[], { budget }: CallContext): Dict {
  const dict = new Dict();
  for (let at = 0; at < args.length; at += 2) {
    const value = args[at + 1];
    dict.entries.set(toText(args[at] ?? null, budget), value === undefined ? "" : value);
  }
  return dict;
}

/** @throws {TemplateFault} for a map that is none */
function changeable(dict: Value | undefined): Dict {
  if (!(dict instanceof Dict) || dict.isNil) throw new TemplateFault("the map is nil");
  return dict;
}

/** A new entry of a map is more than an element of a list. */
const ENTRY_SIZE = 4;

const ELEMENTS: readonly TemplateFunction[] = [
  define("dict", "...any", dictOf),
  define("get", "dict string", ([dict, key]) => {
    const found = (dict as Dict).entries.get(key as string);
    return found === undefined ? "" : found;
  }),
  define("set", "dict string any", ([dict, key, value = null], { budget }) => {
    budget.make(ENTRY_SIZE);
    const changed = changeable(dict);
    changed.entries.set(key as string, value);
    return changed;
  }),
  define("unset", "dict string", ([dict, key]) => {
    (dict as Dict).entries.delete(key as string);
    return dict as Dict;
  }),
  define("hasKey", "dict string", ([dict, key]) => (dict as Dict).entries.has(key as string)),
  define("pluck", "string ...dict", ([key, ...dicts]) =>
    new List(dicts.flatMap((dict) => {
      const value = (dict as Dict).entries.get(key as string);
      return value === undefined ? [] : [value];
    }))),
  define("dig", "...any", dig),
];

/** Names that lead down through maps, what to give where one is missing, and the map. */
function dig(args: readonly Value[]): Value {
  const [dict = null, fallback = null] = [args.at(-1), args.at(-2)];
  if (args.length < 3) throw new TemplateFault("dig needs a name, a default and a map");
  let found: Value = dict;
  for (const name of args.slice(0, -2)) {
    if (!(found instanceof Dict) || found.type !== "map[string]interface {}") {
      throw new TemplateFault("dig can only look into maps");
    }
    if (typeof name !== "string") throw new TemplateFault("dig needs names");
    const next: Value | undefined = found.entries.get(name);
    if (next === undefined) return fallback;
    found = next;
  }
  return found;
}

/** In the order of the names: Go's own order changes from call to call. */
const WHOLES: readonly TemplateFunction[] = [
  define("keys", "...dict", (dicts, { budget }) => {
    const keys = dicts.flatMap((dict) => (dict as Dict).sortedKeys(budget));
    budget.make(keys.length);
    return textList(keys);
  }),
  define("values", "dict", ([dict], { budget }) => {
    const { entries } = dict as Dict;
    budget.make(entries.size);
    return new List((dict as Dict).sortedKeys(budget).map((key) => entries.get(key) ?? null));
  }),
  define(
    "pick",
    "dict ...string",
    ([dict, ...keys], { budget }) => filtered(dict as Dict, keys, { isPicking: true, budget }),
  ),
  define(
    "omit",
    "dict ...string",
    ([dict, ...keys], { budget }) => filtered(dict as Dict, keys, { isPicking: false, budget }),
  ),
  ...twins("merge", "dict ...dict", (dicts, context) => mergeAll(dicts, false, context)),
  ...twins("mergeOverwrite", "dict ...dict", (dicts, context) => mergeAll(dicts, true, context)),
  ...twins("deepCopy", "any", ([value = null], { budget }) => {
    if (value === null) throw new TemplateFault("nil cannot be copied");
    return deepCopy(value, budget);
  }),
];

/** The entries with these keys, or those without. */
function filtered(
  dict: Dict,
  keys: readonly Value[],
  { isPicking, budget }: { isPicking: boolean; budget: RenderingBudget },
): Dict {
  budget.make(dict.entries.size);
  const named = new Set(keys);
  return new Dict([...dict.entries].filter(([key]) => named.has(key) === isPicking));
}

function mergeAll(
  [first, ...others]: readonly Value[],
  isOverwriting: boolean,
  { budget }: CallContext,
): Value {
  const isNew = !(first instanceof Dict) || first.isNil;
  const target = isNew ? new Dict() : first;
  for (const other of others) merge(target, other as Dict, { isOverwriting, budget, depth: 0 });
  return target;
}

/** Takes over what is missing or empty, or everything; maps are merged with maps. */
function merge(target: Dict, source: Dict, options: {
  isOverwriting: boolean;
  budget: RenderingBudget;
  depth: number;
}): void {
  const { isOverwriting, budget, depth } = options;
  budget.checkDepth(depth);
  for (const [key, value] of source.entries) {
    budget.step();
    const old = target.entries.get(key);
    if (old instanceof Dict && value instanceof Dict) {
      if (old !== value) merge(old, value, { ...options, depth: depth + 1 });
      continue;
    }
    const isMissing = (old === undefined || isEmpty(old)) && value !== null;
    if (isMissing || isOverwriting) {
      budget.make(1);
      target.entries.set(key, value);
    }
  }
}

function deepCopy(value: Value, budget: RenderingBudget, depth = 0): Value {
  budget.step();
  budget.checkDepth(depth);
  if (value instanceof List) {
    budget.make(value.items.length);
    const items = value.items.map((item) => deepCopy(item, budget, depth + 1));
    return new List(items, value.type, value.isNil);
  }
  if (!(value instanceof Dict)) return value;
  budget.make(ENTRY_SIZE * value.entries.size);
  return new Dict(
    [...value.entries].map(([key, each]) => [key, deepCopy(each, budget, depth + 1)]),
    value.type,
    value.isNil,
  );
}

export const DICT_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([...ELEMENTS, ...WHOLES]);
