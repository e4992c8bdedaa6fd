/** What a pass is told of a Rollout's analyses. */
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { RunType } from "./runs.ts";

/** The run that an analysis would be started with now. */
export interface Draft {
  readonly run: AnalysisRun;
  /** The same run is there and goes on: it is taken instead of a new one. */
  readonly present?: AnalysisRun;
}

export interface AnalysisFacts {
  /** The Rollout's own runs, newest first. */
  readonly runs: readonly AnalysisRun[];
  /** Names that the status records and that the cluster itself does not have, or others hold. */
  readonly gone: readonly string[];
  /** By what they belong to: the present step, the whole update, or its promotion. */
  readonly drafts: Readonly<Partial<Record<RunType, Draft>>>;
}

export const NO_ANALYSES: AnalysisFacts = Object.freeze({
  runs: Object.freeze([]),
  gone: Object.freeze([]),
  drafts: Object.freeze({}),
});
