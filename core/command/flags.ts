/**
 * Flags as kubectl reads them: `--in 5s`, `--in=5s`, `-i 5s`, `-i=5s`, `-i5s`, `--watch=false`, two
 * short ones in one word, before and after other words, and none after `--`.
 */
import { nearest } from "../api/values/nearest.ts";
import { CommandLineError } from "./command_line_error.ts";

/** One flag of a verb, under its long name. */
export interface Flag {
  /** Its one letter. */
  readonly short?: string;
  /** What its value is called in the help: `DURATION`. Absent: it is on or off. */
  readonly value?: string;
  /** Of one that is on or off: on when it is not given. */
  readonly isOn?: true;
  /** May be given several times. */
  readonly isRepeatable?: true;
  /** The value when it is not given. */
  readonly default?: string;
  /** All values that it can have. */
  readonly choices?: readonly string[];
  /** One line of help; absent: not in the help. */
  readonly about?: string;
}

/** Flags by their long names, without the dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** What was given for each flag. */
export type FlagValues<Known extends Flags> = {
  readonly [Name in keyof Known]: Known[Name] extends { readonly isRepeatable: true }
    ? readonly string[]
    : Known[Name] extends { readonly choices: readonly (infer Choice)[]; readonly default: string }
      ? Choice
    : Known[Name] extends { readonly value: string }
      ? Known[Name] extends { readonly default: string } ? string : string | undefined
    : boolean;
};

/** The words of a command, sorted. */
export interface Words<Known extends Flags> {
  /** Those that are no flags, in their order. */
  readonly names: readonly string[];
  readonly flags: FlagValues<Known>;
}

const TRUE = ["1", "t", "T", "true", "TRUE", "True"];
const FALSE = ["0", "f", "F", "false", "FALSE", "False"];

/** @throws {CommandLineError} for a flag that is unknown, lacks its value or has a wrong one. */
export function readFlags<Known extends Flags>(
  words: readonly string[],
  known: Known,
): Words<Known> {
  const reading = new Reading(known);
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      reading.names.push(...rest);
      break;
    }
    if (word.startsWith("--")) reading.long(word, rest);
    else if (isShort(word)) reading.short(word, rest);
    else reading.names.push(word);
  }
  return { names: reading.names, flags: reading.values as FlagValues<Known> };
}

/** `-` is a name (of standard input); no flag is a digit, so `-1` is a number. */
function isShort(word: string): boolean {
  return /^-[^-\d]/.test(word);
}

class Reading {
  readonly names: string[] = [];
  readonly values: Record<string, boolean | string | string[] | undefined> = {};
  readonly #known: Flags;

  constructor(known: Flags) {
    this.#known = known;
    for (const [name, flag] of Object.entries(known)) {
      const absent = flag.value === undefined ? flag.isOn === true : flag.default;
      this.values[name] = flag.isRepeatable ? [] : absent;
    }
  }

  /** `--flag`, `--flag=value`, or `--flag` whose value is the next word. */
  long(word: string, rest: string[]): void {
    const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (!Object.hasOwn(this.#known, name)) throw unknownFlag(`--${name}`, this.#known);
    this.#set(name, { written: `--${name}`, value, rest });
  }

  /** `-f`, `-f=value`, `-fvalue`, `-f` whose value is the next word, or several in one. */
  short(word: string, rest: string[]): void {
    let letters = word.slice(1);
    while (letters !== "") {
      const [letter = ""] = letters;
      const written = `-${letter}`;
      const name = Object.keys(this.#known).find((one) => this.#known[one]?.short === letter);
      if (name === undefined) throw unknownFlag(written, this.#known);
      const after = letters.slice(letter.length);
      const isOnOff = this.#known[name]?.value === undefined;
      if (after.startsWith("=")) {
        return this.#set(name, { written, value: after.slice(1), rest });
      }
      if (!isOnOff) {
        return this.#set(name, { written, value: after === "" ? undefined : after, rest });
      }
      this.#set(name, { written, value: undefined, rest });
      letters = after;
    }
  }

  #set(
    name: string,
    { written, value, rest }: { written: string; value: string | undefined; rest: string[] },
  ): void {
    const flag = this.#known[name] as Flag;
    if (flag.value === undefined) {
      this.values[name] = value === undefined ? true : onOff(value, written);
      return;
    }
    const given = value ?? rest.shift();
    if (given === undefined) throw new CommandLineError(`flag ${written} needs a value`);
    if (flag.choices !== undefined && !flag.choices.includes(given)) {
      throw new CommandLineError(
        `invalid value "${given}" for ${written}; use one of ${flag.choices.join(", ")}`,
      );
    }
    const present = this.values[name];
    this.values[name] = Array.isArray(present) ? [...present, given] : given;
  }
}

function onOff(value: string, written: string): boolean {
  if (TRUE.includes(value)) return true;
  if (FALSE.includes(value)) return false;
  throw new CommandLineError(`invalid value "${value}" for ${written}; use true or false`);
}

function unknownFlag(written: string, known: Flags): CommandLineError {
  const meant = written.startsWith("--")
    ? nearest(written.slice(2), Object.keys(known))
    : undefined;
  const hint = meant === undefined ? "" : `; did you mean --${meant}?`;
  return new CommandLineError(`unknown flag ${written}${hint}`);
}

/** Takes the flags off that stand before the first other word, and gives them. */
export function takeLeadingFlags(words: string[], known: Flags): string[] {
  const taken: string[] = [];
  for (let [word] = words; word?.startsWith("-") === true && word !== "-"; [word] = words) {
    const [, long, letter] = /^(?:--([^=]+)|-(.))$/.exec(word) ?? [];
    const flag = Object.entries(known)
      .find(([name, { short }]) => name === long || short !== undefined && short === letter)?.[1];
    taken.push(...words.splice(0, flag?.value === undefined ? 1 : 2));
  }
  return taken;
}
