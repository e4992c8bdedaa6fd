/** Mills of which some need wheels, a kind that may be absent. */
import type { CacheState, Key, Need, Sight } from "../../../core/engine/mod.ts";
import { EngineWorld, type MillWorld } from "./engine_world.ts";
import { WHEELS } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";

export const MISSING = refusal(404, "NotFound", "the server could not find the requested resource");
export const FORBIDDEN = refusal(403, "Forbidden", "wheels is forbidden: cannot list");

/** A mill with all wheels, and what is known of their cache. */
interface WheelWorld extends MillWorld {
  readonly wheels: readonly string[];
  readonly state: CacheState;
}

/** Mills of which those named `wet…` need wheels. Wheels wake nobody. */
export function wheelWorld(
  options: ConstructorParameters<typeof EngineWorld>[0] = {},
  need: Pick<Need, "refs"> = {},
) {
  const world = new EngineWorld(options);
  const { controller } = world;
  const observe = controller.observe.bind(controller);
  Object.assign(controller, {
    sources: [...controller.sources, { type: WHEELS, isOnDemand: true, wakes: () => [] }],
    needs: (key: Key) => (key.startsWith("default/wet") ? [{ type: WHEELS, ...need }] : []),
    observe(key: Key, sight: Sight) {
      const seen = observe(key, sight);
      if (seen === undefined) return undefined;
      const wheels = [...sight.caches.of(WHEELS).all()].map(({ metadata: { name } }) => name);
      return { ...seen, wheels, state: sight.caches.stateOf(WHEELS) };
    },
  });
  return world;
}

/** The passes since this was last asked, as `wet: missing` or `wet: filled, wet-1`. */
export function seen(world: EngineWorld): string[] {
  return world.passes.splice(0).map((pass) => {
    const { mill, wheels, state } = pass.world as WheelWorld;
    return `${mill.metadata.name}: ${[state, ...wheels].join(", ")}`;
  });
}

export function warnings(world: EngineWorld): string[] {
  return world.log.at("warn").map(({ message, fields }) => `${message} (${fields["resource"]})`);
}

export const NOT_INSTALLED =
  "cannot list a resource: its kind is not installed; going on without it until that changes " +
  "(wheels)";
export const NO_PERMISSION =
  "cannot list a resource: permission is missing; going on without it until that changes (wheels)";
