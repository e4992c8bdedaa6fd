/** Reading what metrics measure in a rehearsal: `--data FILE` and `--assume METRIC=RESULT`. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import {
  ALL,
  isStepPlugin,
  MetricData,
  NO_READER,
  parseAssumptions,
  parseSeries,
  parseStepSeries,
  ScriptError,
  type Series,
  stepNames,
  type StepSeries,
} from "../simulate/mod.ts";
import type { FileSource } from "./files.ts";
import { UsageError } from "./usage_error.ts";
import { readYamlFile, type YamlFile } from "./yaml_file.ts";

/** The flags of the verbs that rehearse analyses. */
export const DATA_FLAGS = {
  data: {
    value: "FILE",
    about: "What metrics measure, and step plugins answer, in the course of time",
  },
  assume: {
    value: "METRIC=RESULT",
    isRepeatable: true,
    about: "Every measurement is successful, failed, error or no-data; also a step plugin; or all",
  },
} as const;

/** What the command line says of measurements. */
export interface DataOptions {
  readonly data?: string | undefined;
  readonly assume: readonly string[];
}

/** @throws {UsageError} for what cannot be read, or is of no use for the metrics of `objects`. */
export async function readMetricData(
  terminal: FileSource & { err(text: string): void },
  { data, assume }: DataOptions,
  { objects, plugins }: { objects: readonly KubeObject[]; plugins: PluginRegistry },
): Promise<MetricData> {
  const assumed = assumptionsOf(assume);
  for (const metric of assumed.keys()) {
    if (isStepPlugin(metric)) {
      if (!objects.some((object) => stepNames(object).includes(metric))) {
        const text = `no step has the plugin "${metric}": nothing calls it`;
        terminal.err(`warning: --assume: ${text}\n`);
      }
      continue;
    }
    if (metric === ALL || objects.some((object) => metricOf(object, metric) !== undefined)) {
      continue;
    }
    const text = `no template has a metric "${metric}"`;
    terminal.err(`warning: --assume: ${text}: nothing measures it\n`);
  }
  if (data === undefined) return new MetricData([], assumed);
  const file = await readYamlFile(terminal, data, { what: "data of metrics", parse: parseData });
  for (const series of file.value.steps) {
    if (objects.some((object) => stepNames(object).includes(series.plugin))) continue;
    const text = `no step has the plugin "${series.plugin}": nothing calls it`;
    terminal.err(`warning: ${file.placeOf([series.plugin])}: ${text}\n`);
  }
  for (const series of file.value.series) {
    const provider = providerOf(series, objects);
    const path = [series.template, series.metric];
    if (provider === undefined) {
      const text = `no template "${series.template}" has a metric "${series.metric}"`;
      terminal.err(`warning: ${file.placeOf(path)}: ${text}: nothing measures it\n`);
    } else if (!plugins.metricProviders.some(({ name }) => name === provider)) {
      refuseAnswers(series, file);
    }
  }
  return new MetricData(file.value.series, assumed, file.value.steps);
}

function parseData(value: unknown): { series: Series[]; steps: StepSeries[] } {
  return { series: parseSeries(value), steps: parseStepSeries(value) };
}

function assumptionsOf(texts: readonly string[]) {
  try {
    return parseAssumptions(texts);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new UsageError(`--assume: ${error.message}`);
  }
}

/** The name of the provider of a series' metric; undefined: no object has such a metric. */
function providerOf(
  { template, metric }: Series,
  objects: readonly KubeObject[],
): string | undefined {
  const found = objects.filter(({ metadata }) => metadata.name === template)
    .map((object) => metricOf(object, metric))
    .find((each) => each !== undefined);
  if (found === undefined) return undefined;
  const provider = fieldsOf(found["provider"]);
  return Object.keys(fieldsOf(provider["plugin"]))[0] ?? Object.keys(provider)[0] ?? "";
}

/** The metric of an object by this name; undefined: it has none. */
function metricOf({ spec }: KubeObject, metric: string): Record<string, unknown> | undefined {
  return listOf(fieldsOf(spec)["metrics"]).map(fieldsOf)
    // Arguments in a name have their values only later.
    .find(({ name }) => name === metric || textOf(name).includes("{{"));
}

function refuseAnswers(series: Series, file: YamlFile<unknown>): void {
  const index = series.entries.findIndex(({ finding }) => finding.is === "answer");
  if (index < 0) return;
  const place = file.placeOf([series.template, series.metric, index]);
  throw new UsageError(`${place}: ${NO_READER}`);
}
