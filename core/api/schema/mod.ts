/**
 * The fields of the five kinds, defined once (`rollout.ts`, `analysis.ts`, `experiment.ts`, …) and
 * read twice: to find wrong types and unknown fields in objects, and to make
 * CustomResourceDefinitions and documentation.
 *
 * Start at `kinds.ts`, then `kit.ts`. Deliberately absent: what values mean together, which is
 * validation (`../validate_*.ts`), and anything that changes an object.
 *
 * @module
 */
export * from "./custom_resource_definition.ts";
export * from "./field_rows.ts";
export * from "./kinds.ts";
export { openDefinition } from "./open_definition.ts";
export * from "./type_problems.ts";
export * from "./unknown_fields.ts";
