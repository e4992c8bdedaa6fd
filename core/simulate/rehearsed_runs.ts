/** Measuring in a simulation: it goes on as long as it may bring something. */
import type { AnalysisRun, MetricResult } from "../../sdk/api/analysis.ts";
import {
  AnalysisRunController,
  isCompleted,
  type MetricFacts,
  type Providers,
  readRun,
  type RunWorld,
} from "../analysis/mod.ts";
import type { Decision } from "../engine/mod.ts";

/** Whether metrics may find something else after a time. */
export interface Outlook {
  changesAfter(nowMs: number): boolean;
}

/**
 * The AnalysisRun controller of a rehearsal. A run that finds the same good values again and again,
 * or waits for data that are missing, is no reason for a simulation to go on.
 */
export class RehearsedRuns extends AnalysisRunController {
  readonly #outlook: Outlook;

  constructor(providers: Providers, outlook: Outlook) {
    super(providers);
    this.#outlook = outlook;
  }

  override decide(world: RunWorld): Decision {
    const decision = super.decide(world);
    if (decision.wakeAtMs === undefined || this.#mayChange(world, decision)) return decision;
    return { ...decision, isRetry: true };
  }

  #mayChange({ run, nowMs }: RunWorld, { status = run.status }: Decision): boolean {
    if (this.#outlook.changesAfter(nowMs)) return true;
    const facts = readRun(run);
    if (facts.error !== undefined) return true;
    const { metricResults = [] } = (status ?? {}) as NonNullable<AnalysisRun["status"]>;
    return facts.value.some((metric) =>
      isUnderWay(metric, metricResults.find(({ name }) => name === metric.name))
    );
  }
}

/** True for a metric that comes to its end by itself. */
function isUnderWay(metric: MetricFacts, result: MetricResult | undefined): boolean {
  if (isCompleted(result?.phase)) return false;
  const last = result?.measurements?.at(-1);
  if (last === undefined || last.phase === "Running") return true;
  // Put off: nothing says what it finds.
  if (last.phase === "Pending") return false;
  if (metric.count !== undefined || metric.consecutiveSuccessLimit > 0) return true;
  if (last.phase === "Failed") return metric.failureLimit >= 0;
  return last.phase !== "Successful";
}
