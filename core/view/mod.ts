/**
 * Pure rendering of what the command line shows: objects in, plain data, text out. So far the
 * screen of `get rollout`: Rollouts, ReplicaSets, pods, AnalysisRuns, Experiments and Jobs.
 *
 * Deliberately absent: reading from a cluster, clearing and redrawing a terminal, and any clock:
 * the moment is an argument. Start with `rollout_info.ts` (what is said) and `render_rollout.ts`
 * (how it looks); another kind of row is one more builder of `ObjectInfo`.
 *
 * @module
 */
export { canaryProgress } from "./canary_progress.ts";
export {
  type ExperimentObjects,
  type ExperimentScreen,
  experimentScreen,
} from "./experiment_screen.ts";
export { type Explanation, explanation } from "./explanation.ts";
export type { ExplainedObjects } from "./explained_objects.ts";
export { humanDuration } from "./human_duration.ts";
export { statusIcon } from "./icons.ts";
export type { RenderOptions } from "./line.ts";
export { Redrawing } from "./redraw.ts";
export { type ShownPhase, shownPhase } from "./phase.ts";
export { renderExperiment } from "./render_experiment.ts";
export { renderExplanation } from "./render_explanation.ts";
export { renderRollout } from "./render_rollout.ts";
export type { ObjectInfo } from "./object_info.ts";
export {
  type ReplicaCounts,
  type RevisionInfo,
  type RolloutInfo,
  rolloutInfo,
  type RolloutObjects,
} from "./rollout_info.ts";
export {
  type ExperimentRow,
  experimentRow,
  type ListOptions,
  ListTable,
  type RolloutRow,
  rolloutRow,
} from "./list_table.ts";
export { wrapLine, wrapText } from "./wrap.ts";
