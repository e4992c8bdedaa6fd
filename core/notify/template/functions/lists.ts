/** Functions for lists. */
import type { RenderingBudget } from "../budget.ts";
import { sortedTexts } from "../sorted_texts.ts";
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { type CallContext, Dict, List, textList, typeOf, type Value } from "../values.ts";
import { isEmpty, isSame, toText, toTexts, toWhole } from "./conversions.ts";

/** A function, and its twin whose name begins with `must`: both fail for the same. */
export function twins(name: string, parameters: string, call: TemplateFunction["call"]) {
  const twin = `must${name[0]?.toUpperCase()}${name.slice(1)}`;
  return [define(name, parameters, call), define(twin, parameters, call)];
}

/** The elements of a list. @throws {TemplateFault} for what is none */
function itemsOf(value: Value | undefined, budget: RenderingBudget): readonly Value[] {
  if (!(value instanceof List)) {
    const type = value === null || value === undefined ? "nil" : `a ${typeOf(value)}`;
    throw new TemplateFault(`a list is needed, not ${type}`);
  }
  budget.make(value.items.length);
  return value.items;
}

/** A list without elements where Go has a nil one. */
function nilList(): List {
  return new List([], "[]interface {}", true);
}

const PARTS: readonly TemplateFunction[] = [
  ...twins("first", "any", ([list], { budget }) => itemsOf(list, budget)[0] ?? null),
  ...twins("last", "any", ([list], { budget }) => itemsOf(list, budget).at(-1) ?? null),
  ...twins("rest", "any", ([list], { budget }) => {
    const items = itemsOf(list, budget);
    return items.length === 0 ? nilList() : new List(items.slice(1));
  }),
  ...twins("initial", "any", ([list], { budget }) => {
    const items = itemsOf(list, budget);
    return items.length === 0 ? nilList() : new List(items.slice(0, -1));
  }),
  ...twins("slice", "any ...any", ([list = null, ...bounds], { budget }) => {
    const items = itemsOf(list, budget);
    return items.length === 0 ? null : sliceOf(list as List, bounds);
  }),
  ...twins(
    "chunk",
    "int any",
    ([size, list], { budget }) => chunks(Number(size), itemsOf(list, budget)),
  ),
];

function sliceOf(list: List, [from, to]: readonly Value[]): List {
  const length = list.items.length;
  const start = from === undefined ? 0 : Number(toWhole(from));
  const end = to === undefined ? length : Number(toWhole(to));
  if (start < 0 || end > length || start > end) {
    throw new TemplateFault(`the list has no elements ${start} to ${end}`);
  }
  return new List(list.items.slice(start, end), list.type);
}

function chunks(size: number, items: readonly Value[]): List {
  if (size <= 0) throw new TemplateFault("the size of a chunk must be positive");
  const parts: List[] = [];
  for (let at = 0; at < items.length; at += size) parts.push(new List(items.slice(at, at + size)));
  return new List(parts, "[][]interface {}");
}

function pushed([list, value = null]: readonly Value[], { budget }: CallContext): List {
  return new List([...itemsOf(list, budget), value]);
}

function concatenated(lists: readonly Value[], { budget }: CallContext): List {
  return new List(lists.flatMap((list) => itemsOf(list, budget)));
}

const BUILDING: readonly TemplateFunction[] = [
  define("list", "...any", (args) => new List(args)),
  define("tuple", "...any", (args) => new List(args)),
  ...twins("append", "any any", pushed),
  ...twins("push", "any any", pushed),
  ...twins(
    "prepend",
    "any any",
    ([list, value = null], { budget }) => new List([value, ...itemsOf(list, budget)]),
  ),
  define("concat", "...any", concatenated),
  ...twins(
    "reverse",
    "any",
    ([list], { budget }) => new List([...itemsOf(list, budget)].reverse()),
  ),
  ...twins("uniq", "any", ([list], { budget }) => {
    const found: Value[] = [];
    for (const item of itemsOf(list, budget)) {
      if (!includes(found, item, budget)) found.push(item);
    }
    return new List(found);
  }),
  ...twins(
    "without",
    "any ...any",
    ([list, ...omitted], { budget }) =>
      new List(itemsOf(list, budget).filter((item) => !includes(omitted, item, budget))),
  ),
  ...twins(
    "compact",
    "any",
    ([list], { budget }) => new List(itemsOf(list, budget).filter((item) => !isEmpty(item))),
  ),
  ...twins(
    "has",
    "any any",
    ([needle = null, list = null], { budget }) =>
      list === null ? false : includes(itemsOf(list, budget), needle, budget),
  ),
];

function includes(items: readonly Value[], needle: Value, budget: RenderingBudget): boolean {
  return items.some((item) => isSame(needle, item, budget));
}

function joined(parts: readonly string[], separator: string, budget: RenderingBudget): string {
  const length = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
  budget.makeText(length);
  return parts.join(separator);
}

const TEXTS: readonly TemplateFunction[] = [
  define(
    "join",
    "string any",
    ([separator, list = null], { budget }) =>
      joined(toTexts(list, budget), separator as string, budget),
  ),
  define("sortAlpha", "any", ([list = null], { budget }) => {
    if (!(list instanceof List)) return textList([toText(list, budget)]);
    return textList(sortedTexts(toTexts(list, budget), budget));
  }),
  define("toStrings", "any", ([list = null], { budget }) => textList(toTexts(list, budget))),
  define(
    "splitList",
    "string string",
    ([separator, text], context) =>
      textList(splitText(separator as string, text as string, context)),
  ),
  define(
    "split",
    "string string",
    ([separator, text], context) =>
      numbered(splitText(separator as string, text as string, context), context),
  ),
  define(
    "splitn",
    "string int string",
    ([separator, count, text], context) =>
      numbered(splitCount(separator as string, text as string, Number(count), context), context),
  ),
];

function splitText(separator: string, text: string, { budget }: CallContext): string[] {
  budget.search(text, separator);
  const parts = separator === "" ? [...text] : text.split(separator);
  budget.make(parts.length);
  budget.makeText(text.length);
  return parts;
}

/** At most so many parts, the last with all the rest; 0: none; below: all. */
function splitCount(
  separator: string,
  text: string,
  count: number,
  context: CallContext,
): string[] {
  if (count === 0) return [];
  const parts = splitText(separator, text, context);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** Parts under the names `_0`, `_1`, … */
function numbered(parts: readonly string[], { budget }: CallContext): Dict {
  budget.make(2 * parts.length);
  return new Dict(parts.map((part, index) => [`_${index}`, part]), "map[string]string");
}

export const LIST_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...PARTS,
  ...BUILDING,
  ...TEXTS,
]);
