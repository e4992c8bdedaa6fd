/** The controllers of Rollouts and of what they leave behind. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { Controller } from "../engine/mod.ts";
import { RolloutController } from "./controller.ts";
import { LeftObjectController } from "./left/left_object_controller.ts";
import { LeftRoutesController } from "./left/left_routes_controller.ts";
import { Memo } from "./memo.ts";

// deno-lint-ignore no-explicit-any -- a world is known to its own controller only
export function rolloutControllers(plugins: PluginRegistry): Controller<any>[] {
  const rollouts = new RolloutController(new Memo(plugins));
  return [
    rollouts,
    ...rollouts.steeredKinds.map((kind) => new LeftObjectController(kind)),
    ...(plugins.trafficRouters.length === 0
      ? []
      : [new LeftRoutesController(plugins, rollouts.routers)]),
  ];
}
