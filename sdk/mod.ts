/**
 * What authors of plugins build on: the objects of the API as they stand on the wire (`api/`), what
 * a plugin is handed and hands back (`wire/`: JSON, addresses of objects, changes of them, errors
 * of fields), the words in which configurations are described (`fields/`), and a contract for each
 * kind of plugin.
 *
 * Start at `traffic_router.ts`.
 *
 * @module
 */
export type * from "./api/analysis.ts";
export type * from "./api/experiment.ts";
export type * from "./api/object.ts";
export type * from "./api/rollout.ts";
export type { ConfigOf, ConfigTable, Field, Kit, Note, Shape } from "./fields/kit.ts";
export type * from "./metric_provider.ts";
export type * from "./notifier.ts";
export type * from "./ports.ts";
export * from "./registry.ts";
export { abilities } from "./router_abilities.ts";
export type * from "./step_plugin.ts";
export type * from "./traffic_intent.ts";
export type * from "./traffic_router.ts";
export * from "./wire/field_error.ts";
export * from "./wire/field_place.ts";
export * from "./wire/go_duration.ts";
export * from "./wire/json.ts";
export * from "./wire/resource_type.ts";
export * from "./wire/write.ts";
