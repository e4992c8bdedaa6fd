/**
 * The Gateway API: weights of backends of HTTPRoutes, GRPCRoutes, TCPRoutes and TLSRoutes. Name and
 * configuration are those of the plugin that Argo Rollouts needs for it.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type { ObjectReference, RouterScope } from "../../../sdk/traffic_router.ts";
import type { LabelSelector } from "../../../sdk/api/rollout.ts";
import { fieldsOf, isFields } from "../../../sdk/wire/json.ts";
import { abilities } from "../../../sdk/router_abilities.ts";
import { lazily } from "../lazily.ts";
import { configuredRoutes, ROUTE_KINDS, routeNamespace } from "./routes.ts";

export const gatewayApi: RegisteredRouter = Object.freeze<RegisteredRouter>({
  ...lazily(async () => (await import("./actions.ts")).gatewayActions),
  name: "argoproj-labs/gatewayAPI",
  abilities: abilities("headerRoutes", "additionalDestinations", "pingPong"),
  resources: ROUTE_KINDS.map(({ resource }) => resource),
  references,
  selections: (scope) =>
    ROUTE_KINDS.flatMap(({ field, resource }) => {
      const selector = scope.config[`${field}Selector`];
      if (!isFields(selector)) return [];
      const labels: LabelSelector = fieldsOf(selector);
      return [{ type: resource, namespace: routeNamespace(scope), selector: labels }];
    }),
});

function references(scope: RouterScope): ObjectReference[] {
  const { place } = scope;
  return configuredRoutes(scope.config).map(({ kind, name, location }) => ({
    type: kind.resource,
    namespace: routeNamespace(scope),
    name,
    path: `${place.path}.${String(location[0])}`,
    location: [...place.location, ...location],
    isValidated: false,
  }));
}
