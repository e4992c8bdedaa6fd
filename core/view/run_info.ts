/** Rows of the screen for what judges an update: AnalysisRuns with their Jobs, and Experiments. */
import type { AnalysisRun, AnalysisRunStatus, MetricResult } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { ageAt } from "./human_duration.ts";
import type { ObjectInfo } from "./object_info.ts";

/** The annotation of a measurement that names its Job. */
const JOB_NAME = "job-name";

/** The row of an AnalysisRun. */
export function analysisRunInfo(run: KubeObject, nowMs: number): ObjectInfo {
  const results = resultsOf(run);
  const dry = results.filter(({ dryRun }) => dryRun === true);
  return {
    kind: "AnalysisRun",
    name: run.metadata.name,
    status: (run as AnalysisRun).status?.phase ?? "",
    age: ageAt(nowMs, run.metadata.creationTimestamp),
    details: [...countsOf(results), ...dryText(dry)],
    children: results.flatMap((result) => jobsOf(result, nowMs)),
  };
}

/** The row of an Experiment above those of its ReplicaSets and AnalysisRuns. */
export function experimentInfo(
  experiment: KubeObject,
  children: readonly ObjectInfo[],
  nowMs: number,
): ObjectInfo {
  return {
    kind: "Experiment",
    name: experiment.metadata.name,
    status: textOf(fieldsOf(experiment["status"])["phase"]),
    age: ageAt(nowMs, experiment.metadata.creationTimestamp),
    details: [],
    children: [...children],
  };
}

function resultsOf(run: KubeObject): readonly MetricResult[] {
  const { metricResults } = (run as AnalysisRun).status ?? ({} as AnalysisRunStatus);
  return listOf(metricResults) as MetricResult[];
}

const SIGNS = [
  ["✔", "successful"],
  ["✖", "failed"],
  ["?", "inconclusive"],
  ["⚠", "error"],
] as const;

/** How many measurements came to what: `✔ 2`, `✖ 1`; what there is none of is left out. */
function countsOf(results: readonly MetricResult[]): string[] {
  return SIGNS.flatMap(([sign, field]) => {
    const count = results.reduce((sum, result) => sum + (result[field] ?? 0), 0);
    return count === 0 ? [] : [`${sign} ${count}`];
  });
}

/** The same of metrics that count for nothing: `dry-run:✔ 1 ✖ 2`. */
function dryText(results: readonly MetricResult[]): string[] {
  const counts = countsOf(results);
  return counts.length === 0 ? [] : [`dry-run:${counts.join(" ")}`];
}

function jobsOf({ measurements }: MetricResult, nowMs: number): ObjectInfo[] {
  return (measurements ?? []).flatMap(({ phase, startedAt, metadata }) => {
    const name = metadata?.[JOB_NAME];
    if (name === undefined) return [];
    const age = ageAt(nowMs, startedAt);
    return [{ kind: "Job" as const, name, status: phase, age, details: [], children: [] }];
  });
}
