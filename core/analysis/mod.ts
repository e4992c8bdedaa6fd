/**
 * Analysis: AnalysisRuns are made of templates, measured and judged. Rollouts and Experiments make
 * runs and look at their phases; they never measure.
 *
 * Start with `new_run.ts` for how runs are made, and with `decide.ts` for how they go on. The
 * language of conditions has a room of its own, `condition/`. Deliberately absent: what a run's
 * phase does to a Rollout (that is the Rollout's), and every provider: these are plugins.
 *
 * @module
 */
export { freeName, isSameRun, type NewRun, newRun, sameSpec, terminateWrite } from "./new_run.ts";
export { ANALYSIS_CONTROLLER, AnalysisRunController } from "./controller.ts";
export { measureAnswerer, type MeasureOptions, type MeasureScope } from "./measure.ts";
export { MEASURE, type MeasureQuestion, providerOf, type Providers } from "./measure_question.ts";
export { isNoDataPolicy, type NoDataPolicy, noDataPolicy } from "./no_data.ts";
export { isBad, isCompleted, worsePhase } from "./phase.ts";
export {
  areTemplatesReadable,
  indexByTemplate,
  templateFinder,
  templateNeeds,
  templateSources,
  type TemplateUser,
} from "./template_caches.ts";
export { Redaction } from "./redaction.ts";
export type { RunWorld } from "./decide.ts";
export { type MetricFacts, readRun } from "./run_facts.ts";
