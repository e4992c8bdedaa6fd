/**
 * What authors of plugins build on: the objects of the API as they stand on the wire (`api/`), what
 * a plugin is handed and hands back (`wire/`: JSON, addresses of objects, changes of them, errors
 * of fields), and what a plugin is. The contracts of metric providers and notifiers are not here
 * yet: they come with the parts of the core that call them.
 *
 * @module
 */
export type * from "./api/object.ts";
export type * from "./api/rollout.ts";
export type { Plugin, PluginKind } from "./plugin.ts";
export * from "./wire/field_error.ts";
export * from "./wire/field_place.ts";
export * from "./wire/json.ts";
export * from "./wire/resource_type.ts";
export type * from "./wire/write.ts";
