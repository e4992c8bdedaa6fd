/** What becomes of the analyses of an Experiment: which run begins, and what each has come to. */
import type { AnalysisPhase, AnalysisRun } from "../../sdk/api/analysis.ts";
import type { ExperimentRunStatus } from "../../sdk/api/experiment.ts";
import { creationOf } from "../../sdk/wire/write.ts";
import { isBad, isCompleted, terminateWrite } from "../analysis/mod.ts";
import { EXPERIMENT_EVENT, EXPERIMENT_MESSAGE } from "../api/names/experiment_names.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
} from "../api/names/resources.ts";
import { type Write, writeEffect } from "../engine/mod.ts";
import type { Judged } from "./phase.ts";
import type { AnalysisFacts, ExperimentWorld } from "./world.ts";

/** One analysis after a pass. */
export interface AnalysisOutcome extends Judged {
  readonly facts: AnalysisFacts;
  /** Empty when it has none. */
  readonly runName: string;
  /** The run that is made in this pass. */
  readonly newRun?: AnalysisRun;
}

/** All that has been heard of, and what begins now. */
export function analysisOutcomes(
  world: ExperimentWorld,
  { isTerminating }: { isTerminating: boolean },
): AnalysisOutcome[] {
  return world.analyses.map((facts) => outcomeOf(world, facts, isTerminating))
    // What will never begin has no say in the end.
    .filter(({ phase }) => phase !== "" || !isTerminating);
}

function outcomeOf(
  { experiment, isRefused }: ExperimentWorld,
  facts: AnalysisFacts,
  isTerminating: boolean,
): AnalysisOutcome {
  const { analysis, recorded, run, draft } = facts;
  const { analysisRun: runName = "", phase: before = "", message } = recorded ?? {};
  const known = { facts, runName, isRequired: analysis.requiredForCompletion === true };
  if (isFinal(before)) return { ...known, phase: before, message };
  if (run !== undefined) {
    const { phase = "Pending", message: why } = run.status ?? {};
    return { ...known, runName: run.metadata.name, phase, message: why };
  }
  const problem = isTerminating && runName === "" ? undefined : problemOf(experiment, facts);
  if (problem !== undefined) return { ...known, phase: "Error", message: problem };
  const isDue = experiment.status?.availableAt !== undefined && !isTerminating;
  if (!isDue || isRefused === true || draft === undefined || draft.error !== undefined) {
    return { ...known, phase: "" };
  }
  return { ...known, runName: draft.value.metadata.name, newRun: draft.value, phase: "Pending" };
}

function isFinal(phase: AnalysisPhase | ""): phase is AnalysisPhase {
  return phase !== "" && isCompleted(phase);
}

/** Why there is no run, and will be none. */
function problemOf(
  { status }: ExperimentWorld["experiment"],
  { analysis, recorded, draft, missing }: AnalysisFacts,
): string | undefined {
  const { name, clusterScope } = analysis;
  const runName = recorded?.analysisRun ?? "";
  if (runName !== "") return EXPERIMENT_MESSAGE.runGone(runName, name);
  if (status?.availableAt !== undefined) {
    return draft?.error === undefined ? undefined : EXPERIMENT_MESSAGE.runFailed(name, draft.error);
  }
  const { kind } = clusterScope === true ? CLUSTER_ANALYSIS_TEMPLATES : ANALYSIS_TEMPLATES;
  return missing === undefined
    ? undefined
    : EXPERIMENT_MESSAGE.templateMissing(kind, name, missing);
}

/** True when these end the experiment: one of them is bad, or all that are required are good. */
export function isAnyBad(outcomes: readonly AnalysisOutcome[]): boolean {
  return outcomes.some(({ phase }) => phase !== "" && isBad(phase));
}

/** As they stand in the status; undefined: nothing is known of any. */
export function runStatuses(outcomes: readonly AnalysisOutcome[]): ExperimentRunStatus[] {
  return outcomes.filter(({ phase }) => phase !== "").map(({ facts, runName, phase, message }) => ({
    name: facts.analysis.name,
    analysisRun: runName,
    phase,
    ...(message === undefined || message === "" ? {} : { message }),
  }));
}

/** The runs that begin, and those that end before they would. */
export function runWrites(outcomes: readonly AnalysisOutcome[], isEnded: boolean): Write[] {
  return outcomes.flatMap(({ facts: { analysis, run }, newRun: object }): Write[] => {
    if (object !== undefined) {
      return [writeEffect(creationOf(ANALYSIS_RUNS, object))];
    }
    const goesOn = run !== undefined && !isCompleted(run.status?.phase) &&
      run.spec.terminate !== true;
    if (!isEnded || !goesOn) return [];
    const events = [EXPERIMENT_EVENT.terminating(analysis.name, run.metadata.name)];
    return [{ ...terminateWrite(run), events }];
  });
}
