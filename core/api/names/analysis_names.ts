/** Phases of AnalysisRuns, and their events, byte for byte Argo Rollouts'. */
import type { AnalysisPhase } from "../../../sdk/api/analysis.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";

/** The phases from best to worst. */
export const ANALYSIS_PHASES: readonly AnalysisPhase[] = Object.freeze([
  "Successful",
  "Running",
  "Pending",
  "Inconclusive",
  "Error",
  "Failed",
]);

/** How a phase that is final ended; all others go on. */
export type FinalPhase = "Successful" | "Failed" | "Error" | "Inconclusive";

/** The events that an AnalysisRun gets. */
export const ANALYSIS_EVENT = Object.freeze({
  metricCompleted: (metric: string, phase: FinalPhase): EventDraft => ({
    type: eventType(phase),
    reason: `Metric${phase}`,
    message: `Metric '${metric}' Completed. Result: ${phase}`,
  }),
  runCompleted: (phase: FinalPhase): EventDraft => ({
    type: eventType(phase),
    reason: `AnalysisRun${phase}`,
    message: `Analysis Completed. Result: ${phase}`,
  }),
});

function eventType(phase: FinalPhase): EventDraft["type"] {
  return phase === "Failed" || phase === "Error" ? "Warning" : "Normal";
}
