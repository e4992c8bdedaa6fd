/** How the words of a command become something that is done to a cluster. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { parseGoDuration } from "../api/values/durations.ts";
import type { Cluster } from "../ports/cluster.ts";
import { CommandLineError } from "./command_line_error.ts";
import type { Flags, FlagValues } from "./flags.ts";
import type { Target } from "./target.ts";

/** One verb: all that there is to know about it, in one place. */
export interface Verb<Given, Known extends Flags, Context> {
  /** How it is written: `pause ROLLOUT...`. */
  readonly usage: string;
  /** What it does, in a few words. */
  readonly about: string;
  readonly flags: Known;
  /**
   * What is meant by the words after the verb; undefined when they are not as in `usage`.
   * @throws {CommandLineError} for a value that means nothing
   */
  read(names: readonly string[], flags: FlagValues<Known>): Given | undefined;
  /** The same as several commands, where each answer is to be seen as soon as it is there. */
  apart?(given: Given): readonly Given[];
  /** Gives what the command line prints. @throws {CommandRefused} or {ApiError} */
  carryOut(context: Context, given: Given): Promise<string>;
}

/** A verb of any table. */
// deno-lint-ignore no-explicit-any -- what a verb reads, it alone understands
export type AnyVerb<Context> = Verb<any, any, Context>;

/** What a command needs to be carried out. */
export interface CommandContext {
  readonly cluster: Cluster;
  readonly nowMs: number;
  /**
   * Where the object of a name is; without a type, a Rollout.
   * @throws {CommandRefused} when the name alone does not tell
   */
  locate(name: string, type?: ResourceType): Target;
}

/** What any verb of a table can read, with the verb's name. */
export type CommandOf<Table extends Readonly<Record<string, AnyVerb<never>>>> = {
  [Name in keyof Table & string]:
    & { readonly verb: Name }
    & Exclude<ReturnType<Table[Name]["read"]>, undefined>;
}[keyof Table & string];

/** Has the types of a verb's parts follow from one another. */
export function verb<Given, const Known extends Flags, Context = CommandContext>(
  parts: Verb<Given, Known, Context>,
): Verb<Given, Known, Context> {
  return parts;
}

/** Whole milliseconds of `90s`, `1h30m`, `500ms`. @throws {CommandLineError} */
export function readDurationMs(text: string): number {
  const ms = parseGoDuration(text);
  if (ms === undefined) {
    throw new CommandLineError(`invalid duration "${text}"; write for example 90s, 1h30m or 500ms`);
  }
  if (ms < 0) throw new CommandLineError(`invalid duration "${text}": it is negative`);
  // Clocks count milliseconds: a part of one would come back as noise in every time.
  return Math.round(ms);
}

/** A whole number that is not negative; `what` is what it counts. @throws {CommandLineError} */
export function readCount(text: string, what: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new CommandLineError(
      `invalid number of ${what} "${text}"; write a whole number, 0 or more`,
    );
  }
  return Number(text);
}
