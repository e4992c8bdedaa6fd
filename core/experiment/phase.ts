/** What an Experiment comes to: of its templates and its analyses, in Argo's order. */
import type { AnalysisPhase } from "../../sdk/api/analysis.ts";
import type { TemplatePhase, TemplateStatus } from "../../sdk/api/experiment.ts";
import { isBad, worsePhase } from "../analysis/mod.ts";
import { EXPERIMENT_MESSAGE } from "../api/names/experiment_names.ts";

/** One analysis, as far as the phase depends on it. */
export interface Judged {
  /** Empty before it has begun. */
  readonly phase: AnalysisPhase | "";
  readonly message?: string | undefined;
  readonly isRequired: boolean;
}

/** A phase, and why. */
export interface PhaseStatement {
  readonly phase: AnalysisPhase;
  readonly message?: string | undefined;
}

/** From best to worst. */
const TEMPLATE_PHASES: readonly TemplatePhase[] = [
  "Successful",
  "Running",
  "Progressing",
  "Error",
  "Failed",
];

const PHASE_OF_TEMPLATE: Readonly<Record<TemplatePhase, AnalysisPhase>> = Object.freeze({
  Successful: "Successful",
  Running: "Running",
  Progressing: "Pending",
  Error: "Error",
  Failed: "Failed",
});

/** The phase of an experiment that has not ended yet. */
export function phaseOf(
  templates: readonly TemplateStatus[],
  analyses: readonly Judged[],
): PhaseStatement {
  const ofTemplates = templatesPhase(templates);
  const ofAnalyses = analysesPhase(analyses);
  const isEnded = ofTemplates.phase === "Successful";
  if (!isEnded && ofTemplates.phase !== "Running") return ofTemplates;
  if (isBad(ofAnalyses.phase)) return ofAnalyses;
  if (areRequiredSuccessful(analyses)) {
    // What the others would have come to does not matter.
    return { phase: "Successful", message: EXPERIMENT_MESSAGE.requiredRunsCompleted };
  }
  // Pods are gone after the duration, but what was asked for as an answer is waited for.
  const isAwaited = isEnded && analyses.some(({ isRequired }) => isRequired);
  return isAwaited ? ofAnalyses : ofTemplates;
}

/** True when there are analyses that end the experiment, and all of them were successful. */
export function areRequiredSuccessful(analyses: readonly Judged[]): boolean {
  const needed = analyses.filter(({ isRequired }) => isRequired);
  return needed.length > 0 && needed.every(({ phase }) => phase === "Successful");
}

/** The worst template, with its message; without any they count as successful. */
function templatesPhase(templates: readonly TemplateStatus[]): PhaseStatement {
  const rankOf = ({ status = "Progressing" }: TemplateStatus) => TEMPLATE_PHASES.indexOf(status);
  const [first, ...others] = templates;
  if (first === undefined) return { phase: "Successful" };
  const worst = others.reduce((one, other) => rankOf(other) > rankOf(one) ? other : one, first);
  const { status = "Progressing", message } = worst;
  return { phase: PHASE_OF_TEMPLATE[status], ...(message === undefined ? {} : { message }) };
}

/** The worst analysis, with its message; one that is yet to begin counts as running. */
function analysesPhase(analyses: readonly Judged[]): PhaseStatement {
  return analyses.reduce<PhaseStatement>((worst, { phase, message }) => {
    const counted = phase === "" || phase === "Pending" ? "Running" : phase;
    if (worsePhase(worst.phase, counted) === worst.phase) return worst;
    return { phase: counted, ...(message === undefined ? {} : { message }) };
  }, { phase: "Successful" });
}
