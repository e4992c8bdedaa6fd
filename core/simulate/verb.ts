/** How the words of a command become a command. */
import { parseGoDuration } from "../api/values/durations.ts";
import type { Command } from "./command.ts";
import { ScriptError } from "./script_error.ts";

/** One verb of the scripts. */
export interface Verb<Read extends Command = Command> {
  /** How it is written: `pause ROLLOUT...`. */
  readonly usage: string;
  /** Undefined when the words after the verb are not how it is written. @throws {ScriptError} */
  read(words: readonly string[]): Read | undefined;
}

/** Flags of a verb: whether each is followed by a value. */
export type Flags = Readonly<Record<string, "alone" | "with value">>;

/** Words that are names, and flags under their own first letters: `--in 5s`, `--in=5s`, `-i 5s`. */
export interface Arguments {
  readonly names: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

/** Undefined when a flag is unknown, lacks its value, or has one too many. */
export function argumentsOf(
  words: readonly string[],
  flags: Flags = {},
): Arguments | undefined {
  const names: string[] = [];
  const found = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-")) {
      names.push(word);
      continue;
    }
    const [, flag = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const shape = Object.hasOwn(flags, flag) ? flags[flag] : undefined;
    if (shape === undefined || (shape === "alone" && value !== undefined)) return undefined;
    const given = shape === "alone" ? "" : value ?? rest.shift();
    if (given === undefined) return undefined;
    found.set(flag, given);
  }
  return names.includes("") ? undefined : { names, flags: found };
}

/** The one name of a verb that takes one, with the flags that it knows. */
export function nameAndFlags(
  words: readonly string[],
  known: Flags,
): { readonly name: string; readonly flags: ReadonlyMap<string, string> } | undefined {
  const { names: [name, ...more] = [], flags } = argumentsOf(words, known) ?? {};
  const isOne = name !== undefined && flags !== undefined && more.length === 0;
  return isOne ? { name, flags } : undefined;
}

/** The one name of a verb that takes one and no flags. */
export function onlyName(words: readonly string[]): string | undefined {
  return nameAndFlags(words, {})?.name;
}

/** Whole milliseconds of `90s`, `1h30m`, `500ms`. @throws {ScriptError} */
export function parseDurationMs(text: string): number {
  const ms = parseGoDuration(text);
  if (ms === undefined) {
    throw new ScriptError(`"${text}" is no duration: write for example 90s, 1h30m or 500ms`);
  }
  if (ms < 0) throw new ScriptError(`"${text}" is negative: time only goes on`);
  // Clocks count milliseconds: a part of one would come back as noise in every time.
  return Math.round(ms);
}

/** A whole number that is not negative; `what` is what it counts. @throws {ScriptError} */
export function parseCount(text: string, what: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new ScriptError(`"${text}" is no number of ${what}: a whole number, 0 or more`);
  }
  return Number(text);
}
