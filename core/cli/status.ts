/** `status`: how a Rollout stands, in one word and a reason; for scripts that wait. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import { CommandLineError, onlyName, readDurationMs, readRollout } from "../command/mod.ts";
import type { FlagValues } from "../command/flags.ts";
import { type ShownPhase, shownPhase } from "../view/mod.ts";
import { onCluster, type Session } from "./cluster_session.ts";
import { follow, INTERRUPTED } from "./follow.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { dataText, OUTPUT_FLAG } from "./output.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const FLAGS = {
  watch: {
    short: "w",
    isOn: true,
    about: "Wait until the Rollout is Healthy or Degraded (the default); --watch=false: do not",
  },
  timeout: {
    short: "t",
    value: "DURATION",
    default: "0s",
    about: "Wait no longer than this; 0s: without end",
  },
  ...OUTPUT_FLAG,
  ...CONNECTION_FLAGS,
} as const;

type Choice = FlagValues<typeof FLAGS>;

export const STATUS = programVerb({
  usage: "status ROLLOUT [flags]",
  about: "Tell how a rollout stands, and wait for its end",
  flags: FLAGS,
  notes: `
Examples:
  # Wait for the end of an update; each change is a line
  sluice status web --timeout 10m

  # Only look
  sluice status web --watch=false

Exit codes: 0 Healthy (without waiting: not Degraded); 1 Degraded, the time is up, or it cannot be
told; 130 after Ctrl-C. With -o json, "outcome" tells these apart: Healthy, Degraded, TimedOut,
Interrupted, or (without waiting) Pending.`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    const name = onlyName(names);
    if (name === undefined) {
      throw new CommandLineError(`the usage is: ${terminal.calledAs} status ROLLOUT`);
    }
    const timeoutMs = readDurationMs(flags.timeout);
    return await onCluster(
      terminal,
      flags,
      (session) => tell(terminal, session, { name, timeoutMs, choice: flags }),
    );
  },
});

/** What is asked. */
interface Question {
  readonly name: string;
  readonly timeoutMs: number;
  readonly choice: Choice;
}

type Outcome = "Healthy" | "Degraded" | "Pending" | "TimedOut" | "Interrupted";

const TIMED_OUT = 1;

async function tell(
  terminal: Terminal,
  session: Session,
  question: Question,
): Promise<number> {
  const { name, choice: { watch, output } } = question;
  const { namespace } = session;
  // What is wrong from the start is told at once, and not tried again and again.
  let shown = shownPhase(await readRollout(session.cluster, { namespace, name }));
  let code = 0;
  if (watch) {
    ({ shown, code } = await wait(terminal, session, { ...question, shown }));
  } else if (output === "text") {
    terminal.out(`${endOf(shown) === undefined ? textOf(shown) : shown.phase}\n`);
  }
  const outcome = endOf(shown) ?? unfinished(code);
  const { phase: status, message } = shown;
  if (output === "name") terminal.out(`rollout.argoproj.io/${name}\n`);
  if (output === "json" || output === "yaml") {
    terminal.out(await dataText({ name, namespace, status, message, outcome }, output));
  }
  if (outcome === "Degraded") {
    throw new UsageError(`The rollout is in a degraded state with message: ${message}`);
  }
  if (outcome === "TimedOut") throw new UsageError("Rollout status watch exceeded timeout");
  return code;
}

/** Prints each change, until there is an end or the time is up. */
async function wait(
  terminal: Terminal,
  session: Session,
  { name, timeoutMs, choice: { output }, shown: first }: Question & { readonly shown: ShownPhase },
): Promise<{ shown: ShownPhase; code: number }> {
  const { namespace } = session;
  let shown = first;
  let printed = "";
  const code = await follow(terminal, session, {
    sources: [{ type: ROLLOUTS, selection: { namespace, fieldSelector: `metadata.name=${name}` } }],
    everyMs: 0,
    timeoutMs,
    show(feed) {
      const rollout = feed.objects(ROLLOUTS).find(({ metadata }) => metadata.name === name);
      if (rollout === undefined) {
        throw new UsageError(`rollout "${name}" in namespace "${namespace}" was deleted`);
      }
      shown = shownPhase(rollout as Rollout);
      const text = textOf(shown);
      if (output === "text" && text !== printed) terminal.out(`${text}\n`);
      printed = text;
      return endOf(shown) === undefined ? undefined : 0;
    },
    onTimeout: () => TIMED_OUT,
    tell: (text) => terminal.err(`Warning: ${text}\n`),
  });
  return { shown, code };
}

function endOf({ phase }: ShownPhase): "Healthy" | "Degraded" | undefined {
  return phase === "Healthy" || phase === "Degraded" ? phase : undefined;
}

function unfinished(code: number): Outcome {
  if (code === INTERRUPTED) return "Interrupted";
  return code === TIMED_OUT ? "TimedOut" : "Pending";
}

function textOf({ phase, message }: ShownPhase): string {
  return message === "" ? phase : `${phase} - ${message}`;
}
