/** What a JSONPath finds in a JSON value. */
import { compareValues, typeName, valueText } from "./json_path_values.ts";
import {
  type Block,
  type Filter,
  parseTemplate,
  type Part,
  type Slice,
} from "./json_path_syntax.ts";

/** JSON; whole numbers of the path itself are bigints. Undefined: not even null. */
type Value = unknown;

/** What a part came to; with an error as well, what there was then. */
interface Found {
  readonly values: readonly Value[];
  readonly error?: string;
}

/** So many values are looked at, or made, before it is given up. */
const WORK_MAX = 1_000_000;

/** A template that was parsed. */
export interface JsonPath {
  /** What each text and each action found. @throws {Error} when one finds nothing */
  find(data: unknown): readonly (readonly unknown[])[];
}

/** @throws {Error} when it is no template */
export function parseJsonPath(source: string): JsonPath {
  const blocks = parseTemplate(source);
  // A document that is null alone is nothing to look into, not even null.
  return { find: (data) => new Search(blocks).from(0, data ?? undefined, false).lists };
}

interface Passage {
  readonly lists: readonly (readonly Value[])[];
  /** Where the `end` stands that ended it. */
  readonly end?: number;
}

class Search {
  readonly #blocks: readonly Block[];
  #work = 0;

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
  }

  /** The blocks from there on, up to an `end` when they are in a range. */
  from(start: number, data: Value, isInRange: boolean): Passage {
    const lists: (readonly Value[])[] = [];
    for (let at = start; at < this.#blocks.length; at++) {
      const block = this.#blocks[at];
      if (block === undefined) break;
      if (block.is === "text") {
        lists.push([block.text]);
        continue;
      }
      const words = block.parts.map((part) => part.is === "word" ? part.word : "");
      if (words.includes("end") && isInRange) return { lists, end: at };
      const { values, error } = this.#walk([data], block.parts);
      if (error !== undefined) throw new Error(error);
      if (words.includes("range")) {
        const { lists: inner, end } = this.#range(at + 1, values);
        lists.push(...inner);
        // Without an end, what follows is read once more, as if there were no range.
        at = end ?? at;
      } else lists.push(values);
    }
    return { lists };
  }

  #range(start: number, values: readonly Value[]): Passage {
    // Of nothing the blocks are looked at once, and must do with nothing.
    if (values.length === 0) return { ...this.from(start, undefined, true), lists: [] };
    const passages = values.map((value) => this.from(start, value, true));
    const end = passages.at(-1)?.end;
    const lists = passages.flatMap((passage) => passage.lists);
    return end === undefined ? { lists } : { lists, end };
  }

  #walk(start: readonly Value[], parts: readonly Part[]): Found {
    let values = start;
    for (const part of parts) {
      const found = this.#part(values, part);
      if (found.error !== undefined) return found;
      this.#work += values.length + found.values.length + 1;
      if (this.#work > WORK_MAX) throw new Error(`more than ${WORK_MAX} values are looked at`);
      values = found.values;
    }
    return { values };
  }

  #part(values: readonly Value[], part: Part): Found {
    switch (part.is) {
      case "field":
        return field(values, part.name);
      case "slice":
        return slices(values, part.slice);
      case "filter":
        return this.#filter(values, part.filter);
      case "union":
        return this.#union(values, part.paths);
      case "literal":
        return { values: values.map(() => part.value) };
      case "text":
        return { values: [part.text] };
      case "all":
        return { values: values.flatMap(childrenOf) };
      case "descend":
        return { values: this.#descend(values) };
      case "word":
        return word(values, part.word);
    }
  }

  #union(values: readonly Value[], paths: readonly (readonly Part[])[]): Found {
    const all: Value[] = [];
    for (const path of paths) {
      const { values: found, error } = this.#walk(values, path);
      if (error !== undefined) return { values, error };
      all.push(...found);
    }
    return { values: all };
  }

  /** All that has something in it, each before what is in it. */
  #descend(values: readonly Value[]): Value[] {
    const all: Value[] = [];
    const rest = values.toReversed();
    while (rest.length > 0) {
      const value = rest.pop();
      const children = childrenOf(value);
      if (children.length === 0) continue;
      this.#work += children.length;
      if (this.#work > WORK_MAX) throw new Error(`more than ${WORK_MAX} values are looked at`);
      all.push(value);
      // Bytes of a text have nothing in them.
      if (typeof value !== "string") rest.push(...children.toReversed());
    }
    return all;
  }

  #filter(values: readonly Value[], filter: Filter): Found {
    const passed: Value[] = [];
    for (const list of values) {
      if (!Array.isArray(list)) {
        const error = `${valueText(list)} is not array or slice and cannot be filtered`;
        return { values, error };
      }
      for (const item of list) {
        const { isPassed, error } = this.#passes(item, filter);
        if (error !== undefined) {
          return { values: error.isLate ? passed : values, error: error.text };
        }
        if (isPassed) passed.push(item);
      }
    }
    return { values: passed };
  }

  #passes(item: Value, { left, right, operator }: Filter): Verdict {
    const lefts = this.#walk([item], left);
    // What goes wrong on the way to a value that should exist is no error.
    if (operator === "exists") return { isPassed: lefts.values.length > 0 };
    const rights = lefts.error === undefined && lefts.values.length === 1
      ? this.#walk([item], right)
      : { values: [undefined] };
    for (const { values, error } of [lefts, rights]) {
      if (error !== undefined) return failed(error);
      if (values.length === 0) return { isPassed: false };
      if (values.length > 1) return failed("can only compare one element at a time");
    }
    const [[a], [b]] = [lefts.values, rights.values];
    const verdict = compareValues(a, operator, b);
    return typeof verdict === "boolean"
      ? { isPassed: verdict }
      : { isPassed: false, error: { text: verdict.error, isLate: true } };
  }
}

interface Verdict {
  readonly isPassed: boolean;
  readonly error?: { readonly text: string; readonly isLate: boolean };
}

function failed(text: string): Verdict {
  return { isPassed: false, error: { text, isLate: false } };
}

function word(values: readonly Value[], name: string): Found {
  if (name === "range") return { values };
  if (name === "end") return { values: [], error: "not in range, nothing to end" };
  return { values, error: `unrecognized identifier ${name}` };
}

function field(values: readonly Value[], name: string): Found {
  const found = values.flatMap((value) =>
    isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []
  );
  if (found.length > 0 || values.length === 0) return { values: found };
  return { values: [], error: `${name} is not found` };
}

function slices(values: readonly Value[], slice: Slice): Found {
  const all: Value[] = [];
  for (const list of values) {
    if (list === null) continue;
    if (!Array.isArray(list)) return { values, error: `${typeName(list)} is not array or slice` };
    const bounds = boundsOf(slice, list.length);
    if (bounds === undefined) return { values: all };
    if ("error" in bounds) return { values, error: bounds.error };
    for (let at = bounds.start; at < bounds.end; at += bounds.step) all.push(list[at]);
  }
  return { values: all };
}

interface Bounds {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Undefined: nothing is asked for. */
function boundsOf(slice: Slice, length: number): Bounds | { error: string } | undefined {
  const fromEnd = (index: number) => index < 0 ? index + length : index;
  const start = fromEnd(slice.start ?? 0);
  const end = slice.isIndex ? indexEnd(slice.start ?? 0, length) : fromEnd(slice.end ?? length);
  if (start === end) return undefined;
  const outOfBounds = (index: number) => ({
    error: `array index out of bounds: index ${index}, length ${length}`,
  });
  if (start >= length || start < 0) return outOfBounds(start);
  if (end > length || end < 0) return outOfBounds(end - 1);
  if (start > end) {
    return { error: `starting index ${start} is greater than ending index ${end}` };
  }
  const step = slice.step ?? 1;
  return step > 0 ? { start, end, step } : { error: "step must be > 0" };
}

function indexEnd(index: number, length: number): number {
  return index < 0 ? index + 1 + length : index + 1;
}

function isObject(value: Value): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is in a value; in a text its bytes. */
function childrenOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (isObject(value)) return Object.values(value);
  if (typeof value !== "string") return [];
  return [...new TextEncoder().encode(value)].map(BigInt);
}
