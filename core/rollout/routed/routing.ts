/** What a canary says of its routing: numbers, names of routes, and which Services are whose. */
import type { CanaryStrategy, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";

const WEIGHT_MAX = 100;

export interface Routing {
  /** The weight that means: all traffic. */
  readonly weightMax: number;
  /** `minPodsPerReplicaSet`; 0: no set is raised. */
  readonly podsMin: number;
  /** Stable gives up the pods that its weight does not need. */
  readonly isStableDynamic: boolean;
  /** Names of the routes that are the Rollout's own, in the order in which they are tried. */
  readonly managedRoutes: readonly string[];
}

export function routingIn(spec: CanaryStrategy): Routing {
  const { maxTrafficWeight, managedRoutes } = fieldsOf(spec.trafficRouting);
  return {
    weightMax: numberOr(maxTrafficWeight, WEIGHT_MAX),
    podsMin: numberOr(spec["minPodsPerReplicaSet"], 0),
    isStableDynamic: spec["dynamicStableScale"] === true,
    managedRoutes: listOf(managedRoutes).map((route) => textOf(fieldsOf(route)["name"])),
  };
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

/** Names of the two Services; empty where there is none. */
export interface SideServices {
  readonly stable: string;
  readonly canary: string;
}

/** Ping and pong take turns: the status says which of them is stable; before any, pong is. */
export function servicesIn(spec: CanaryStrategy, { canary }: RolloutStatus): SideServices {
  if (!hasPingPong(spec)) {
    return { stable: spec.stableService ?? "", canary: spec.canaryService ?? "" };
  }
  const { pingService, pongService } = fieldsOf(spec["pingPong"]);
  const [ping, pong] = [textOf(pingService), textOf(pongService)];
  return canary?.["stablePingPong"] === "ping"
    ? { stable: ping, canary: pong }
    : { stable: pong, canary: ping };
}

export function hasPingPong(spec: CanaryStrategy): boolean {
  return !isUnset(spec["pingPong"]);
}
