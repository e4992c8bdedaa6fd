/** What a pass knows of step plugins. */
import type { PluginRegistry } from "../../../sdk/registry.ts";
import type { StepReply } from "./calls.ts";

export interface StepPluginFacts {
  /** Names of those that can be called. */
  readonly known: readonly string[];
  /** Names of those whose steps are left out. */
  readonly disabled: readonly string[];
  /** What the plugin answered that was to be called; undefined: nothing yet. */
  readonly reply: StepReply | undefined;
}

export const NO_STEP_PLUGINS: StepPluginFacts = Object.freeze({
  known: [],
  disabled: [],
  reply: undefined,
});

export function stepPluginFacts(
  { stepPlugins, disabledStepPlugins = [] }: PluginRegistry,
  reply: StepReply | undefined,
): StepPluginFacts {
  return { known: stepPlugins.map(({ name }) => name), disabled: disabledStepPlugins, reply };
}
