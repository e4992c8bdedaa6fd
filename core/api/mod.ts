/**
 * What the objects of the API mean: names on the wire (`names/`), the fields of the five kinds
 * (`schema/`), validation as Argo Rollouts words it (`validation/`), the hashes that name revisions
 * and steps (`hash/`), durations and quantities (`values/`), and manifests read from files with
 * positions (`manifest/`).
 *
 * Deliberately absent: anything that talks to a cluster, knows the time or decides what to do.
 *
 * @module
 */
export * from "./validation/analysis_templates.ts";
export * from "./values/durations.ts";
export type { FieldError, FieldErrorType } from "../../sdk/wire/field_error.ts";
export type { FieldLocation } from "../../sdk/wire/field_place.ts";
export * from "./validation/metric_arguments.ts";
export * from "./names/names.ts";
export * from "./hash/normalise_template.ts";
export * from "./values/quantity.ts";
export * from "./names/resources.ts";
export * from "./schema/kinds.ts";
export * from "./schema/type_problems.ts";
export * from "./schema/unknown_fields.ts";
export * from "./hash/step_hash.ts";
export * from "./names/step_text.ts";
export * from "./hash/template_hash.ts";
export * from "./validation/validate_analysis_template.ts";
export * from "./validation/validate_experiment.ts";
export * from "./validation/validate_metric_rules.ts";
export * from "./validation/validate_metrics.ts";
export * from "./validation/validate_references.ts";
export * from "./validation/validate_rollout.ts";
export { isEmptySelector, selectorMatches } from "./validation/validate_selector.ts";
export * from "./validation/validate_services.ts";
