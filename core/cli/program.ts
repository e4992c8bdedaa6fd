/** The command line: how errors become sentences and exit codes. */
import { nearest } from "../api/values/nearest.ts";
// Not through the door: what stands behind it is not needed to find the verb.
import { CommandLineError } from "../command/command_line_error.ts";
import { type Flags, readFlags, takeLeadingFlags } from "../command/flags.ts";
import type { NamedVerb } from "../command/verb_words.ts";
import { HELP_FLAG, programHelp, verbHelp, type VerbSummary } from "./help.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { OUTPUT_FLAG } from "./output.ts";
import {
  aboutOf,
  CLUSTER_VERBS,
  type Entry,
  findVerb,
  groupOf,
  NOT_YET,
  OWN_VERBS,
  VERBS,
} from "./program_verbs.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

const ROOT_FLAGS = {
  version: { about: "Print the version" },
  ...HELP_FLAG,
} as const satisfies Flags;

/** The exit code of a command line that is wrong before any verb is known. */
const WRONG = 1;

/** Runs one command line (without the program's own name) and gives its exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = [...args];
  if (words[0] === "__complete") {
    return await (await import("./complete.ts")).complete(words.slice(1), terminal);
  }
  try {
    const leading = takeLeadingFlags(words, { ...ROOT_FLAGS, ...CONNECTION_FLAGS });
    const { flags } = readFlags(leading, { ...ROOT_FLAGS, ...CONNECTION_FLAGS });
    if (flags.version) {
      terminal.out(`sluice ${VERSION}\n`);
      return 0;
    }
    const isHelp = flags.help || words[0] === "help";
    if (words[0] === "help") words.shift();
    if (isHelp) {
      terminal.out(await helpOf(words, terminal));
      return 0;
    }
    if (words.length === 0) {
      terminal.err(await helpOf([], terminal));
      return WRONG;
    }
    // kubectl's users write `-n prod get rollout web`, and `get -n prod rollout web`.
    const [first = ""] = words.splice(0, 1);
    leading.push(...takeLeadingFlags(words, { ...CONNECTION_FLAGS, ...OUTPUT_FLAG }));
    words.unshift(first);
    const isGroup = findVerb(words) === undefined && groupOf(first).length > 0;
    if (isGroup && [...leading, ...words].some((word) => HELP.test(word))) {
      terminal.out(await helpOf([first], terminal));
      return 0;
    }
    const verb = verbOf(words);
    return await runVerb(verb.name, [...leading, ...words.slice(verb.words)], terminal);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    terminal.err(`Error: ${error.message} (see ${terminal.calledAs} --help)\n`);
    return WRONG;
  }
}

const HELP = /^(-h|--help)$/;

async function runVerb(
  name: string,
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const entry = VERBS[name] as Entry;
  const verb = await entry.load();
  try {
    const { names, flags } = readFlags(words, { ...verb.flags, ...HELP_FLAG });
    if (flags.help) {
      terminal.out(await verbHelpOf(name, terminal));
      return 0;
    }
    return await verb.run(terminal, names, flags);
  } catch (error) {
    if (error instanceof CommandLineError) {
      terminal.err(`Error: ${error.message} (see ${terminal.calledAs} ${name} --help)\n`);
    } else if (error instanceof UsageError) {
      terminal.err(`Error: ${error.message}\n`);
    } else throw error;
    return verb.badInputCode;
  }
}

async function verbHelpOf(name: string, { calledAs, size }: Terminal): Promise<string> {
  const entry = VERBS[name] as Entry;
  const verb = await entry.load();
  return verbHelp(await aboutOf(entry), verb, { calledAs, columns: size().columns });
}

async function helpOf(words: readonly string[], terminal: Terminal): Promise<string> {
  const { calledAs, size } = terminal;
  const options = { flags: ROOT_FLAGS, calledAs, columns: size().columns };
  const group = findVerb(words) === undefined ? groupOf(words[0]) : [];
  if (group.length > 0) {
    const verbs = Object.fromEntries(group.map((name) => [name, VERBS[name] as Entry]));
    return programHelp([{ title: "Commands", verbs: await summaries(verbs) }], options);
  }
  if (words.length > 0) return await verbHelpOf(verbOf(words).name, terminal);
  return programHelp([
    { title: "Commands on a cluster", verbs: await summaries(CLUSTER_VERBS) },
    { title: "Commands", verbs: await summaries(OWN_VERBS) },
  ], options);
}

async function summaries(verbs: Readonly<Record<string, Entry>>): Promise<VerbSummary[]> {
  return await Promise.all(
    Object.entries(verbs).map(async ([name, entry]) => ({ name, about: await aboutOf(entry) })),
  );
}

/** The verb with which the words begin. @throws {CommandLineError} without one */
function verbOf(words: readonly string[]): NamedVerb {
  const found = findVerb(words);
  if (found !== undefined) return found;
  const names = Object.keys(VERBS);
  const [first = ""] = words;
  const group = groupOf(first);
  if (group.length > 0) {
    throw new CommandLineError(`"${first}" is incomplete; use ${group.join(" or ")}`);
  }
  if (NOT_YET.includes(first)) {
    throw new CommandLineError(
      `"${first}" is not supported by this version; ` +
        `use the one of Argo Rollouts' own command line, which works with Sluice`,
    );
  }
  const meant = nearest(first, names.flatMap((name) => [name, name.split(" ")[0] ?? ""]));
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  throw new CommandLineError(`unknown command "${first}"${hint}`);
}
