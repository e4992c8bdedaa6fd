/** `sluice analysis test`: what a template measures and comes to, without a cluster. */
import type { AnalysisArgument } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { CommandLineError, type FlagValues } from "../command/mod.ts";
import {
  EventLoop,
  lengthMs,
  type MetricData,
  parseDurationMs,
  renderTestedRun,
  type RunTest,
  ScriptError,
  START_MS,
  type TestedRun,
  testRun,
} from "../simulate/mod.ts";
import { readManifests } from "./manifest_files.ts";
import { DATA_FLAGS, readMetricData } from "./metric_data_file.ts";
import { missingTexts } from "./missing_texts.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const NOTES = `
Examples:
  # What it would ask, with the arguments that a Rollout passes
  sluice analysis test template.yaml --arg service=web

  # With data: a file as for simulate --data
  sluice analysis test template.yaml --arg service=web --data data.yaml

  # Against a Prometheus, as if it had been started then: a backtest
  sluice analysis test template.yaml --arg service=web \\
    --prometheus http://localhost:9090 --at 2026-03-01T09:30:00Z

  # The last two hours, measured every five minutes instead of every interval
  sluice analysis test template.yaml --arg service=web \\
    --prometheus http://localhost:9090 --for 2h --step 5m -o json

An analysis that has no end of its own is ended as the end of an update ends it: when the data say
nothing new any more, or after --for.

Exit codes: 0 Successful; 1 Failed or Error; 2 bad input, or no data for a metric; 3 Inconclusive.`;

const FLAGS = {
  arg: {
    short: "a",
    value: "NAME=VALUE",
    isRepeatable: true,
    about: "An argument of the template; can be repeated",
  },
  template: { value: "NAME", about: "Which template is tested, if the files hold several" },
  ...DATA_FLAGS,
  prometheus: { value: "URL", about: "Ask this server, instead of the address of each metric" },
  at: {
    value: "TIME",
    about: "With --prometheus: when the analysis starts, such as 2026-03-01T09:30:00Z " +
      "(default: so that it ends now)",
  },
  step: { value: "DURATION", about: "Time between measurements, instead of the interval" },
  for: {
    value: "DURATION",
    about: "How long it lasts at most (default: 24h; of --prometheus: 30m)",
  },
  output: {
    short: "o",
    value: "FORMAT",
    default: "text",
    choices: ["text", "json"],
    about: "text or json",
  },
} as const;

type TestFlags = FlagValues<typeof FLAGS>;

export const ANALYSIS_TEST = programVerb({
  usage: "analysis test FILE... [flags]",
  flags: FLAGS,
  notes: NOTES,
  badInputCode: 2,
  run: testAnalysis,
});

async function testAnalysis(
  terminal: Terminal,
  files: readonly string[],
  flags: TestFlags,
): Promise<number> {
  if (files.length === 0) {
    throw new CommandLineError("no file is named; usage: sluice analysis test FILE...");
  }
  if (flags.at !== undefined && flags.prometheus === undefined) {
    throw new CommandLineError("--at needs --prometheus: other data have no past");
  }
  const templates = await templatesOf(terminal, files);
  const template = chosen(templates, flags.template, files);
  const plugins = await terminal.plugins();
  const data = await readMetricData(terminal, flags, { objects: templates, plugins });
  const base = { template, templates, args: argumentsOf(flags.arg), step: stepOf(flags.step) };
  try {
    const test: RunTest = { ...base, ...timesOf(base, flags, terminal.clock.now()) };
    const outcome = await measured(test, { terminal, flags, data });
    terminal.out(rendered(outcome, flags, terminal));
    for (const text of missingTexts(outcome.missing)) terminal.err(`Error: ${text}\n`);
    return exitCodeOf(outcome);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new UsageError(withHint(error.message));
  }
}

/** The templates in the files; what else stands there is no business of this verb. */
async function templatesOf(terminal: Terminal, files: readonly string[]): Promise<KubeObject[]> {
  const documents = (await Promise.all(files.map((file) => readManifests(terminal, file)))).flat();
  const kinds = ["AnalysisTemplate", "ClusterAnalysisTemplate"];
  return documents.map(({ object }) => object).filter(({ kind }) => kinds.includes(kind));
}

/** The template that is meant: by its name, or the one that no other one names. */
function chosen(
  templates: readonly KubeObject[],
  name: string | undefined,
  files: readonly string[],
): KubeObject {
  const nested = new Set(
    templates.flatMap(({ spec }) =>
      listOf(fieldsOf(spec)["templates"]).map((each) => textOf(fieldsOf(each)["templateName"]))
    ),
  );
  const fitting = templates.filter(({ metadata }) =>
    name === undefined ? !nested.has(metadata.name) : metadata.name === name
  );
  const [first, second] = fitting;
  if (first !== undefined && second === undefined) return first;
  const names = templates.map(({ metadata }) => metadata.name).join(", ");
  if (templates.length === 0) {
    throw new UsageError(`no AnalysisTemplate in ${files.join(", ")}`);
  }
  throw new UsageError(
    name === undefined
      ? `several templates: choose one with --template NAME: ${names}`
      : `no template "${name}"; there are: ${names}`,
  );
}

function argumentsOf(texts: readonly string[]): AnalysisArgument[] {
  return texts.map((text) => {
    const [, name = "", value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === "") throw new CommandLineError("arguments must be in the form NAME=VALUE");
    return { name, value };
  });
}

/** A step is checked here, so that the message names the flag. */
function stepOf(text: string | undefined): string | undefined {
  if (text !== undefined && durationOf("--step", text) < 1000) {
    throw new UsageError(`--step: "${text}" is less than a second`);
  }
  return text;
}

function durationOf(flag: string, text: string): number {
  try {
    return parseDurationMs(text);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new UsageError(`${flag}: ${error.message}`);
  }
}

const DAY_MS = 24 * 3600 * 1000;
const BACKTEST_MS = 30 * 60 * 1000;

/** When the run begins, and when it is ended at the latest. */
function timesOf(
  test: Omit<RunTest, "startMs" | "endMs">,
  flags: TestFlags,
  nowMs: number,
): Pick<RunTest, "startMs" | "endMs"> {
  const forMs = flags.for === undefined ? undefined : durationOf("--for", flags.for);
  if (flags.prometheus === undefined) {
    return { startMs: START_MS, endMs: START_MS + (forMs ?? DAY_MS) };
  }
  const length = lengthMs({ ...test, startMs: 0, endMs: 0 });
  const latestMs = Math.floor(nowMs / 1000) * 1000;
  if (flags.at === undefined) {
    const startMs = latestMs - (forMs ?? length ?? BACKTEST_MS);
    return { startMs, endMs: latestMs };
  }
  const startMs = timeOf(flags.at);
  if (startMs > nowMs) throw new UsageError(`--at: ${flags.at} is yet to come`);
  const endMs = startMs + (forMs ?? (length === undefined ? BACKTEST_MS : DAY_MS));
  return { startMs, endMs: Math.min(endMs, latestMs) };
}

function timeOf(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(`--at: "${text}" is not a time such as 2026-03-01T09:30:00Z`);
  }
  return Math.floor(ms / 1000) * 1000;
}

/** Measures: with a Prometheus that is really asked, and the data for all else. */
async function measured(
  test: RunTest,
  { terminal, flags: { prometheus: address }, data: metricData }: {
    terminal: Terminal;
    flags: TestFlags;
    data: MetricData;
  },
): Promise<TestedRun> {
  const plugins = await terminal.plugins();
  const eventLoop = new EventLoop(terminal.clock);
  if (address === undefined) {
    // Who reads an answer may have to be loaded first.
    const loop = metricData.hasAnswers ? { eventLoop } : {};
    return await testRun(test, { plugins, metricData, ...loop });
  }
  // Loaded here, so that nobody else pays for the network.
  const { livePrometheus } = await import("./live_prometheus.ts");
  const { close, silence, ...live } = livePrometheus(terminal, address, plugins);
  try {
    const run = await testRun(test, { plugins, metricData, eventLoop, ...live });
    const why = silence();
    if (why === undefined) return run;
    throw new UsageError(`--prometheus: no server answers at ${address}: ${why}`);
  } finally {
    close();
  }
}

function rendered(run: TestedRun, { output, at, prometheus }: TestFlags, terminal: Terminal) {
  if (output === "json") {
    const { startMs, ...rest } = run;
    const startedAt = new Date(startMs).toISOString().replace(".000Z", "Z");
    return `${JSON.stringify({ startedAt, ...rest }, null, 2)}\n`;
  }
  const { columns } = terminal.size();
  const isDated = at !== undefined || prometheus !== undefined;
  const width = terminal.isInteractive && columns !== undefined ? { widthColumns: columns } : {};
  return renderTestedRun(run, { ...width, isDated });
}

function exitCodeOf({ phase, missing }: TestedRun): 0 | 1 | 2 | 3 {
  if (missing.length > 0) return 2;
  if (phase === "Successful") return 0;
  return phase === "Inconclusive" ? 3 : 1;
}

/** What to do about an argument without a value. */
function withHint(message: string): string {
  const [, name] = /^args\.(.*) was not resolved$/.exec(message) ?? [];
  return name === undefined ? message : `${message}: pass --arg ${name}=VALUE`;
}
