/** The intent that was last made true, as status and steps tell it: what a router verifies. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { NO_ROUTES, routesAt } from "./route_steps.ts";
import { routingIn } from "./routing.ts";
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

function destinationOf(
  { podTemplateHash = "", serviceName = "", weight }: WeightDestination,
): TrafficIntent["stable"] {
  return { service: serviceName, podTemplateHash, weight };
}
