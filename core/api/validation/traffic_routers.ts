/** The traffic routers of a canary strategy, as far as validation tells them apart. */
import { type Fields, fieldsOf, isUnset } from "../../../sdk/wire/json.ts";

/** The routers in the order in which they are applied, plugins aside. */
const ROUTER_FIELDS = [
  "istio",
  "nginx",
  "alb",
  "smi",
  "ambassador",
  "appMesh",
  "traefik",
  "apisix",
] as const;

/** A router by the field that configures it; `plugins` stands for all plugins. */
export type RouterField = typeof ROUTER_FIELDS[number] | "plugins";

/** The routers that a `trafficRouting` configures; undefined without one. */
export function routersOf(trafficRouting: unknown): ReadonlySet<RouterField> | undefined {
  if (isUnset(trafficRouting)) return undefined;
  const fields = fieldsOf(trafficRouting);
  const routers = new Set<RouterField>(ROUTER_FIELDS.filter((field) => !isUnset(fields[field])));
  if (Object.keys(fieldsOf(fields["plugins"])).length > 0) routers.add("plugins");
  return routers;
}

/** True when at least one of the routers is among these. */
export function hasRouterOf(
  routers: ReadonlySet<RouterField> | undefined,
  ...wanted: readonly RouterField[]
): boolean {
  return routers !== undefined && wanted.some((router) => routers.has(router));
}

/** The routers whose weights need both Services, whatever else is set. */
const SERVICE_ROUTERS: readonly RouterField[] = Object.freeze([
  "smi",
  "apisix",
  "ambassador",
  "nginx",
  "appMesh",
  "traefik",
]);

/** True when a canary's routers work only with a stable and a canary Service. */
export function needsServices(canary: Fields): boolean {
  const routers = routersOf(canary["trafficRouting"]);
  if (hasRouterOf(routers, ...SERVICE_ROUTERS)) return true;
  if (!isUnset(canary["pingPong"])) return false;
  const { destinationRule } = fieldsOf(fieldsOf(canary["trafficRouting"])["istio"]);
  return hasRouterOf(routers, "alb") || (hasRouterOf(routers, "istio") && isUnset(destinationRule));
}
