/**
 * Flags as kubectl's users write them: `-n=prod`, `--watch=false`, `--leader-elect=true`. The
 * library that reads the command line wants `-n prod`, nothing, and `--leader-elect`.
 */
import type { Command, Option } from "commander";

const TRUE = ["1", "t", "T", "true", "TRUE", "True"];
const FALSE = ["0", "f", "F", "false", "FALSE", "False"];

/** The arguments in the library's own form; what it will refuse stays as it is. */
export function fromPflag(args: readonly string[], program: Command): string[] {
  const end = args.indexOf("--");
  const flags = end < 0 ? args : args.slice(0, end);
  const command = program.commands.find((one) => one.name() === flags[0]) ?? program;
  const options = [...program.options, ...command.options];
  return [...flags.flatMap((arg) => rewritten(arg, options)), ...args.slice(flags.length)];
}

function rewritten(arg: string, options: readonly Option[]): string[] {
  const [, flag = "", value = ""] = /^(--?[A-Za-z][\w-]*)=(.*)$/s.exec(arg) ?? [];
  const option = options.find(({ short, long }) => flag !== "" && [short, long].includes(flag));
  if (option === undefined) return [arg];
  if (!option.isBoolean()) return flag === option.short ? [flag, value] : [arg];
  if (TRUE.includes(value)) return [flag];
  return FALSE.includes(value) ? [] : [arg];
}
