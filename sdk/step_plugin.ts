/**
 * The contract of a step plugin: code that a canary's step `plugin` runs, and that the update waits
 * for.
 *
 * A call has an id. The same call may come more than once (a restart, a lost answer): with the same
 * id it must not do its work twice. Everything that goes in or out is plain JSON, so that a plugin
 * may run in another process. Calls of one step never overlap.
 *
 * `sdk/testing/step_plugin.ts` has the laws that a plugin must obey, and runs them on yours.
 * `docs/plugins.md` walks through a small one.
 *
 * @module
 */
import type { Rollout } from "./api/rollout.ts";
import type { ConfigTable } from "./fields/kit.ts";
import type { PluginPorts } from "./ports.ts";
import type { Fields, Json } from "./wire/json.ts";

/**
 * A step plugin. A method that throws counts as an error of the plugin, not of the update: `run` is
 * called again after 30 seconds, `terminate` and `abort` are not.
 */
export interface StepPlugin<Config = Fields> {
  /** `vendor/name`: what `plugin.name` of the step says. */
  readonly name: string;
  /** The fields of `plugin.config`. Types, `lint` and documentation come from it. */
  readonly config?: ConfigTable;
  /** What is wrong with the configuration by itself, as sentences; pure. Default nothing. */
  problems?(config: Config): readonly string[];
  /** Begins the step, or looks how it is going. */
  run(call: StepCall<Config>, ports: StepPorts): Promise<StepAnswer>;
  /**
   * Ends a running step early, because the update is promoted in full. Must be done when it
   * returns: `Running` counts as `Failed`. Default: nothing.
   */
  terminate?(call: StepCall<Config>, ports: StepPorts): Promise<StepAnswer>;
  /**
   * Undoes a step that is running or was successful, because the update is aborted. Called once for
   * each step, the latest first. `Running` counts as `Failed`. Default: nothing.
   */
  abort?(call: StepCall<Config>, ports: StepPorts): Promise<StepAnswer>;
}

/** One call of one step. */
export interface StepCall<Config = Fields> {
  /** The same for every repetition of this call, and of no other. */
  readonly id: string;
  /**
   * The same for all calls of this step, until the update is tried again: name what you create
   * after it, so that `abort` finds it though no answer of `run` was ever heard.
   */
  readonly step: string;
  readonly rollout: Rollout;
  /** From 0. */
  readonly stepIndex: number;
  readonly config: Config;
  /** `status` of the last answer of `run`; absent before the first, and if it had none. */
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
  /** Handed to the next call; at most 16 KiB, it is kept in the Rollout's status. */
  readonly status?: Json;
}

/** What a step plugin may use of the world outside. */
export interface StepPorts extends PluginPorts {
  /**
   * Aborted when nobody waits for the answer any more: a minute passed, or the step ended. `fetch`
   * ends by itself then.
   */
  readonly signal: AbortSignal;
  /**
   * A key of a Secret in the Rollout's namespace.
   * Rejects with `key 'k' does not exist in secret 's'`, or that there is no such Secret.
   */
  secret(name: string, key: string): Promise<string>;
  /**
   * From now on this text is struck out of all that is recorded or logged of the call: what a
   * secret was made into, such as a token. Values that `secret` hands out are anyway.
   */
  conceal(text: string): void;
}
