/** What measurements come to: the phase of each metric, and of the run. In Argo's order. */
import type {
  AnalysisPhase,
  AnalysisRunStatus,
  MetricResult,
  RunSummary,
} from "../../sdk/api/analysis.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { ANALYSIS_EVENT, type FinalPhase } from "../api/names/names.ts";
import { isCompleted, worsePhase } from "./phase.ts";
import type { MetricFacts } from "./run_facts.ts";
import { hasReachedCount, isFinished, resultOf } from "./schedule.ts";

/** A limit that was passed. */
interface Breach {
  readonly phase: FinalPhase;
  readonly text: string;
}

/** What a run came to with the measurements that are recorded. */
export interface Assessment {
  readonly phase: AnalysisPhase;
  readonly message: string | undefined;
  readonly metricResults: MetricResult[];
  readonly runSummary: RunSummary;
  readonly dryRunSummary: RunSummary;
  /** Of metrics that are final now. */
  readonly events: readonly EventDraft[];
}

export interface RunEnd {
  /** No new measurements are begun. */
  readonly isTerminating: boolean;
  /** Somebody ended it. */
  readonly isTerminated: boolean;
}

/** Assesses a run. */
export function assessRun(
  metrics: readonly MetricFacts[],
  status: AnalysisRunStatus,
  { isTerminating, isTerminated }: RunEnd,
): Assessment {
  const results = new Map((status.metricResults ?? []).map((result) => [result.name, result]));
  const summaries: Record<"run" | "dry", RunSummary> = { run: {}, dry: {} };
  const events: EventDraft[] = [];
  let worst: FinalPhase | undefined;
  let worstMessage = isTerminated ? "Run Terminated" : undefined;
  let isComplete = true;
  for (const metric of metrics) {
    const summary = summaries[metric.isDry ? "dry" : "run"];
    summary.count = (summary.count ?? 0) + 1;
    const before = resultOf(metric.name, status);
    if (before === undefined) isComplete = false;
    if (before === undefined) continue;
    const phase = assessMetric(metric, before, isTerminating);
    let result = before;
    if (phase !== before.phase) {
      result = withMessage({ ...before, phase }, before.measurements?.at(-1)?.message);
      if (isCompleted(phase)) events.push(ANALYSIS_EVENT.metricCompleted(metric.name, phase));
    }
    if (isCompleted(phase)) {
      const breach = breachOf(metric, result);
      count(summary, phase);
      if (metric.isDry) {
        const message = `Metric assessed ${phase} due to ${breach?.text}`;
        if (breach !== undefined) result = { ...result, message };
      } else if (worst === undefined || worsePhase(worst, phase) !== worst) {
        worst = phase;
        if (breach !== undefined) worstMessage = runMessage(result, phase, breach);
      }
    } else isComplete = false;
    results.set(metric.name, result);
  }
  const isOver = isTerminating || isComplete;
  return {
    phase: isOver ? worst ?? "Successful" : "Running",
    message: isOver ? worstMessage : undefined,
    metricResults: [...results.values()],
    runSummary: summaries.run,
    dryRunSummary: summaries.dry,
    events,
  };
}

function runMessage({ name, message }: MetricResult, phase: FinalPhase, { text }: Breach): string {
  const said = message === undefined ? "" : `: "Error Message: ${message}"`;
  return `Metric "${name}" assessed ${phase} due to ${text}${said}`;
}

function withMessage(
  { message: _, ...result }: MetricResult,
  message: string | undefined,
): MetricResult {
  return message === undefined || message === "" ? result : { ...result, message };
}

const SUMMARY_FIELDS: Readonly<Record<FinalPhase, Exclude<keyof RunSummary, "count">>> = Object
  .freeze({
    Successful: "successful",
    Failed: "failed",
    Inconclusive: "inconclusive",
    Error: "error",
  });

function count(summary: RunSummary, phase: FinalPhase): void {
  const field = SUMMARY_FIELDS[phase];
  summary[field] = (summary[field] ?? 0) + 1;
}

/** The phase of a metric of which something is recorded. */
function assessMetric(
  metric: MetricFacts,
  result: MetricResult,
  isTerminating: boolean,
): AnalysisPhase {
  if (isCompleted(result.phase)) return result.phase;
  const last = result.measurements?.at(-1);
  if (last === undefined) return isTerminating ? "Successful" : "Pending";
  if (!isFinished(last)) return "Running";
  const breach = breachOf(metric, result);
  if (breach !== undefined) return breach.phase;
  const { consecutiveSuccessLimit, failureLimit } = metric;
  const hasSuccessLimit = consecutiveSuccessLimit > 0;
  if (hasSuccessLimit && (result.consecutiveSuccess ?? 0) >= consecutiveSuccessLimit) {
    return "Successful";
  }
  if (hasReachedCount(metric, result)) {
    // What was to be reached was not, and what was not to be passed neither.
    if (hasSuccessLimit) return failureLimit >= 0 ? "Inconclusive" : "Failed";
    return "Successful";
  }
  return isTerminating ? "Successful" : "Running";
}

/** The limit that was passed; of several the last one counts. */
function breachOf(metric: MetricFacts, result: MetricResult): Breach | undefined {
  const { failureLimit, inconclusiveLimit, consecutiveErrorLimit } = metric;
  const { failed = 0, inconclusive = 0, consecutiveError = 0 } = result;
  if (consecutiveError > consecutiveErrorLimit) {
    const text = `consecutiveErrors (${consecutiveError}) > consecutiveErrorLimit ` +
      `(${consecutiveErrorLimit})`;
    return { phase: "Error", text };
  }
  if (inconclusive > inconclusiveLimit) {
    const text = `inconclusive (${inconclusive}) > inconclusiveLimit (${inconclusiveLimit})`;
    return { phase: "Inconclusive", text };
  }
  if (failureLimit >= 0 && failed > failureLimit) {
    return { phase: "Failed", text: `failed (${failed}) > failureLimit (${failureLimit})` };
  }
  return undefined;
}
