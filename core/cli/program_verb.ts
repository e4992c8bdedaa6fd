/** What each verb of the program is made of. */
import type { Flags, FlagValues } from "../command/flags.ts";
import type { Terminal } from "./terminal.ts";

export interface ProgramVerb<Known extends Flags> {
  /** What it does, in one sentence without a full stop, where the table of verbs does not say. */
  readonly about?: string;
  /** How it is written, without the program's name: `lint FILE... [flags]`. */
  readonly usage: string;
  readonly flags: Known;
  /** The rest of its help: examples, exit codes. */
  readonly notes: string;
  /** The exit code of a wrong command line and of input that cannot be read. */
  readonly badInputCode: 1 | 2;
  /**
   * Gives the exit code.
   * @throws {CommandLineError} for a wrong command line, {UsageError} for what else is wrong
   */
  run(
    terminal: Terminal,
    names: readonly string[],
    flags: FlagValues<Known>,
  ): Promise<number>;
}

/** A verb whose flags only it understands. */
// deno-lint-ignore no-explicit-any
export type AnyProgramVerb = ProgramVerb<any>;

/** Has the types of a verb's parts follow from one another. */
export function programVerb<const Known extends Flags>(
  parts: ProgramVerb<Known>,
): ProgramVerb<Known> {
  return parts;
}
