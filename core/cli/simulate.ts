/** `sluice simulate`: a rollout, offline, in virtual time. */
import { Command, InvalidArgumentError, Option } from "commander";
import {
  COMMAND_USAGE,
  exitCodeOf,
  NoRestError,
  ObjectRefused,
  type Outcome,
  renderTimeline,
  ScriptError,
  simulate,
} from "../simulate/mod.ts";
import type { RenderOptions } from "../view/mod.ts";
import { ScenarioReader } from "./scenario_reader.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

type OutputFormat = "text" | "json" | "yaml";

interface Options {
  script?: string;
  do: string[];
  until?: string;
  seed: number;
  output: OutputFormat;
}

const EXAMPLES = `
Examples:
  # Deploy, change the image after a minute, promote at two minutes
  sluice simulate rollout.yaml --do "1m: set image web web=registry/web:2" --do "2m: promote web"

  # The same as a script that waits for what it needs
  sluice simulate rollout.yaml --script script.yaml
    - {at: 60s, do: "set image web web=registry/web:2"}
    - {when: "phase == Paused", rollout: web, do: "promote web"}

  # What if the new image cannot be pulled?
  sluice simulate rollout.yaml --do "0s: fail-image registry/web:2" \\
    --do "10s: set image web web=registry/web:2" -o json

Commands for --do and --script:
${COMMAND_USAGE.map((line) => `  ${line}`).join("\n")}

Exit codes: 0 every Rollout is Healthy at the end; 1 one is Degraded, or a safety rule was broken;
2 bad input; 3 one is still progressing or paused.`;

export function simulateCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return new Command("simulate")
    .description("Run Rollouts on an embedded cluster in virtual time and tell what happens.")
    .argument("<file...>", "manifests, YAML or JSON; - reads standard input")
    .option("--script <file>", "what is done to the cluster, and when (a YAML list)", onlyOnce)
    .addOption(
      new Option('--do <"AT: COMMAND">', "one command at a time since the start; repeatable")
        .argParser(collect)
        .default([], "none"),
    )
    .option("--until <duration>", "end at the latest after this time (default 24h)")
    .option("--seed <n>", "where names and chance come from", parseSeed, 1)
    .option("-o, --output <format>", "text, json or yaml", parseFormat, "text")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], options: Options) => {
      onExit(await runSimulate(terminal, files, options));
    });
}

function onlyOnce(value: string, previous: string | undefined): string {
  if (previous === undefined) return value;
  throw new InvalidArgumentError(`there is "${previous}" already, and one script at a time.`);
}

function collect(value: string, values: string[]): string[] {
  return [...values, value];
}

function parseSeed(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("a whole number, 0 or more.");
  return Number(text);
}

function parseFormat(text: string): OutputFormat {
  if (text === "text" || text === "json" || text === "yaml") return text;
  throw new InvalidArgumentError("one of text, json, yaml.");
}

/** Reads what is named, simulates, prints; gives the exit code. */
async function runSimulate(
  terminal: Terminal,
  files: readonly string[],
  options: Options,
): Promise<number> {
  const plugins = await terminal.plugins();
  const reader = new ScenarioReader(terminal, plugins);
  try {
    const outcome = await simulate(await reader.read(files, options), { plugins });
    terminal.out(await render(outcome, options.output, screenOf(terminal)));
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

/** Who looks at a terminal gets colours, and lines that do not wrap. */
function screenOf({ isInteractive, widthColumns, hasColour }: Terminal): RenderOptions {
  if (!isInteractive) return {};
  return { color: hasColour, ...(widthColumns === undefined ? {} : { widthColumns }) };
}

async function render(
  outcome: Outcome,
  format: OutputFormat,
  screen: RenderOptions,
): Promise<string> {
  if (format === "text") return renderTimeline(outcome, screen);
  const { timeline, events, writes, result } = outcome;
  const shown = { timeline, events, writes, result };
  if (format === "json") return `${JSON.stringify(shown, null, 2)}\n`;
  const { stringify } = await import("yaml");
  // Without anchors, and quoted so that readers of YAML 1.1 see the same values.
  return stringify(shown, { aliasDuplicateObjects: false, version: "1.1", lineWidth: 0 });
}
