/** `get rollout` and `get experiment`: one object with all that belongs to it. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { EXPERIMENTS, ROLLOUTS } from "../api/names/resources.ts";
import { CommandLineError, onlyName, readCount, toldIfMissing } from "../command/mod.ts";
import type { FlagValues } from "../command/flags.ts";
import {
  experimentScreen,
  renderExperiment,
  type RenderOptions,
  renderRollout,
  rolloutInfo,
} from "../view/mod.ts";
import { onCluster, type Session } from "./cluster_session.ts";
import { follow } from "./follow.ts";
import { DrawnScreen, PrintedScreen } from "./live_screens.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { dataText, OUTPUT_FLAG } from "./output.ts";
import { programVerb } from "./program_verb.ts";
import { readScreen, type ScreenObjects, sourcesOf, type Subject } from "./screen_objects.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** A screen is drawn this often at most, and once a second while it is looked at. */
const DRAWN_EVERY_MS = 200;
const DRAWN_IDLE_MS = 1000;

const FLAGS = {
  watch: { short: "w", about: "Go on, and show what changes" },
  "no-color": { about: "Without colours; also where NO_COLOR is set or TERM is dumb" },
  "timeout-seconds": { value: "N", default: "0", about: "With --watch: end after this time" },
  ...OUTPUT_FLAG,
  ...CONNECTION_FLAGS,
} as const;

type Choice = FlagValues<typeof FLAGS>;

const NOTES = `
With --watch, a terminal shows the present state until Ctrl-C; a pipe or a file gets each state that
differs in more than ages, with an empty line before the next.

Exit codes: 0 shown; 1 it cannot be shown, or it was deleted; 130 after Ctrl-C.`;

export const GET_ROLLOUT = programVerb({
  usage: "get rollout ROLLOUT [flags]",
  about: "Show a rollout with its revisions, sets, pods and analyses",
  flags: FLAGS,
  notes: `Examples:
  sluice get rollout web
  sluice get rollout web --watch
  sluice get rollout web -n shop -o json
${NOTES}`,
  badInputCode: 1,
  run: (terminal, names, flags) => runGet(terminal, { ...ROLLOUT_VIEW, names }, flags),
});

export const GET_EXPERIMENT = programVerb({
  usage: "get experiment EXPERIMENT [flags]",
  about: "Show an experiment with its sets, pods and analyses",
  flags: FLAGS,
  notes: `Examples:
  sluice get experiment web-7c6fcfb847-2-0
  sluice get experiment web-7c6fcfb847-2-0 --watch
${NOTES}`,
  badInputCode: 1,
  run: (terminal, names, flags) => runGet(terminal, { ...EXPERIMENT_VIEW, names }, flags),
});

/** What is shown of one kind, and how. */
interface View {
  readonly type: Subject["type"];
  data(objects: ScreenObjects, nowMs: number): unknown;
  render(objects: ScreenObjects, nowMs: number, options?: RenderOptions): string;
}

const ROLLOUT_VIEW: View = {
  type: ROLLOUTS,
  data: ({ subject, ...objects }, nowMs) => ({
    ...rolloutInfo({ ...objects, rollout: subject as Rollout, nowMs }),
  }),
  render: ({ subject, ...objects }, nowMs, options) =>
    renderRollout(rolloutInfo({ ...objects, rollout: subject as Rollout, nowMs }), options),
};

const EXPERIMENT_VIEW: View = {
  type: EXPERIMENTS,
  data: ({ subject, ...objects }, nowMs) =>
    experimentScreen({ ...objects, experiment: subject, nowMs }),
  render: ({ subject, ...objects }, nowMs, options) =>
    renderExperiment(experimentScreen({ ...objects, experiment: subject, nowMs }), options),
};

async function runGet(
  terminal: Terminal,
  { names, ...view }: View & { readonly names: readonly string[] },
  choice: Choice,
): Promise<number> {
  const kind = view.type.kind.toLowerCase();
  const name = onlyName(names);
  if (name === undefined) {
    // `kubectl get rollouts` lists: who is used to that is told what does so here.
    const { calledAs } = terminal;
    const others = names.length === 0 ? `; ${calledAs} list ${kind}s shows all` : "";
    throw new CommandLineError(`the usage is: ${calledAs} get ${kind} NAME${others}`);
  }
  if (choice.watch && choice.output !== "text") {
    throw new CommandLineError(`--watch cannot be combined with -o ${choice.output}`);
  }
  const timeoutMs = readCount(choice["timeout-seconds"], "seconds") * 1000;
  return await onCluster(terminal, choice, async (session) => {
    const subject = { type: view.type, namespace: session.namespace, name };
    if (choice.output === "name") {
      await readScreen(session, subject, terminal.err);
      terminal.out(`${kind}.argoproj.io/${name}\n`);
      return 0;
    }
    const hasColour = terminal.hasColour && !choice["no-color"];
    const work = { session, subject, view, hasColour, timeoutMs };
    return choice.watch ? await watch(terminal, work) : await showOnce(terminal, work, choice);
  });
}

/** Shows a Rollout or an Experiment until Ctrl-C, as `get --watch` does. */
export async function watchObject(
  terminal: Terminal,
  session: Session,
  { subject, hasColour }: { readonly subject: Subject; readonly hasColour: boolean },
): Promise<number> {
  const view = subject.type === ROLLOUTS ? ROLLOUT_VIEW : EXPERIMENT_VIEW;
  return await watch(terminal, { session, subject, view, hasColour, timeoutMs: 0 });
}

/** What one `get` is about. */
interface Work {
  readonly session: Session;
  readonly subject: Subject;
  readonly view: View;
  readonly hasColour: boolean;
  readonly timeoutMs: number;
}

async function showOnce(
  terminal: Terminal,
  { session, subject, view, hasColour }: Work,
  { output }: Pick<Choice, "output">,
): Promise<number> {
  const tell = (text: string) => terminal.err(`Warning: ${text}\n`);
  const objects = await readScreen(session, subject, tell);
  const nowMs = terminal.clock.now();
  if (output === "json" || output === "yaml") {
    terminal.out(await dataText(view.data(objects, nowMs), output));
    return 0;
  }
  const { columns } = terminal.size();
  const width = columns === undefined ? {} : { widthColumns: columns };
  terminal.out(view.render(objects, nowMs, { color: hasColour, ...width }));
  return 0;
}

async function watch(terminal: Terminal, work: Work): Promise<number> {
  const { session, subject, timeoutMs } = work;
  // What is wrong from the start is told at once, and not tried again and again.
  await readSubject(work);
  const screen = terminal.canRedraw ? new DrawnScreen(terminal, work) : new PrintedScreen(terminal);
  try {
    return await follow(terminal, session, {
      sources: sourcesOf(subject),
      everyMs: DRAWN_EVERY_MS,
      ...(terminal.canRedraw ? { idleMs: DRAWN_IDLE_MS } : {}),
      timeoutMs,
      show(feed) {
        const objects = feed.screen(subject);
        if (objects === undefined) throw new UsageError(goneText(subject));
        screen.show((nowMs, options) => work.view.render(objects, nowMs, options));
        return undefined;
      },
      onTimeout: () => 0,
      tell: (text) => screen.tell(text),
    });
  } finally {
    screen.end();
  }
}

async function readSubject({ session, subject }: Work): Promise<KubeObject> {
  const { type, ...target } = subject;
  return await toldIfMissing(type, target, session.cluster.get(type, target));
}

function goneText({ type, namespace, name }: Subject): string {
  return `${type.kind.toLowerCase()} "${name}" in namespace "${namespace}" was deleted`;
}
