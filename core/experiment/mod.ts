/**
 * Experiments: several sets of pods side by side for a while. `decide.ts` is a pass; what a
 * template and the whole come to is in `template_status.ts` and `phase.ts`, what is written in
 * `set_writes.ts` and `service_writes.ts`.
 *
 * Deliberately absent: what an Experiment means to a Rollout, and how much traffic its pods get.
 *
 * @module
 */
export { EXPERIMENT_CONTROLLER, ExperimentController } from "./controller.ts";
export { decide } from "./decide.ts";
export type { AnalysisFacts, ExperimentWorld, Service, TemplateFacts } from "./world.ts";
