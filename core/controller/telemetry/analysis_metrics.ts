/** What Experiments, AnalysisRuns and templates look like, from the caches at that moment. */
import type { AnalysisRun, AnalysisTemplate, Metric } from "../../../sdk/api/analysis.ts";
import type { Experiment } from "../../../sdk/api/experiment.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import type { Family, Labels, Sample } from "./exposition.ts";

const PHASES = ["Pending", "Running", "Successful", "Failed", "Error", "Inconclusive"];

/** Argo Rollouts' names of providers, by their fields. */
const PROVIDERS: Readonly<Record<string, string>> = Object.freeze({
  prometheus: "Prometheus",
  job: "Job",
  kayenta: "Kayenta",
  web: "Web",
  datadog: "Datadog",
  wavefront: "Wavefront",
  newRelic: "NewRelic",
  cloudWatch: "CloudWatch",
  graphite: "Graphite",
  influxdb: "Influxdb",
  skywalking: "skywalking",
  plugin: "RPCPlugin",
});

export function experimentFamilies(objects: Iterable<KubeObject>): Family[] {
  return phaseFamilies("experiment", [...objects] as Experiment[]);
}

export function analysisRunFamilies(objects: Iterable<KubeObject>): Family[] {
  const runs = [...objects] as AnalysisRun[];
  return [
    ...phaseFamilies("analysis_run", runs),
    gauge("analysis_run_metric_type", "The type of a metric of an AnalysisRun.", types(runs)),
    gauge(
      "analysis_run_metric_phase",
      "The phase of a metric of an AnalysisRun.",
      metricPhases(runs),
    ),
  ];
}

export function templateFamilies(objects: Iterable<KubeObject>): Family[] {
  const templates = [...objects] as AnalysisTemplate[];
  return [
    gauge(
      "analysis_template_info",
      "Information about analysis templates.",
      templates.map((template) => ({ labels: namedOf(template), value: 1 })),
    ),
    gauge(
      "analysis_template_metric_info",
      "Information about the metrics of analysis templates.",
      templates.flatMap((template) =>
        metricsOf(template).map((metric) => ({
          labels: { ...namedOf(template), type: typeOf(metric), metric: nameOf(metric) },
          value: 1,
        }))
      ),
    ),
  ];
}

function phaseFamilies(
  prefix: "experiment" | "analysis_run",
  objects: readonly (Experiment | AnalysisRun)[],
): Family[] {
  const title = prefix === "experiment" ? "Experiment" : "AnalysisRun";
  return [
    gauge(
      `${prefix}_info`,
      `Information about ${title}.`,
      objects.map((object) => ({
        labels: { ...namedOf(object), phase: object.status?.phase || "Pending" },
        value: 1,
      })),
    ),
    gauge(
      `${prefix}_phase`,
      `Information on the state of the ${title} (deprecated: use ${prefix}_info).`,
      objects.flatMap((object) => phaseSamples(namedOf(object), object.status?.phase || "Pending")),
    ),
  ];
}

function types(runs: readonly AnalysisRun[]): Sample[] {
  return runs.flatMap((run) =>
    metricsOf(run).map((metric) => ({
      labels: { ...namedOf(run), metric: nameOf(metric), type: typeOf(metric) },
      value: 1,
    }))
  );
}

function metricPhases(runs: readonly AnalysisRun[]): Sample[] {
  return runs.flatMap((run) => {
    const results = run.status?.metricResults ?? [];
    return metricsOf(run).flatMap((metric) => {
      const result = results.find(({ name }) => name === metric.name);
      if (result === undefined) return [];
      const labels = {
        ...namedOf(run),
        metric: nameOf(metric),
        type: typeOf(metric),
        dry_run: String(result.dryRun === true),
      };
      return phaseSamples(labels, result.phase);
    });
  });
}

function phaseSamples(labels: Labels, phase: string): Sample[] {
  return PHASES.map((one) => ({
    labels: { ...labels, phase: one },
    value: one === phase ? 1 : 0,
  }));
}

/** A template of the cluster has the namespace "". */
function namedOf({ metadata: { namespace = "", name } }: KubeObject): Labels {
  return { namespace, name };
}

/** Of what people write, any part may be of a wrong type. */
function metricsOf(object: KubeObject): Metric[] {
  return listOf(fieldsOf(object["spec"])["metrics"]).map((metric) => fieldsOf(metric)) as Metric[];
}

function nameOf({ name }: Metric): string {
  return typeof name === "string" ? name : "";
}

function typeOf({ provider }: Metric): string {
  const given = fieldsOf(provider);
  const field = Object.keys(PROVIDERS).find((one) => given[one] !== undefined);
  return field === undefined ? "Unknown Provider" : PROVIDERS[field] ?? "";
}

function gauge(name: string, help: string, samples: Iterable<Sample>): Family {
  return { name, help, type: "gauge", samples };
}
