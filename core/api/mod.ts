/**
 * What the objects of the API mean: names on the wire, the Rollout's definition, validation as
 * Argo Rollouts words it, the hashes that name revisions and steps, durations, and manifests read
 * from files with positions.
 *
 * Start at `validate_rollout.ts` and `template_hash.ts`. Deliberately absent: anything that talks
 * to a cluster, knows the time or decides what to do; checks of routers' own fields and of
 * analysis templates; the other kinds' definitions.
 *
 * @module
 */
export * from "./crd.ts";
export * from "./durations.ts";
export type { FieldError, FieldErrorType } from "./field_error.ts";
export * from "./check_rollout_types.ts";
export * from "./unknown_rollout_fields.ts";
export * from "./names.ts";
export * from "./normalise_template.ts";
export * from "./quantity.ts";
export * from "./resources.ts";
export * from "./step_hash.ts";
export * from "./step_text.ts";
export * from "./template_hash.ts";
export * from "./validate_rollout.ts";
export { isEmptySelector, selectorMatches } from "./validate_selector.ts";
export * from "./validate_services.ts";
