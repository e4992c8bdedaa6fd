/**
 * The Gateway API: weights of backends of HTTPRoutes, GRPCRoutes, TCPRoutes and TLSRoutes. Name and
 * configuration are those of the plugin that Argo Rollouts needs for it.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type {
  FieldRemark,
  ObjectReader,
  ObjectReference,
  RouterScope,
} from "../../../sdk/traffic_router.ts";
import type { LabelSelector } from "../../../sdk/api/rollout.ts";
import { fieldsOf, isFields, textOf } from "../../../sdk/wire/json.ts";
import { abilities } from "../../../sdk/router_abilities.ts";
import { sidesNow } from "../canary.ts";
import { lazily } from "../lazily.ts";
import { portRemarks } from "../service_ports.ts";
import { backendsOf, configuredRoutes, ROUTE_KINDS, routeNamespace, rulesOf } from "./routes.ts";

export const gatewayApi: RegisteredRouter = Object.freeze<RegisteredRouter>({
  ...lazily(async () => (await import("./actions.ts")).gatewayActions),
  name: "argoproj-labs/gatewayAPI",
  abilities: abilities("headerRoutes", "additionalDestinations", "pingPong"),
  resources: ROUTE_KINDS.map(({ resource }) => resource),
  references,
  remarks,
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

/** Routes without a rule for both sides, and ports that their Services do not have. */
function remarks(scope: RouterScope, objects: ObjectReader): FieldRemark[] {
  const { stable, canary } = sidesNow(scope.rollout);
  const sides = [stable, canary];
  return references(scope).flatMap((reference) => {
    const object = objects.find(reference);
    if (object === undefined) return [];
    const rules = rulesOf(object).map((rule) =>
      backendsOf(rule).filter(({ name }) => sides.includes(textOf(name)))
    );
    const [kind, name] = [reference.type.kind, JSON.stringify(reference.name)];
    const hasBoth = rules.some((backends) =>
      sides.every((side) => backends.some((backend) => backend["name"] === side))
    );
    if (!hasBoth && sides.every((side) => side !== "")) {
      const [one, other] = sides.map((side) => JSON.stringify(side));
      const text = `${kind} ${name} has no rule with the backends ${one} and ${other}: ` +
        "no weight can be set";
      return [{ location: reference.location, text }];
    }
    const targets = rules.flat().map((backend) => {
      return { service: textOf(backend["name"]), port: backend["port"] };
    });
    return portRemarks(reference, targets, objects);
  });
}
