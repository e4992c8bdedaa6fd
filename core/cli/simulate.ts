/** `sluice simulate`: a rollout, offline, in virtual time. */
import { CommandLineError, type FlagValues } from "../command/mod.ts";
import {
  COMMAND_USAGE,
  EventLoop,
  exitCodeOf,
  NoRestError,
  ObjectRefused,
  type Outcome,
  renderTimeline,
  reportPage,
  ScriptError,
  shownOutcome,
  simulate,
} from "../simulate/mod.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { NotificationConfig } from "../notify/mod.ts";
import type { RenderOptions } from "../view/mod.ts";
import { dataText } from "./output.ts";
import { DATA_FLAGS, readMetricData } from "./metric_data_file.ts";
import { missingStepTexts, missingTexts } from "./missing_texts.ts";
import { programVerb } from "./program_verb.ts";
import { ScenarioReader } from "./scenario_reader.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const NOTES = `
Examples:
  # Deploy, change the image after a minute, promote at two minutes
  sluice simulate rollout.yaml --do "1m: set image web web=registry/web:2" --do "2m: promote web"

  # The same as a script that waits for what it needs
  sluice simulate rollout.yaml --script script.yaml
    - {at: 60s, do: "set image web web=registry/web:2"}
    - {when: "phase == Paused", rollout: web, do: "promote web"}

  # Go on from an update that is under way in a cluster
  kubectl get ro,rs,svc,pods -n shop -o yaml | sluice simulate - --do "1m: promote web"

  # Who would be told what
  sluice simulate rollout.yaml --notifications configmap.yaml

  # What if the new image cannot be pulled?
  sluice simulate rollout.yaml --do "0s: fail-image registry/web:2" \\
    --do "10s: set image web web=registry/web:2" -o json

Commands for --do and --script:
${COMMAND_USAGE.map((line) => `  ${line}`).join("\n")}

Exit codes: 0 every Rollout is Healthy at the end; 1 one is Degraded, or a safety rule was broken;
2 bad input, or no data for a metric; 3 one is still progressing or paused.`;

const FLAGS = {
  filename: {
    short: "f",
    value: "FILE",
    isRepeatable: true,
    about: "A file or folder of manifests, or - for standard input; can be repeated",
  },
  namespace: {
    short: "n",
    value: "NAME",
    about: "Of objects that name none; of a dump, only the objects of this namespace",
  },
  script: {
    value: "FILE",
    isRepeatable: true,
    about: "What is done to the cluster, and when: a YAML list",
  },
  do: {
    value: '"AT: COMMAND"',
    isRepeatable: true,
    about: "One command, at this time since the start; can be repeated",
  },
  ...DATA_FLAGS,
  notifications: {
    value: "FILE",
    about: "The ConfigMap of notifications: print what would have been sent to whom, and when",
  },
  until: { value: "DURATION", default: "24h", about: "End after this time at the latest" },
  seed: { value: "N", default: "1", about: "Seed of generated names and of chance" },
  output: {
    short: "o",
    value: "FORMAT",
    default: "text",
    choices: ["text", "json", "yaml", "html"],
    about: "text, json, yaml, or html: a page for a review",
  },
  objects: { about: "With json and yaml: also the objects that there are at the end" },
} as const;

export const SIMULATE = programVerb({
  usage: "simulate [FILE...] [flags]",
  flags: FLAGS,
  notes: NOTES,
  badInputCode: 2,
  run: (terminal, files, flags) => runSimulate(terminal, [...flags.filename, ...files], flags),
});

/** Reads what is named, simulates, prints; gives the exit code. */
async function runSimulate(
  terminal: Terminal,
  files: readonly string[],
  flags: FlagValues<typeof FLAGS>,
): Promise<number> {
  if (files.length === 0) {
    throw new CommandLineError("no file is named; usage: sluice simulate FILE...");
  }
  const [script, ...more] = flags.script;
  if (more.length > 0) throw new CommandLineError("--script can be given only once");
  if (!/^\d{1,15}$/.test(flags.seed)) {
    throw new CommandLineError(`invalid seed "${flags.seed}"; write a whole number, 0 or more`);
  }
  const options = {
    ...(script === undefined ? {} : { script }),
    do: flags.do,
    until: flags.until,
    seed: Number(flags.seed),
    ...(flags.namespace ? { namespace: flags.namespace } : {}),
  };
  const plugins = await terminal.plugins();
  const reader = new ScenarioReader(terminal, plugins);
  try {
    const scenario = await reader.read(files, options);
    const objects = [...scenario.objects, ...[...scenario.files.values()].flat()];
    const metricData = await readMetricData(terminal, flags, { objects, plugins });
    // Who reads an answer may have to be loaded first.
    const eventLoop = metricData.hasAnswers ? new EventLoop(terminal.clock) : undefined;
    const notifications = await notificationsOf(terminal, flags.notifications, plugins);
    const outcome = await simulate(scenario, { notifications, plugins, metricData, eventLoop });
    terminal.out(await render(outcome, flags, screenOf(terminal)));
    const missing = [...missingTexts(outcome.missing), ...missingStepTexts(outcome.missingSteps)];
    for (const text of missing) terminal.err(`Error: ${text}\n`);
    return exitCodeOf(outcome);
  } catch (error) {
    if (error instanceof ObjectRefused) {
      throw new UsageError(`${reader.placeOf(error.object)}: ${error.message}`);
    }
    if (error instanceof ScriptError) throw new UsageError(error.message);
    if (error instanceof NoRestError) {
      terminal.err(`Error: ${error.message}: please report this with the files that were given\n`);
      return 1;
    }
    throw error;
  }
}

/** Undefined: no configuration is named. @throws {UsageError} for one that is wrong */
async function notificationsOf(
  terminal: Terminal,
  path: string | undefined,
  plugins: PluginRegistry,
): Promise<NotificationConfig | undefined> {
  if (path === undefined) return undefined;
  const { readNotifications } = await import("./notification_file.ts");
  return await readNotifications(terminal, path, plugins);
}

/** Who looks at a terminal gets colours, and lines that do not wrap. */
function screenOf({ isInteractive, hasColour, size }: Terminal): RenderOptions {
  if (!isInteractive) return {};
  const { columns } = size();
  return { color: hasColour, ...(columns === undefined ? {} : { widthColumns: columns }) };
}

async function render(
  outcome: Outcome,
  { output: format, objects: isWhole }: Pick<FlagValues<typeof FLAGS>, "output" | "objects">,
  screen: RenderOptions,
): Promise<string> {
  if (format === "text") return renderTimeline(outcome, screen);
  const shown = shownOutcome(outcome, { isWhole });
  if (format === "html") return reportPage(shown);
  return await dataText(shown, format);
}
