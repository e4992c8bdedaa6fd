/** Functions for regular expressions, with Go's syntax and in linear time. */
import type { RE2JS } from "re2js";
import { Fault } from "../../../analysis/condition/condition_error.ts";
import { wellFormed } from "../go_text.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { type CallContext, List, textList, type Value } from "../values.ts";

interface Match {
  readonly start: number;
  readonly end: number;
  /** The text of a group; empty where it took no part. */
  readonly group: (name: string) => string;
}

/** Matches from the left; one of nothing right behind another does not count. */
function* matchesOf(regex: RE2JS, text: string, { patterns }: CallContext): Generator<Match> {
  const names = regex.namedGroups();
  const matcher = regex.matcher(text);
  const groupCount = matcher.groupCount();
  let lastEnd = -1;
  const search = (from: number): boolean => {
    patterns.search(regex, text.length - from);
    return matcher.find();
  };
  for (let from = 0; search(from);) {
    const [start, end] = [matcher.start(), matcher.end()];
    from = end;
    if (start === end && start === lastEnd) continue;
    lastEnd = end;
    yield {
      start,
      end,
      group: (name) => {
        const index = /^[0-9]+$/.test(name) ? Number(name) : names[name];
        return index === undefined || index > groupCount ? "" : matcher.group(index) ?? "";
      },
    };
  }
}

function compiled(pattern: Value | undefined, { patterns }: CallContext): RE2JS {
  const text = pattern as string;
  if (!text.isWellFormed()) throw new Fault("a regular expression is no UTF-8");
  return patterns.compile(text);
}

/** At most so many; a negative count: all of them. */
function take(matches: Iterable<Match>, count: number): Match[] {
  const found: Match[] = [];
  if (count === 0) return found;
  for (const match of matches) {
    found.push(match);
    if (found.length === count) break;
  }
  return found;
}

const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** Puts groups where `$1` and `${name}` stand. */
function expanded(template: string, match: Match): string {
  return template.replace(
    REFERENCE,
    (whole, plain?: string, braced?: string) =>
      whole === "$$" ? "$" : match.group(plain ?? braced ?? ""),
  );
}

function replaced(
  [pattern, text, replacement]: readonly Value[],
  expand: (template: string, match: Match) => string,
  context: CallContext,
): string {
  const source = wellFormed(text as string);
  let result = "";
  let at = 0;
  for (const match of matchesOf(compiled(pattern, context), source, context)) {
    const part = source.slice(at, match.start) + expand(replacement as string, match);
    context.budget.makeText(part.length);
    result += part;
    at = match.end;
  }
  return result + source.slice(at);
}

function find([pattern, text]: readonly Value[], context: CallContext): string {
  const source = wellFormed(text as string);
  const [match] = take(matchesOf(compiled(pattern, context), source, context), 1);
  return match === undefined ? "" : source.slice(match.start, match.end);
}

function findAll([pattern, text, count]: readonly Value[], context: CallContext): List {
  const source = wellFormed(text as string);
  const found = take(matchesOf(compiled(pattern, context), source, context), Number(count));
  context.budget.make(found.length);
  const texts = found.map(({ start, end }) => source.slice(start, end));
  return new List(texts, "[]string", found.length === 0);
}

/** What stands between matches; at most so many parts. */
function split([pattern, text, count]: readonly Value[], context: CallContext): List {
  const source = wellFormed(text as string);
  const most = Number(count);
  const regex = compiled(pattern, context);
  if (most === 0) return new List([], "[]string", true);
  if ((pattern as string) !== "" && source === "") return textList([""]);
  const parts: string[] = [];
  let [start, end] = [0, 0];
  for (const match of matchesOf(regex, source, context)) {
    if (most > 0 && parts.length === most - 1) break;
    end = match.start;
    if (match.end !== 0) parts.push(source.slice(start, end));
    start = match.end;
  }
  if (end !== source.length) parts.push(source.slice(start));
  context.budget.make(parts.length);
  return textList(parts);
}

function isMatch([pattern, text]: readonly Value[], context: CallContext): boolean {
  const [match] = take(
    matchesOf(compiled(pattern, context), wellFormed(text as string), context),
    1,
  );
  return match !== undefined;
}

/** A function and its twin `must…`: both fail for what is no regular expression. */
function twins(name: string, parameters: string, call: TemplateFunction["call"]) {
  return [
    define(name, parameters, call),
    define(`must${name[0]?.toUpperCase()}${name.slice(1)}`, parameters, call),
  ];
}

export const REGEX_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  define("regexMatch", "string string", (args, context) => {
    try {
      return isMatch(args, context);
    } catch (error) {
      if (error instanceof Fault) return false;
      throw error;
    }
  }),
  define("mustRegexMatch", "string string", isMatch),
  ...twins("regexFind", "string string", find),
  ...twins("regexFindAll", "string string int", findAll),
  ...twins(
    "regexReplaceAll",
    "string string string",
    (args, context) => replaced(args, expanded, context),
  ),
  ...twins(
    "regexReplaceAllLiteral",
    "string string string",
    (args, context) => replaced(args, (text) => text, context),
  ),
  ...twins("regexSplit", "string string int", split),
  define(
    "regexQuoteMeta",
    "string",
    ([text]) => (text as string).replace(/[\\.+*?()|[\]{}^$]/g, "\\$&"),
  ),
]);
