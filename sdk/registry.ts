/** The plugins of a program, as a value that is handed to whoever needs them. */
import type { MetricProvider } from "./metric_provider.ts";
import type { Notifier } from "./notifier.ts";
import type { StepPlugin } from "./step_plugin.ts";
import type { RouterAbilities, RouterActions, RouterDescription } from "./traffic_router.ts";

/** All plugins, by what they do. */
export interface PluginRegistry {
  /** In the order in which they are applied where a Rollout configures several. */
  readonly trafficRouters: readonly RegisteredRouter[];
  readonly routerRules: RouterRules;
  // deno-lint-ignore no-explicit-any -- each plugin knows its own configuration
  readonly stepPlugins: readonly StepPlugin<any>[];
  /** Names of step plugins that are switched off: their steps are left out. */
  readonly disabledStepPlugins?: readonly string[];
  // deno-lint-ignore no-explicit-any -- each provider knows its own configuration
  readonly metricProviders: readonly MetricProvider<any>[];
  readonly notifiers: readonly Notifier[];
}

/**
 * A router whose configuration is understood. Without its actions it can be linted, and a Rollout
 * that uses it is told that it cannot be carried out.
 */
// deno-lint-ignore no-explicit-any -- each router knows its own configuration
export type RegisteredRouter = RouterDescription<any> & Partial<RouterActions<any, any>> & {
  /** Loads what the actions need ahead of time; without it the first of them does. */
  load?(): Promise<void>;
};

/** What is said about routers as a whole. */
export interface RouterRules {
  /** Names of routers in the order in which what is wrong with them is told; others come last. */
  readonly checkOrder: readonly string[];
  /** What a user is told when no router of a Rollout has an ability that is asked for. */
  readonly refusals: Readonly<Partial<Record<keyof RouterAbilities, Refusal>>>;
}

export interface Refusal {
  readonly detail: string;
  /** The field of `trafficRouting` that the message names, where it names one. */
  readonly field?: string;
}

/** A registry without any plugin. */
export const NO_PLUGINS: PluginRegistry = Object.freeze({
  trafficRouters: [],
  routerRules: { checkOrder: [], refusals: {} },
  stepPlugins: [],
  metricProviders: [],
  notifiers: [],
});
