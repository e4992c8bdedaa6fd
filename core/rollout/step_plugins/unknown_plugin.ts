/** A step that names a plugin which nobody has: it is never complete. */
import { isUnset } from "../../../sdk/wire/json.ts";
import { EVENT_MESSAGE } from "../../api/names/event_reason.ts";
import { currentStep, type Facts } from "../situation.ts";

/** What is wrong with the plugin of the present step, as a sentence; undefined: nothing. */
export function unknownPlugin(situation: Facts): string | undefined {
  const plugin = currentStep(situation)?.plugin;
  if (isUnset(plugin)) return undefined;
  const { name = "" } = plugin;
  const { known, disabled } = situation.world.stepPlugins;
  const isKnown = known.includes(name) || disabled.includes(name);
  return isKnown ? undefined : EVENT_MESSAGE.stepPluginUnknown(name);
}
