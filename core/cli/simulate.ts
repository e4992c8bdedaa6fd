/** `sluice simulate`: a rollout, offline, in virtual time. */
import { Command, InvalidArgumentError } from "commander";
import { parse, stringify } from "yaml";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { ManifestDocument } from "../api/manifest/mod.ts";
import { findResourceType } from "../api/resources.ts";
import { validateRollout } from "../api/validate_rollout.ts";
import {
  unservedField,
  unservedFieldMessage,
  unservedStepKind,
  unservedStepMessage,
} from "../rollout/mod.ts";
import {
  COMMAND_USAGE,
  exitCodeOf,
  type Outcome,
  parseDurationMs,
  parseScript,
  parseTimedCommand,
  renderTimeline,
  type Scenario,
  type ScriptEntry,
  ScriptError,
  simulate,
  UNTIL_DEFAULT_MS,
} from "../simulate/mod.ts";
import { readBytes, readManifestFile } from "./files.ts";
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
    .option("--script <file>", "what is done to the cluster, and when (a YAML list)")
    .option(
      '--do <"AT: COMMAND">',
      "one command at a time since the start; repeatable",
      collect,
      [],
    )
    .option("--until <duration>", "end at the latest after this time (default 24h)")
    .option("--seed <n>", "where names and chance come from", parseSeed, 1)
    .option("-o, --output <format>", "text, json or yaml", parseFormat, "text")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], options: Options) => {
      onExit(await runSimulate(terminal, files, options));
    });
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
  try {
    const scenario = await readScenario(terminal, files, options);
    const outcome = await simulate(scenario);
    terminal.out(render(outcome, options.output));
    return exitCodeOf(outcome);
  } catch (error) {
    if (error instanceof ScriptError) throw new UsageError(error.message);
    throw error;
  }
}

async function readScenario(
  terminal: Terminal,
  files: readonly string[],
  options: Options,
): Promise<Scenario> {
  const documents: ManifestDocument[] = [];
  for (const file of files) documents.push(...await readManifestFile(terminal, file));
  const objects = acceptedObjects(terminal, documents);
  if (!objects.some(({ kind }) => kind === "Rollout")) {
    throw new UsageError(`there is no Rollout in ${files.join(", ")}`);
  }
  const timed = options.do.map(parseTimedCommand);
  const script = options.script === undefined ? [] : await readScript(terminal, options.script);
  const untilMs = options.until === undefined ? UNTIL_DEFAULT_MS : parseDurationMs(options.until);
  const applied = new Map<string, readonly KubeObject[]>();
  for (const { command } of [...script, ...timed]) {
    if (command.verb !== "apply" || applied.has(command.file)) continue;
    const read = await readManifestFile(terminal, command.file);
    applied.set(command.file, acceptedObjects(terminal, read));
  }
  return { objects, script, timed, files: applied, untilMs, seed: options.seed };
}

async function readScript(terminal: Terminal, path: string): Promise<ScriptEntry[]> {
  const text = new TextDecoder().decode(await readBytes(terminal, path));
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UsageError(`${path}: ${reason}`);
  }
  try {
    return parseScript(value);
  } catch (error) {
    if (error instanceof ScriptError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** What can be simulated; kinds that play no part are left out with a warning. */
function acceptedObjects(
  terminal: Terminal,
  documents: readonly ManifestDocument[],
): KubeObject[] {
  const objects: KubeObject[] = [];
  for (const document of documents) {
    const { object } = document;
    if (findResourceType(object) === undefined) {
      const what = `${object.kind} "${object.metadata.name}"`;
      terminal.err(`warning: ${at(document, [])}: ${what} plays no part in the simulation\n`);
      continue;
    }
    if (object.kind === "Rollout") checkRollout(terminal, document);
    objects.push(object);
  }
  return objects;
}

/** Refuses what is not served; says where the spec is invalid, and lets it run to Degraded. */
function checkRollout(terminal: Terminal, document: ManifestDocument): void {
  const rollout = document.object as Rollout;
  const field = unservedField(rollout);
  if (field !== undefined) {
    throw new UsageError(`${at(document, field)}: ${unservedFieldMessage(field)}`);
  }
  const steps = rollout.spec.strategy?.canary?.steps ?? [];
  for (const [index, step] of steps.entries()) {
    const kind = unservedStepKind(step);
    if (kind === undefined) continue;
    const path = ["spec", "strategy", "canary", "steps", index];
    const message = unservedStepMessage(kind, { index, count: steps.length });
    throw new UsageError(`${at(document, path)}: ${message}`);
  }
  for (const { location, text } of validateRollout(rollout)) {
    terminal.err(`${at(document, location)}: ${text}\n`);
  }
}

function at(document: ManifestDocument, path: readonly (string | number)[]): string {
  const { line, column } = document.position(path);
  return `${document.file}:${line}:${column}`;
}

function render(outcome: Outcome, format: OutputFormat): string {
  if (format === "text") return renderTimeline(outcome);
  const { timeline, events, writes, result } = outcome;
  const shown = { timeline, events, writes, result };
  return format === "json" ? `${JSON.stringify(shown, null, 2)}\n` : stringify(shown);
}
