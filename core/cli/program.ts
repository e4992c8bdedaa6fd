/** The command line: which verbs there are, and how errors become sentences and exit codes. */
import { nearest } from "../api/values/nearest.ts";
// Not through the door: what stands behind it is not needed to find the verb.
import { CommandLineError } from "../command/command_line_error.ts";
import { type Flags, readFlags, takeLeadingFlags } from "../command/flags.ts";
import { HELP_FLAG, programHelp, verbHelp } from "./help.ts";
import type { AnyProgramVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** A verb, loaded only when it is used: no verb pays for what another needs. */
interface Entry {
  /** What it does, in one sentence without a full stop. */
  readonly about: string;
  load(): Promise<AnyProgramVerb>;
}

const VERBS: Readonly<Record<string, Entry>> = {
  simulate: {
    about: "Run Rollouts on a cluster in memory, in virtual time, and print what happens",
    load: async () => (await import("./simulate.ts")).SIMULATE,
  },
  lint: {
    about: "Check manifests: fields, references, and what will cause trouble later",
    load: async () => (await import("./lint.ts")).LINT,
  },
  demo: {
    about: "Watch an example rollout on a cluster in memory; needs no files and no cluster",
    load: async () => (await import("./demo.ts")).DEMO,
  },
  controller: {
    about: "Run the controller until interrupted",
    load: async () => (await import("./controller.ts")).CONTROLLER,
  },
  "analysis eval": {
    about: "Evaluate a condition of a metric, without a cluster, and print its value as JSON",
    load: async () => (await import("./analysis.ts")).ANALYSIS_EVAL,
  },
  manifests: {
    about: "Print the manifests that a cluster needs",
    load: async () => (await import("./manifests.ts")).MANIFESTS,
  },
};

/** Verbs of Argo Rollouts' command line, which drives Sluice as it is. */
const ON_CLUSTER: readonly string[] = [
  ...["abort", "create", "dashboard", "get", "list", "notifications", "pause", "promote"],
  ...["restart", "retry", "set", "status", "terminate", "undo"],
];

const ROOT_FLAGS = {
  version: { about: "Print the version" },
  ...HELP_FLAG,
} as const satisfies Flags;

/** The exit code of a command line that is wrong before any verb is known. */
const WRONG = 1;

/** Runs one command line (without the program's own name) and gives its exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = [...args];
  try {
    const leading = takeLeadingFlags(words, ROOT_FLAGS);
    const { flags } = readFlags(leading, ROOT_FLAGS);
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
    const name = nameOf(words);
    return await runVerb(name, words.slice(name.split(" ").length), terminal);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    terminal.err(`Error: ${error.message} (see sluice --help)\n`);
    return WRONG;
  }
}

async function runVerb(
  name: string,
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { about, load } = VERBS[name] as Entry;
  const verb = await load();
  try {
    const { names, flags } = readFlags(words, { ...verb.flags, ...HELP_FLAG });
    if (flags.help) {
      terminal.out(verbHelp(about, verb, terminal.size().columns));
      return 0;
    }
    return await verb.run(terminal, names, flags);
  } catch (error) {
    if (error instanceof CommandLineError) {
      terminal.err(`Error: ${error.message} (see sluice ${name} --help)\n`);
    } else if (error instanceof UsageError) {
      terminal.err(`Error: ${error.message}\n`);
    } else throw error;
    return verb.badInputCode;
  }
}

async function helpOf(words: readonly string[], terminal: Terminal): Promise<string> {
  const { columns } = terminal.size();
  if (words.length > 0) {
    const { about, load } = VERBS[nameOf(words)] as Entry;
    return verbHelp(about, await load(), columns);
  }
  const verbs = Object.entries(VERBS).map(([name, { about }]) => ({ name, about }));
  return programHelp(verbs, { flags: ROOT_FLAGS, columns });
}

/** The name of the verb with which the words begin. @throws {CommandLineError} without one */
function nameOf(words: readonly string[]): string {
  const names = Object.keys(VERBS);
  const found = names.find((name) => name === words.slice(0, name.split(" ").length).join(" "));
  if (found !== undefined) return found;
  const [first = ""] = words;
  const group = names.filter((name) => name.startsWith(`${first} `));
  if (group.length > 0) {
    throw new CommandLineError(`"${first}" is incomplete; use ${group.join(", ")}`);
  }
  if (ON_CLUSTER.includes(first)) {
    throw new CommandLineError(
      `"${first}" is not supported by this version; ` +
        `use kubectl argo rollouts ${first}, which works with Sluice`,
    );
  }
  const meant = nearest(first, [...names, ...ON_CLUSTER]);
  throw new CommandLineError(
    `unknown command "${first}"; ` +
      (meant === undefined ? `use one of ${names.join(", ")}` : `did you mean "${meant}"?`),
  );
}
