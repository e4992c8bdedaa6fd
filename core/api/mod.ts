/**
 * What the objects of the API mean: names on the wire, the fields of the five kinds (`schema/`),
 * validation as Argo Rollouts words it, the hashes that name revisions and steps, durations, and
 * manifests read from files with positions (`manifest/`).
 *
 * Start at `schema/kinds.ts`, `validate_rollout.ts`, `validate_references.ts`,
 * `analysis_templates.ts` and `template_hash.ts`. Deliberately absent:
 * anything that talks to a cluster, knows the time or decides what to do.
 *
 * @module
 */
export * from "./analysis_templates.ts";
export * from "./durations.ts";
export type { FieldError, FieldErrorType } from "./field_error.ts";
export type { FieldLocation } from "./field_place.ts";
export * from "./metric_arguments.ts";
export * from "./names.ts";
export * from "./normalise_template.ts";
export * from "./quantity.ts";
export * from "./resources.ts";
export * from "./schema/kinds.ts";
export * from "./schema/type_problems.ts";
export * from "./schema/unknown_fields.ts";
export * from "./step_hash.ts";
export * from "./step_text.ts";
export * from "./template_hash.ts";
export * from "./validate_analysis_template.ts";
export * from "./validate_experiment.ts";
export * from "./validate_metric_rules.ts";
export * from "./validate_metrics.ts";
export * from "./validate_references.ts";
export * from "./validate_rollout.ts";
export { isEmptySelector, selectorMatches } from "./validate_selector.ts";
export * from "./validate_services.ts";
