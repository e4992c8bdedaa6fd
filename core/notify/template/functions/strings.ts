/** Functions for texts. */
import { byteLength, sliceBytes } from "../go_text.ts";
import { verbText } from "../printer.ts";
import { sprintf } from "../printf.ts";
import { NO_FLAGS } from "../leaf_text.ts";
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { type CallContext, type Value } from "../values.ts";
import { toText } from "./conversions.ts";
import {
  initials,
  lowerOf,
  swapCase,
  titleCase,
  uncapitalize,
  upperOf,
  wrapText,
} from "./words.ts";
import { toConnected, toPascalCase } from "./cases.ts";

/** A function of texts alone. */
function ofTexts(
  name: string,
  count: number,
  call: (...texts: string[]) => string | boolean,
): TemplateFunction {
  const parameters = Array.from({ length: count }, () => "string").join(" ");
  return define(name, parameters, (args, { budget }) => {
    if (count === 2) budget.search(args[1] as string, args[0] as string);
    const result = call(...args as string[]);
    if (typeof result === "string") budget.makeText(result.length);
    return result;
  });
}

const SPACE =
  " \\t\\n\\v\\f\\r\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const IS_SPACE = new RegExp(`[${SPACE}]`);
const SPACES = new RegExp(`[${SPACE}]+`, "g");

const TRIMMING: readonly TemplateFunction[] = [
  ofTexts("trim", 1, trimSpace),
  ofTexts("trimAll", 2, (set, text) => trimSet(text, set)),
  ofTexts("trimall", 2, (set, text) => trimSet(text, set)),
  ofTexts(
    "trimSuffix",
    2,
    (suffix, text) => text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  ofTexts(
    "trimPrefix",
    2,
    (prefix, text) => text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  ofTexts("nospace", 1, (text) => text.replace(SPACES, "")),
];

function trimSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && IS_SPACE.test(text[start] ?? "")) start++;
  while (end > start && IS_SPACE.test(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}

function trimSet(text: string, set: string): string {
  const characters = new Set(set);
  const all = [...text];
  let [start, end] = [0, all.length];
  while (start < end && characters.has(all[start] ?? "")) start++;
  while (end > start && characters.has(all[end - 1] ?? "")) end--;
  return all.slice(start, end).join("");
}

/** A function that does something with each character, for so many steps. */
function ofCharacters(name: string, call: (text: string) => string, steps = 1): TemplateFunction {
  return define(name, "string", ([text], { budget }) => {
    budget.make((text as string).length);
    budget.step((steps - 1) * (text as string).length);
    return call(text as string);
  });
}

const CASES: readonly TemplateFunction[] = [
  ofCharacters("upper", (text) => Array.from(text, upperOf).join("")),
  ofCharacters("lower", (text) => Array.from(text, lowerOf).join("")),
  ofCharacters("title", titleCase),
  ofCharacters("untitle", uncapitalize),
  ofCharacters("swapcase", swapCase),
  ofCharacters("camelcase", toPascalCase, 4),
  ofCharacters("snakecase", (text) => toConnected(text, "_"), 6),
  ofCharacters("kebabcase", (text) => toConnected(text, "-"), 6),
  ofCharacters("initials", initials),
];

const QUESTIONS: readonly TemplateFunction[] = [
  ofTexts("contains", 2, (part, text) => text.includes(part)),
  ofTexts("hasPrefix", 2, (prefix, text) => text.startsWith(prefix)),
  ofTexts("hasSuffix", 2, (suffix, text) => text.endsWith(suffix)),
];

/** The first bytes of a text, or with a negative count its last. */
function truncated(text: string, count: number): string {
  const length = byteLength(text);
  if (count < 0) return length + count > 0 ? sliceBytes(text, length + count) : text;
  return length > count ? sliceBytes(text, 0, count) : text;
}

function substring(start: number, end: number, text: string): string {
  const length = byteLength(text);
  const from = start < 0 ? 0 : start;
  const to = start >= 0 && (end < 0 || end > length) ? length : end;
  if (from > to || to > length || to < 0) {
    throw new TemplateFault(`the text has no bytes ${from} to ${to}`);
  }
  return sliceBytes(text, from, to);
}

const ELLIPSIS = "...";

/** Shortens to a width, where the text goes on from an offset; undefined: it is too narrow. */
function abbreviated(text: string, offset: number, width: number): string | undefined {
  const length = byteLength(text);
  if (length === 0) return "";
  if (width < 4) return undefined;
  if (length <= width) return text;
  const room = width - ELLIPSIS.length;
  let from = Math.min(offset, length);
  if (length - from < room) from = length - room;
  if (from <= 4) return sliceBytes(text, 0, room) + ELLIPSIS;
  if (width < 7) return undefined;
  if (from + room < length) {
    return ELLIPSIS + (abbreviated(sliceBytes(text, from), 0, room) ?? "");
  }
  return ELLIPSIS + sliceBytes(text, length - room);
}

const LENGTHS: readonly TemplateFunction[] = [
  define("trunc", "int string", ([count, text]) => truncated(text as string, Number(count))),
  define(
    "substr",
    "int int string",
    ([start, end, text]) => substring(Number(start), Number(end), text as string),
  ),
  define(
    "abbrev",
    "int string",
    ([width, text]) =>
      Number(width) < 4 ? text as string : abbreviated(text as string, 0, Number(width)) ?? "",
  ),
  define("abbrevboth", "int int string", ([left, right, text]) => {
    const [offset, width] = [Number(left), Number(right)];
    if (width < 4 || offset > 0 && width < 7) return text as string;
    return abbreviated(text as string, offset, width) ?? "";
  }),
  define("repeat", "int string", ([count, text], { budget }) => {
    if ((count as bigint) < 0n) throw new TemplateFault("the count is negative");
    budget.makeText(Number(count) * (text as string).length);
    return (text as string).repeat(Number(count));
  }),
  define(
    "plural",
    "string string int",
    ([one = "", many = "", count]) => count === 1n ? one : many,
  ),
];

/** Puts one text for another, everywhere; between all characters where the old one is empty. */
function replaced(text: string, [from, to]: readonly [string, string], context: CallContext) {
  context.budget.search(text, from);
  const parts = from === "" ? [...text] : text.split(from);
  const places = from === "" ? parts.length + 1 : parts.length - 1;
  context.budget.make(parts.length);
  context.budget.makeText(text.length + places * to.length);
  return from === "" ? `${to}${parts.map((part) => part + to).join("")}` : parts.join(to);
}

function indented(count: number, text: string, context: CallContext): string {
  if (count < 0) throw new TemplateFault("the count is negative");
  context.budget.makeText(count);
  const pad = " ".repeat(count);
  return pad + replaced(text, ["\n", `\n${pad}`], context);
}

const LAYOUT: readonly TemplateFunction[] = [
  define(
    "indent",
    "int string",
    ([count, text], context) => indented(Number(count), text as string, context),
  ),
  define(
    "nindent",
    "int string",
    ([count, text], context) => `\n${indented(Number(count), text as string, context)}`,
  ),
  define(
    "replace",
    "string string string",
    ([from, to, text], context) =>
      replaced(text as string, [from as string, to as string], context),
  ),
  define("wrap", "int string", ([width, text], { budget }) => {
    budget.makeText(2 * (text as string).length);
    return wrapText(text as string, { width: Number(width), separator: "\n", isHard: false });
  }),
  define("wrapWith", "int string string", ([width, separator, text], { budget }) => {
    const pieces = (text as string).length;
    budget.makeText(pieces * (1 + (separator as string).length));
    return wrapText(text as string, {
      width: Number(width),
      separator: separator as string,
      isHard: true,
    });
  }),
];

function each(
  name: string,
  show: (value: Value, context: CallContext) => string,
): TemplateFunction {
  return define(
    name,
    "...any",
    (args, context) =>
      args.filter((arg) => arg !== null).map((arg) => show(arg, context)).join(" "),
  );
}

const SHOWING: readonly TemplateFunction[] = [
  each("quote", (value, { budget }) => verbText(toText(value, budget), "q", NO_FLAGS, budget)),
  each("squote", (value, { budget }) => `'${toText(value, budget)}'`),
  define("cat", "...any", (args, { budget }) => {
    const values = args.filter((arg) => arg !== null);
    return sprintf(values.map(() => "%v").join(" "), values, budget);
  }),
  define("toString", "any", ([value = null], { budget }) => toText(value, budget)),
  define("hello", "", () => "Hello!"),
];

export const STRING_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...TRIMMING,
  ...CASES,
  ...QUESTIONS,
  ...LENGTHS,
  ...LAYOUT,
  ...SHOWING,
]);
