/** What AnalysisRuns measure in a simulation: what the data say, and what they do not. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { MeasuringRun, MetricCall } from "../../sdk/metric_provider.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { StepCall, StepPlugin } from "../../sdk/step_plugin.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
} from "../api/names/resources.ts";
import { PROVIDER_FIELDS } from "../api/validation/validate_metrics.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { equalJson } from "../engine/mod.ts";
import { fedProvider, type Provider } from "./fed_providers.ts";
import { fedStepPlugin, type StepFeed } from "./fed_steps.ts";
import type { Finding, MetricData } from "./metric_data.ts";

/** A measurement that was to be made, and of which nothing says what it finds. */
export interface MissingData {
  readonly atSeconds: number;
  readonly namespace: string;
  readonly run: string;
  /** The template that the metric stands in. */
  readonly template: string;
  readonly metric: string;
  /** What would have been asked, with the values of all arguments. */
  readonly query: string;
}

/** A step whose plugin was to be called, and of which nothing says what it answers. */
export interface MissingStep {
  readonly atSeconds: number;
  readonly namespace: string;
  readonly rollout: string;
  /** From 1. */
  readonly step: number;
  readonly plugin: string;
}

/** Where a rehearsal takes place; times in milliseconds since 1970. */
export interface Stage {
  cluster(): EmbeddedCluster;
  now(): number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Feeds the metrics of one simulation, and remembers what there is no data for. */
export class Rehearsal {
  readonly missing: MissingData[] = [];
  readonly missingSteps: MissingStep[] = [];
  readonly #data: MetricData;
  readonly #stage: Stage;

  constructor(data: MetricData, stage: Stage) {
    this.#data = data;
    this.#stage = stage;
  }

  /** Stands in for the providers of a registry, and for those that it lacks. */
  providers({ metricProviders }: PluginRegistry, objects: readonly KubeObject[]): Provider[] {
    const names = new Set([
      ...PROVIDER_FIELDS,
      ...metricProviders.map(({ name }) => name),
      ...objects.flatMap(pluginNames),
    ]);
    return [...names].map((name) =>
      fedProvider(
        name,
        metricProviders.find((provider) => provider.name === name),
        (call, question) => this.#feed(call, question),
      )
    );
  }

  /** Stands in for the step plugins of a registry, and for those that it lacks. */
  stepPlugins({ stepPlugins }: PluginRegistry, objects: readonly KubeObject[]): StepPlugin[] {
    const names = new Set([...stepPlugins.map(({ name }) => name), ...objects.flatMap(stepNames)]);
    return [...names].map((name) => fedStepPlugin(name, (call) => this.#feedStep(name, call)));
  }

  /** True when the data say something else after a time. */
  changesAfter(nowMs: number): boolean {
    return this.#data.lastAtMs > nowMs - this.#stage.startMs;
  }

  #feedStep(plugin: string, { rollout, stepIndex }: StepCall): StepFeed {
    const { startMs, endMs } = this.#stage;
    const nowMs = this.#stage.now();
    const finding = this.#data.findStep(plugin, nowMs - startMs);
    const changesMs = this.#data.stepChangesMs(plugin, nowMs - startMs);
    const nextMs = changesMs === undefined ? undefined : startMs + changesMs;
    if (finding !== undefined) return { finding, untilMs: nextMs };
    const message = "nothing says what it answers";
    if (nextMs === undefined) {
      const { namespace = "", name } = rollout.metadata;
      const atSeconds = (nowMs - startMs) / 1000;
      const step = stepIndex + 1;
      this.missingSteps.push({ atSeconds, namespace, rollout: name, step, plugin });
    }
    // After the end: nobody waits for it.
    const untilMs = nextMs ?? Math.max(endMs, nowMs) + DAY_MS;
    return { finding: { is: "phase", phase: "Running", message }, untilMs };
  }

  #feed({ run, metric }: MetricCall, query: string): Finding | { laterMs: number } {
    const { startMs, endMs } = this.#stage;
    const nowMs = this.#stage.now();
    const templates = templatesOf(run, metric, this.#stage.cluster());
    const found = this.#data.find({ templates, metric, atMs: nowMs - startMs });
    if (found !== undefined) return found;
    const { namespace, name } = run;
    const [template = ""] = templates;
    const atSeconds = (nowMs - startMs) / 1000;
    this.missing.push({ atSeconds, namespace, run: name, template, metric, query });
    // After the end: nobody waits for it.
    return { laterMs: Math.max(endMs, nowMs) + DAY_MS };
  }
}

/** The plugins that the steps of an object name. */
export function stepNames({ kind, spec }: KubeObject): string[] {
  if (kind !== "Rollout") return [];
  const { steps } = fieldsOf(fieldsOf(fieldsOf(spec)["strategy"])["canary"]);
  const names = listOf(steps).map((step) => textOf(fieldsOf(fieldsOf(step)["plugin"])["name"]));
  return names.filter((name) => name !== "");
}

const DAY_MS = 24 * 3600 * 1000;

/** The providers that are plugins in the metrics of an object. */
function pluginNames({ spec }: KubeObject): string[] {
  return metricsIn(spec).flatMap(({ provider }) =>
    Object.keys(fieldsOf(fieldsOf(provider)["plugin"]))
  );
}

function metricsIn(spec: unknown): Fields[] {
  return listOf(fieldsOf(spec)["metrics"]).map(fieldsOf);
}

/** The templates that a metric of a run is from; a run that was made of none counts as one. */
function templatesOf(
  { namespace, name }: MeasuringRun,
  metric: string,
  cluster: EmbeddedCluster,
): string[] {
  const run = cluster.object(ANALYSIS_RUNS, { namespace, name }) as AnalysisRun | undefined;
  const own = metricsIn(run?.spec).filter((each) => nameFits(textOf(each["name"]), metric));
  const templates = [ANALYSIS_TEMPLATES, CLUSTER_ANALYSIS_TEMPLATES]
    .flatMap((type) => cluster.objects(type))
    .filter(({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace);
  const holding = (isIt: (each: Fields) => boolean) =>
    templates.filter(({ spec }) => metricsIn(spec).some(isIt)).map(({ metadata }) => metadata.name);
  const same = holding((each) => own.some((one) => equalJson(one, each)));
  if (same.length > 0) return same;
  // The template has been changed since.
  return [...holding((each) => nameFits(textOf(each["name"]), metric)), name];
}

/** True for a name as it is written: arguments in it may have any value. */
function nameFits(written: string, name: string): boolean {
  const parts = written.split(/\{\{.*?\}\}/s);
  return parts.length === 1 ? written === name : name.startsWith(parts[0] ?? "") &&
    name.endsWith(parts.at(-1) ?? "");
}
