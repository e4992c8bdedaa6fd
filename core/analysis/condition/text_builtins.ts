/** The functions of the language that work on texts. */
import type { Budget } from "./budget.ts";
import { Fault } from "./condition_error.ts";
import { asText } from "./operators.ts";
import { isNumeric, joinedText, List, nameOfValue, toInteger, type Value } from "./values.ts";

type TextBuiltin = (args: readonly Value[], ports: { readonly budget: Budget }) => Value;

const text = (args: readonly Value[], index: number): string => asText(args[index] ?? null);

export const TEXT_BUILTINS: Readonly<Record<string, TextBuiltin>> = Object.freeze({
  trim: (args) => trimmed(text(args, 0), args.length === 1 ? GO_SPACES : new Set(text(args, 1))),
  trimPrefix: (args) => {
    const [value, prefix] = [text(args, 0), text(args, 1)];
    return value.startsWith(prefix) ? value.slice(prefix.length) : value;
  },
  trimSuffix: (args) => {
    const [value, suffix] = [text(args, 0), text(args, 1)];
    return value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value;
  },
  upper: (args, { budget }) => eachChar(text(args, 0), (char) => char.toUpperCase(), budget),
  lower: (args, { budget }) => eachChar(text(args, 0), (char) => char.toLowerCase(), budget),
  split: (args, { budget }) => split(args, { budget, keeps: false }),
  splitAfter: (args, { budget }) => split(args, { budget, keeps: true }),
  replace: (args, { budget }) => replace(args, budget),
  repeat: (args, { budget }) => {
    const [, by = null] = args;
    asText(args[0] ?? null);
    if (!isNumeric(by)) throw new Fault(`invalid operation: int(${nameOfValue(by)})`);
    const times = Number(toInteger(by));
    if (times < 0) {
      throw new Fault(`invalid argument for repeat (expected positive integer, got ${times})`);
    }
    budget.makeText(times * text(args, 0).length);
    return text(args, 0).repeat(times);
  },
  join: (args, { budget }) => {
    const [list = null] = args;
    if (!(list instanceof List)) {
      const name = list === null ? "%!s(<nil>)" : nameOfValue(list);
      throw new Fault(`invalid argument for join (type ${name})`);
    }
    const items = list.items.map(asText);
    return joinedText(items, { between: args.length > 1 ? text(args, 1) : "", budget });
  },
  indexOf: (args, { budget }) => {
    const [value, wanted] = searched(args, budget);
    return byteIndex(value, value.indexOf(wanted));
  },
  lastIndexOf: (args, { budget }) => {
    const [value, wanted] = searched(args, budget);
    return byteIndex(value, value.lastIndexOf(wanted));
  },
  hasPrefix: (args) => text(args, 0).startsWith(text(args, 1)),
  hasSuffix: (args) => text(args, 0).endsWith(text(args, 1)),
});

/** What it costs to begin with a search. */
const SEARCH_STEPS = 4;

/** The first two arguments: a text, and what is looked for in it. */
function searched(args: readonly Value[], budget: Budget): readonly [string, string] {
  const [value, wanted] = [text(args, 0), text(args, 1)];
  budget.step(SEARCH_STEPS);
  budget.search(value, wanted);
  return [value, wanted];
}

/** What Go takes for a space; none of them needs a pair. */
const GO_SPACES: ReadonlySet<string> = new Set(
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007" +
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

function trimmed(value: string, marks: ReadonlySet<string>): string {
  let [from, to] = [0, value.length];
  while (from < to && marks.has(charAt(value, from))) from += charAt(value, from).length;
  while (to > from && marks.has(charBefore(value, to))) to -= charBefore(value, to).length;
  return value.slice(from, to);
}

function charAt(value: string, index: number): string {
  return String.fromCodePoint(value.codePointAt(index) ?? 0);
}

function charBefore(value: string, end: number): string {
  const pair = end > 1 ? charAt(value, end - 2) : "";
  return pair.length === 2 ? pair : value.slice(end - 1, end);
}

/** Go changes one character into one: what would become two stays. */
function eachChar(value: string, change: (char: string) => string, budget: Budget): string {
  if (/^[\0-\x7f]*$/.test(value)) return change(value);
  budget.step(value.length);
  return [...value].map((char) => {
    const changed = [...change(char)];
    return changed.length === 1 ? changed[0] : char === "İ" ? "i" : char;
  }).join("");
}

function split(
  args: readonly Value[],
  { budget, keeps }: { budget: Budget; keeps: boolean },
): Value {
  const [value, mark] = searched(args, budget);
  const most = args.length > 2 ? Number(toInteger(args[2] as Value)) : -1;
  if (most === 0) return new List([], "string");
  if (mark === "") budget.make(value.length);
  const parts = mark === "" ? [...value] : value.split(mark);
  if (mark !== "") budget.make(parts.length);
  const between = keeps ? mark : "";
  const isCut = most > 0 && parts.length > most;
  const head = isCut ? parts.slice(0, most - 1) : parts.slice(0, -1);
  const tail = isCut ? parts.slice(most - 1).join(mark) : parts.at(-1);
  const found = head.map((part) => part + between);
  return new List(tail === undefined ? found : [...found, tail], "string");
}

function replace(args: readonly Value[], budget: Budget): Value {
  const [value, old] = searched(args, budget);
  const by = text(args, 2);
  const most = args.length > 3 ? Number(toInteger(args[3] as Value)) : -1;
  if (old === "") budget.step(value.length);
  const parts = old === "" ? ["", ...value, ""] : value.split(old);
  const replaced = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1);
  budget.step(parts.length);
  budget.makeText(Math.max(0, value.length + replaced * (by.length - old.length)));
  let result = parts[0] ?? "";
  for (let index = 1; index < parts.length; index++) {
    result += (index <= replaced ? by : old) + parts[index];
  }
  return result;
}

function byteIndex(value: string, index: number): Value {
  if (index < 0) return -1n;
  return BigInt(new TextEncoder().encode(value.slice(0, index)).length);
}
