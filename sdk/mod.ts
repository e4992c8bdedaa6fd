/**
 * What authors of plugins build on: the objects of the API as they stand on the wire (`api/`), and
 * what a plugin is. The contracts of traffic routers, metric providers, notifiers and step plugins
 * are not here yet: they come with the parts of the core that call them.
 *
 * @module
 */
export type * from "./api/object.ts";
export type * from "./api/rollout.ts";
export type { Plugin, PluginKind } from "./plugin.ts";
