/** The intent that was last made true, as status and steps tell it: what a router verifies. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { NO_ROUTES, routesAt } from "./route_steps.ts";
import { routingIn, servicesIn } from "./routing.ts";
import { type WeightDestination, weightsIn } from "./weights.ts";

/** Undefined: nothing was made true yet. */
export function lastIntent({ spec, status = {} }: Rollout): TrafficIntent | undefined {
  const { canary } = spec.strategy ?? {};
  const weights = weightsIn(status);
  if (canary === undefined || weights === undefined) return undefined;
  const { weightMax, managedRoutes } = routingIn(canary);
  const hasRoutes = weights.canary.weight > 0 && status.abort !== true &&
    status.stableRS !== status.currentPodHash;
  const routes = hasRoutes
    ? routesAt(canary.steps ?? [], status.currentStepIndex, managedRoutes)
    : NO_ROUTES;
  return {
    maxWeight: weightMax,
    stable: destinationOf(weights.stable),
    canary: destinationOf(weights.canary),
    additional: (weights.additional ?? []).map(destinationOf),
    managedRoutes,
    ...routes,
  };
}

/** Everything to stable, and no routes: what holds once a Rollout is gone. */
export function restingIntent({ spec, status = {} }: Rollout): TrafficIntent {
  const canary = spec.strategy?.canary ?? {};
  const { weightMax, managedRoutes } = routingIn(canary);
  const services = servicesIn(canary, status);
  return {
    maxWeight: weightMax,
    stable: { service: services.stable, podTemplateHash: "", weight: weightMax },
    canary: { service: services.canary, podTemplateHash: "", weight: 0 },
    additional: [],
    managedRoutes,
    ...NO_ROUTES,
  };
}

function destinationOf(
  { podTemplateHash = "", serviceName = "", weight }: WeightDestination,
): TrafficIntent["stable"] {
  return { service: serviceName, podTemplateHash, weight };
}
