/**
 * The contract of a step plugin: code that a canary's step `plugin` runs, and that the update waits
 * for.
 *
 * A call has an id. The same call may come more than once (a restart, a lost answer): with the same
 * id it must not do its work twice. Everything that goes in or out is plain JSON.
 *
 * @module
 */
import type { Rollout } from "./api/rollout.ts";
import type { ConfigTable } from "./fields/kit.ts";
import type { PluginPorts } from "./ports.ts";
import type { Fields, Json } from "./wire/json.ts";

/**
 * A step plugin. A method that throws counts as an error of the plugin, not of the update: it is
 * called again after 30 seconds.
 */
export interface StepPlugin<Config = Fields> {
  /** `vendor/name`: what `plugin.name` of the step says. */
  readonly name: string;
  /** The fields of `plugin.config`; absent: they are not looked at. */
  readonly config?: ConfigTable;
  /** Begins the step, or looks how it is going. */
  run(call: StepCall<Config>, ports: PluginPorts): Promise<StepAnswer>;
  /**
   * Ends a running step early, because the update is promoted in full. Must be done when it
   * returns: `Running` counts as `Failed`. Default: nothing.
   */
  terminate?(call: StepCall<Config>, ports: PluginPorts): Promise<StepAnswer>;
  /**
   * Undoes a step that is running or was successful, because the update is aborted. Called once for
   * each step, the latest first. `Running` counts as `Failed`. Default: nothing.
   */
  abort?(call: StepCall<Config>, ports: PluginPorts): Promise<StepAnswer>;
}

/** One call of one step. */
export interface StepCall<Config = Fields> {
  /** The same for every repetition of this call, and of no other. */
  readonly id: string;
  readonly rollout: Rollout;
  /** From 0. */
  readonly stepIndex: number;
  readonly config: Config;
  /** `status` of the last answer; absent before the first. */
  readonly status?: Json;
}

/** How the step is doing. */
export interface StepAnswer {
  /** `Failed` aborts the update. */
  readonly phase: "Running" | "Successful" | "Failed";
  /** One sentence for people. */
  readonly message?: string;
  /** While running: when to look again, in seconds; 10 or less counts as 30. Default 30. */
  readonly requeueAfterSeconds?: number;
  /** Handed to the next call; at most a few kilobytes, it is kept in the Rollout's status. */
  readonly status?: Json;
}
