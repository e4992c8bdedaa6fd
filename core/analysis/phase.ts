/** Which phases are final, and which is worse. */
import type { AnalysisPhase } from "../../sdk/api/analysis.ts";
import { ANALYSIS_PHASES, type FinalPhase } from "../api/names/names.ts";

const FINAL: ReadonlySet<unknown> = new Set<FinalPhase>([
  "Successful",
  "Failed",
  "Error",
  "Inconclusive",
]);

/** True for a phase after which nothing comes. */
export function isCompleted(phase: AnalysisPhase | undefined): phase is FinalPhase {
  return FINAL.has(phase);
}

/** True for a final phase that stops a release. */
export function isBad(
  phase: AnalysisPhase | undefined,
): phase is Exclude<FinalPhase, "Successful"> {
  return isCompleted(phase) && phase !== "Successful";
}

/** The worse of two phases. */
export function worsePhase<Phase extends AnalysisPhase>(one: Phase, other: Phase): Phase {
  return ANALYSIS_PHASES.indexOf(other) > ANALYSIS_PHASES.indexOf(one) ? other : one;
}
