/** Which routes of a VirtualService belong to a canary. */
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";

export type RouteKind = "http" | "tls" | "tcp";

/** Routes that an entry of the configuration means, or why it means none. */
export type RouteList = { readonly routes: readonly Fields[] } | { readonly problem: string };

export interface RouteChoice {
  /** The entry of the configuration that names the VirtualService. */
  readonly config: Fields;
  /** Names of routes that steps make and remove; they are not counted. */
  readonly managed: readonly string[];
}

/** The routes that the configuration means, as lists: one for each name that it gives. */
export function routeLists(
  kind: RouteKind,
  routes: readonly Fields[],
  { config, managed }: RouteChoice,
): readonly RouteList[] {
  if (kind === "http") return selectHttp(routes, listOf(config["routes"]), managed);
  if (kind === "tls") return selectTls(routes, listOf(config["tlsRoutes"]));
  return selectTcp(routes, listOf(config["tcpRoutes"]));
}

/**
 * Their indexes, each once, in the order of the VirtualService; what is not there is left out.
 * Routes that steps made do not hide the one that they were made from.
 */
export function selectedRoutes(
  kind: RouteKind,
  routes: readonly Fields[],
  choice: RouteChoice,
): number[] {
  const own = routes.filter(({ name }) => !choice.managed.includes(textOf(name)));
  const meant = routeLists(kind, own, choice)
    .flatMap((list) => "routes" in list ? list.routes : []);
  return routes.flatMap((route, index) => meant.includes(route) ? [index] : []);
}

/**
 * By name; without names the only route or the first without a name, and no more than one besides
 * those that steps make. Quirk(named-route-unchecked): beside a managed route, the one other route
 * is not looked into when it has a name.
 */
function selectHttp(
  routes: readonly Fields[],
  wanted: readonly unknown[],
  managedRoutes: readonly string[],
): RouteList[] {
  if (wanted.length > 0) {
    return wanted.map((name) => {
      const route = routes.find((each) => textOf(each["name"]) === textOf(name));
      const problem = `HTTP Route '${textOf(name)}' is not found in the defined Virtual Service.`;
      return route === undefined ? { problem } : { routes: [route] };
    });
  }
  const isUnnamed = ({ name }: Fields) => textOf(name) === "";
  const used = routes.length === 1 ? routes : routes.filter(isUnnamed).slice(0, 1);
  const own = routes.filter(({ name }) => !managedRoutes.includes(textOf(name)));
  return own.length > 1
    ? [{ routes: used }, { problem: onlyRouteText("http", "routes") }]
    : [{ routes: used }];
}

function selectTls(routes: readonly Fields[], wanted: readonly unknown[]): RouteList[] {
  if (wanted.length === 0) return selectOnly(routes, onlyRouteText("tls", "tlsRoutes"));
  return wanted.map((want) =>
    matching(routes, "TLS", (matches) => hasPort(matches, want) && hasHosts(matches, want))
  );
}

function selectTcp(routes: readonly Fields[], wanted: readonly unknown[]): RouteList[] {
  if (wanted.length === 0) return selectOnly(routes, onlyRouteText("tcp", "tcpRoutes"));
  return wanted.map((want) => matching(routes, "TCP", (matches) => hasPort(matches, want)));
}

function selectOnly(routes: readonly Fields[], problem: string): RouteList[] {
  const used = { routes: routes.slice(0, 1) };
  return routes.length === 1 ? [used] : [used, { problem }];
}

function onlyRouteText(field: string, option: string): string {
  return `spec.${field}[] should be set in VirtualService and it must have exactly one route ` +
    `when omitting spec.strategy.canary.trafficRouting.istio.virtualService.${option}`;
}

function matching(
  routes: readonly Fields[],
  kind: string,
  accepts: (matches: Fields[]) => boolean,
): RouteList {
  const found = routes.filter(({ match }) => accepts(listOf(match).map(fieldsOf)));
  const problem = `No matching ${kind} routes found in the defined Virtual Service.`;
  return found.length === 0 ? { problem } : { routes: found };
}

/** A route's matches name one port at most, and it is the wanted one; 0 is none. */
function hasPort(matches: readonly Fields[], want: unknown): boolean {
  const ports = new Set(matches.map(({ port }) => port ?? 0).filter((port) => port !== 0));
  const port = fieldsOf(want)["port"] ?? 0;
  return port === 0 ? ports.size === 0 : ports.size === 1 && ports.has(port);
}

/** All of a route's matches together name the wanted hosts and no others. */
function hasHosts(matches: readonly Fields[], want: unknown): boolean {
  const hosts = listOf(fieldsOf(want)["sniHosts"]);
  const present = new Set(matches.flatMap(({ sniHosts }) => listOf(sniHosts)));
  return present.size === hosts.length && [...present].every((host) => hosts.includes(host));
}
