/** The verbs that tell a cluster something: the table of `core/command`, on a real cluster. */
import {
  type AnyVerb,
  type CommandContext,
  CommandLineError,
  ROLLOUT_VERBS,
  RUN_VERBS,
} from "../command/mod.ts";
import { type ConnectionChoice, onCluster } from "./cluster_session.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { reportDone } from "./done_report.ts";
import { OUTPUT_FLAG, type OutputFormat } from "./output.ts";
import { type AnyProgramVerb, programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";

const EXAMPLES: Readonly<Record<string, string>> = {
  "set image": `
  # The container "web" of the Rollout "web"
  sluice set image web web=registry.example/web:2

  # All containers, in another namespace
  sluice set image web '*=registry.example/web:2' -n shop`,
  promote: `
  # Out of the present pause, or on to the next step
  sluice promote web

  # To the end: no more steps, pauses or analyses
  sluice promote web --full`,
  abort: `
  sluice abort web
  sluice abort web api -n shop`,
  retry: `
  sluice retry rollout web`,
  pause: `
  sluice pause web             # promote goes on`,
  restart: `
  sluice restart web
  sluice restart web --in 10m`,
  undo: `
  # To the revision before
  sluice undo web

  # To revision 3
  sluice undo web --to-revision 3`,
  scale: `
  sluice scale web --replicas 5`,
  "retry experiment": `
  sluice retry experiment web-7c6fcfb847-2-0`,
  "terminate analysisrun": `
  sluice terminate analysisrun web-7c6fcfb847-2-2`,
  "terminate experiment": `
  sluice terminate experiment web-7c6fcfb847-2-0`,
};

/** Verbs by their names, each as the command line has it. */
export const COMMAND_VERBS: Readonly<Record<string, AnyProgramVerb>> = Object.fromEntries(
  Object.entries({ ...ROLLOUT_VERBS, ...RUN_VERBS })
    .map(([name, verb]) => [name, ofTable(name, verb)]),
);

function ofTable(name: string, verb: AnyVerb<CommandContext>): AnyProgramVerb {
  return programVerb({
    usage: `${verb.usage} [flags]`,
    about: verb.about,
    flags: { ...verb.flags, ...OUTPUT_FLAG, ...CONNECTION_FLAGS },
    notes: `Examples:${EXAMPLES[name]}\n\nExit codes: 0 done; 1 not done, as standard error tells.`,
    badInputCode: 1,
    async run(terminal, names, flags) {
      const given = verb.read(names, flags);
      if (given === undefined) {
        throw new CommandLineError(`the usage is: ${terminal.calledAs} ${verb.usage}`);
      }
      const commands = verb.apart?.(given) ?? [given];
      return await carryOut(terminal, { name, verb, commands }, flags as unknown as Choice);
    },
  });
}

type Choice = ConnectionChoice & { readonly output: OutputFormat };

/** Commands of one verb, one for each object. */
interface Orders {
  readonly name: string;
  readonly verb: AnyVerb<CommandContext>;
  readonly commands: readonly unknown[];
}

async function carryOut(
  terminal: Terminal,
  { name, verb, commands }: Orders,
  choice: Choice,
): Promise<number> {
  const { output } = choice;
  await reportDone(
    terminal,
    { command: name, output },
    (tell) =>
      onCluster(terminal, choice, async ({ cluster, namespace }) => {
        for (const command of commands) {
          let object = "";
          const context: CommandContext = {
            cluster,
            nowMs: terminal.clock.now(),
            locate: (located) => ({ namespace, name: object = located }),
          };
          const message = await verb.carryOut(context, command);
          tell({ object: `${kindOf(name)}/${object}`, namespace, message });
        }
      }),
  );
  return 0;
}

/** The kind that a verb is about, as kubectl prints it with `-o name`. */
function kindOf(name: string): string {
  const [, kind] = /^(?:retry|terminate) (experiment|analysisrun)$/.exec(name) ?? [];
  return `${kind ?? "rollout"}.argoproj.io`;
}
