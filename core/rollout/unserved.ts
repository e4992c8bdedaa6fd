/**
 * What a Rollout can ask for that nobody here does. It is never approximated: such a Rollout is
 * left alone, and such a step is never complete.
 */
import { fieldsOf, isUnset, listOf, textOf } from "../../sdk/wire/json.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";

type Path = readonly string[];

const PING_PONG: Path = ["spec", "strategy", "canary", "pingPong"];
const ROUTING: Path = ["spec", "strategy", "canary", "trafficRouting"];
/** The fields of `trafficRouting` that are not routers. */
const ROUTING_OPTIONS: readonly string[] = ["managedRoutes", "maxTrafficWeight", "plugins"];

/** Where a Rollout asks for what is not served; empty when everything is. */
export function unservedLocations(
  rollout: Rollout,
  plugins: PluginRegistry,
): (readonly (string | number)[])[] {
  // Of what people write any part may be of a wrong type.
  const { canary } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const { steps } = fieldsOf(canary);
  return [
    ...unservedRouters(rollout, plugins),
    ...listOf(steps).flatMap((step, index) =>
      isUnknownPlugin(fieldsOf(step)["plugin"], plugins)
        ? [["spec", "strategy", "canary", "steps", index, "plugin"]]
        : []
    ),
  ];
}

function valueAt(rollout: Rollout, path: Path): unknown {
  return path.reduce<unknown>((value, field) => fieldsOf(value)[field], rollout);
}

function isSet(rollout: Rollout, path: Path): boolean {
  const value = valueAt(rollout, path);
  return !isUnset(value) && value !== false;
}

/** What is configured of routing and nobody can carry out. */
function unservedRouters(rollout: Rollout, { trafficRouters }: PluginRegistry): Path[] {
  const fields = fieldsOf(valueAt(rollout, ROUTING));
  const isServed = (name: string) =>
    trafficRouters.some((router) => router.name === name && router.plan !== undefined);
  const builtIn = Object.keys(fields)
    .filter((name) => !ROUTING_OPTIONS.includes(name) && !isUnset(fields[name]))
    .filter((name) => !isServed(name));
  const third = Object.keys(fieldsOf(fields["plugins"])).filter((name) => !isServed(name));
  // Services that take turns without a router have no weights to take turns with.
  const isAlone = isSet(rollout, PING_PONG) && !isSet(rollout, ROUTING);
  return [
    ...(isAlone ? [PING_PONG] : []),
    ...builtIn.map((name) => [...ROUTING, name]),
    ...third.map((name) => [...ROUTING, "plugins", name]),
  ];
}

/** The path of the first field that is not served. */
export function unservedField(rollout: Rollout, plugins: PluginRegistry): Path | undefined {
  return unservedRouters(rollout, plugins)[0];
}

/** True for the plugin of a step that nobody has. */
function isUnknownPlugin(
  plugin: unknown,
  { stepPlugins, disabledStepPlugins = [] }: PluginRegistry,
): boolean {
  const name = textOf(fieldsOf(plugin)["name"]);
  const isKnown = stepPlugins.some((each) => each.name === name);
  return !isUnset(plugin) && !isKnown && !disabledStepPlugins.includes(name);
}

/** What people are told of a field. */
export function unservedFieldMessage(path: Path): string {
  return `${path.join(".")} is not supported by this version`;
}
