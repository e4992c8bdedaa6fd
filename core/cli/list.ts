/** `list rollouts` and `list experiments`: one line for each. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { EXPERIMENTS, ROLLOUTS } from "../api/names/resources.ts";
import { CommandLineError } from "../command/mod.ts";
import type { FlagValues } from "../command/flags.ts";
import type { Selection } from "../ports/mod.ts";
import { experimentRow, type ListOptions, ListTable, rolloutRow } from "../view/mod.ts";
import { onCluster, type Session } from "./cluster_session.ts";
import { follow } from "./follow.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { dataText, OUTPUT_FLAG } from "./output.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";

/** Changes are printed together, this often at most. */
const PRINTED_EVERY_MS = 500;

const ALL_NAMESPACES = {
  "all-namespaces": { short: "A", about: "In all namespaces" },
} as const;

const ROLLOUT_FLAGS = {
  ...ALL_NAMESPACES,
  name: { value: "NAME", about: "Only the one of this name" },
  watch: { short: "w", about: "Go on, and print a line for each that changed" },
  timestamps: { about: "Print when each line was true" },
  ...OUTPUT_FLAG,
  ...CONNECTION_FLAGS,
} as const;

const EXPERIMENT_FLAGS = { ...ALL_NAMESPACES, ...OUTPUT_FLAG, ...CONNECTION_FLAGS } as const;

export const LIST_ROLLOUTS = programVerb({
  usage: "list rollouts [flags]",
  about: "List rollouts, one line each",
  flags: ROLLOUT_FLAGS,
  notes: `
Examples:
  sluice list rollouts
  sluice list rollouts -A
  sluice list rollouts --watch --timestamps

Exit codes: 0 listed, also when there are none; 1 it cannot be told; 130 after Ctrl-C.`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    checkNames(names);
    if (flags.watch && flags.output !== "text") {
      throw new CommandLineError(`--watch cannot be combined with -o ${flags.output}`);
    }
    return await onCluster(terminal, flags, async (session) => {
      const options = {
        hasNamespace: flags["all-namespaces"],
        hasTimestamps: flags.timestamps,
      };
      const selection = selectionOf(session, flags);
      if (flags.watch) return await watchRollouts(terminal, session, { selection, options });
      const toRow = (object: KubeObject) => rolloutRow(object as Rollout);
      const rows = inOrder(await session.cluster.listKept(ROLLOUTS, selection, toRow));
      return await print(terminal, { kind: "rollout", rows }, {
        output: flags.output,
        lines: () => ListTable.ofRollouts(options).lines(rows, terminal.clock.now()),
      });
    });
  },
});

export const LIST_EXPERIMENTS = programVerb({
  usage: "list experiments [flags]",
  about: "List experiments, one line each",
  flags: EXPERIMENT_FLAGS,
  notes: `
Examples:
  sluice list experiments
  sluice list experiments -A -o json

Exit codes: 0 listed, also when there are none; 1 it cannot be told.`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    checkNames(names);
    return await onCluster(terminal, flags, async (session) => {
      const options = { hasNamespace: flags["all-namespaces"] };
      const nowMs = terminal.clock.now();
      const toRow = (object: KubeObject) => experimentRow(object, nowMs);
      const selection = selectionOf(session, flags);
      const rows = inOrder(await session.cluster.listKept(EXPERIMENTS, selection, toRow));
      return await print(terminal, { kind: "experiment", rows }, {
        output: flags.output,
        lines: () => ListTable.ofExperiments(options).lines(rows, nowMs),
      });
    });
  },
});

function checkNames([name]: readonly string[]): void {
  if (name !== undefined) throw new CommandLineError(`unexpected argument "${name}"`);
}

/** One request, of one namespace or of all. */
function selectionOf(
  { namespace }: Session,
  flags: { readonly "all-namespaces": boolean; readonly name?: string | undefined },
): Selection {
  return {
    ...(flags["all-namespaces"] ? {} : { namespace }),
    ...(flags.name ? { fieldSelector: `metadata.name=${flags.name}` } : {}),
  };
}

/** A line of a list. */
interface Row {
  readonly namespace: string;
  readonly name: string;
}

/** By namespace, then by name. */
function inOrder<One extends Row>(rows: readonly One[]): One[] {
  return rows
    .map((row) => ({ row, key: `${row.namespace}/${row.name}` }))
    .sort((one, other) => one.key < other.key ? -1 : 1)
    .map(({ row }) => row);
}

/** What is listed, as data. */
interface Listed {
  readonly kind: string;
  readonly rows: readonly Row[];
}

async function print(
  terminal: Terminal,
  { kind, rows }: Listed,
  { output, lines }: { output: FlagValues<typeof OUTPUT_FLAG>["output"]; lines: () => string },
): Promise<number> {
  if (output === "json" || output === "yaml") {
    terminal.out(await dataText({ [`${kind}s`]: rows }, output));
  } else if (rows.length === 0) {
    terminal.err("No resources found.\n");
  } else if (output === "name") {
    terminal.out(rows.map(({ name }) => `${kind}.argoproj.io/${name}\n`).join(""));
  } else {
    terminal.out(lines());
  }
  return 0;
}

async function watchRollouts(
  terminal: Terminal,
  session: Session,
  { selection, options }: { readonly selection: Selection; readonly options: ListOptions },
): Promise<number> {
  // What is wrong from the start is told at once, and not tried again and again.
  await session.cluster.list(ROLLOUTS, { ...selection, fieldSelector: "metadata.name=-" });
  const table = ListTable.ofRollouts(options);
  /** What was printed of each, by its uid. */
  const printed = new Map<string, string>();
  let isFirst = true;
  return await follow(terminal, session, {
    sources: [{ type: ROLLOUTS, selection }],
    everyMs: PRINTED_EVERY_MS,
    timeoutMs: 0,
    show(feed) {
      const changed = feed.objects(ROLLOUTS).flatMap((object) => {
        const row = rolloutRow(object as Rollout);
        const state = JSON.stringify(row);
        const { uid = "" } = object.metadata;
        if (printed.get(uid) === state) return [];
        printed.set(uid, state);
        return [row];
      });
      const rows = inOrder(changed);
      if (rows.length > 0) terminal.out(table.lines(rows, terminal.clock.now()));
      else if (isFirst) terminal.err("No resources found.\n");
      isFirst = false;
      return undefined;
    },
    onTimeout: () => 0,
    tell: (text) => terminal.err(`Warning: ${text}\n`),
  });
}
