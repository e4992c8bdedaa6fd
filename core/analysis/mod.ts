/**
 * Analysis: AnalysisRuns are made of templates, measured and judged. Rollouts and Experiments make
 * runs and look at their phases; they never measure.
 *
 * Start with `new_run.ts`. The condition language has a room of its own, `condition/`. Deliberately
 * absent: what a run's phase does to a Rollout (that is the Rollout's), and every provider: these
 * are plugins.
 *
 * @module
 */
export { freeName, isSameRun, type NewRun, newRun, sameSpec, terminateWrite } from "./new_run.ts";
export { isNoDataPolicy, type NoDataPolicy, noDataPolicy } from "./no_data.ts";
export { isBad, isCompleted, worsePhase } from "./phase.ts";
