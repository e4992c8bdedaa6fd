/** What a pass is told of a Rollout's Experiments. */
import type { Experiment } from "../../../sdk/api/experiment.ts";

/** The Experiment that the present step would be started with now. */
export interface ExperimentDraft {
  readonly experiment: Experiment;
  /** The same is there and goes on: it is taken instead of a new one. */
  readonly present?: Experiment;
}

export interface ExperimentFacts {
  /** The Rollout's own, newest first. */
  readonly experiments: readonly Experiment[];
  /** Absent: the present step asks for none, or nothing can be made of it yet. */
  readonly draft?: ExperimentDraft;
}

export const NO_EXPERIMENTS: ExperimentFacts = Object.freeze({ experiments: Object.freeze([]) });
