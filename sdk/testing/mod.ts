/**
 * The conformance suites: the laws of each kind of plugin, to be run on yours.
 *
 * @module
 */
export type { Law } from "./laws.ts";
export * from "./metric_provider.ts";
export * from "./notifier.ts";
export * from "./step_plugin.ts";
export * from "./traffic_router.ts";
