/**
 * What the controller tells operators in numbers: `/metrics`, with Argo Rollouts' names and labels.
 * `exposition.ts` is the text format, `instruments.ts` what counts; start at
 * `controller_metrics.ts`.
 *
 * @module
 */
export { ControllerMetrics, type MoreFamilies, type ObjectsOf } from "./controller_metrics.ts";
export { EXPOSITION_TYPE, familyText } from "./exposition.ts";
export { processFamilies } from "./process_metrics.ts";
export { RequestMetrics } from "./request_metrics.ts";
export { metricsRoute } from "./scrape.ts";
