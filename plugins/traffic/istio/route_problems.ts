/** Which routes of a VirtualService a canary uses, and what is wrong with them. */
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";

/** What every route of a canary has to lead to. */
export interface IstioDestinations {
  /** With a DestinationRule: its two subsets. */
  readonly subsets: { readonly canary: string; readonly stable: string } | undefined;
  readonly services: { readonly canary: string; readonly stable: string };
  /** Names of routes that steps make and remove; they are not counted. */
  readonly managedRoutes: readonly string[];
}

type RouteList = { readonly routes: readonly Fields[] } | { readonly problem: string };

/** What is wrong with a VirtualService's routes, as the canary's `virtualService` selects them. */
export function routeErrors(spec: Fields, config: Fields, sides: IstioDestinations): string[] {
  const kinds = [
    { field: "http", select: selectHttp, wanted: listOf(config["routes"]), shape: HTTP_ROUTE },
    { field: "tls", select: selectTls, wanted: listOf(config["tlsRoutes"]), shape: TLS_ROUTE },
    { field: "tcp", select: selectTcp, wanted: listOf(config["tcpRoutes"]), shape: TCP_ROUTE },
  ].filter(({ field }) => Array.isArray(spec[field]));
  if (kinds.length === 0) {
    return ["Unable to get any of the HTTP, TCP or TLS routes for the Istio VirtualService"];
  }
  return kinds.flatMap(({ field, select, wanted, shape }) => {
    const kind = field.toUpperCase();
    const routes = listOf(spec[field]);
    if (!routes.every((route) => isFields(route) && hasShape(route, shape))) {
      return [`Unable to get ${kind} routes for Istio VirtualService`];
    }
    const problem = firstProblem(select(routes.map(fieldsOf), wanted, sides), sides);
    return problem === undefined
      ? []
      : [`Istio VirtualService has invalid ${kind} routes. Error: ${problem}`];
  });
}

function firstProblem(selected: RouteList[], sides: IstioDestinations): string | undefined {
  for (const list of selected) {
    if ("problem" in list) return list.problem;
    for (const route of list.routes) {
      const problem = destinationProblem(route, sides);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

/**
 * By name; without names the only route or the first without a name, and no more than one besides
 * those that steps make. Quirk(named-route-unchecked): beside a managed route, the one other route
 * is not looked into when it has a name.
 */
function selectHttp(
  routes: readonly Fields[],
  wanted: readonly unknown[],
  { managedRoutes }: IstioDestinations,
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

function destinationProblem(
  route: Fields,
  { subsets, services }: IstioDestinations,
): string | undefined {
  const destinations = listOf(route["route"]).map((each) =>
    fieldsOf(fieldsOf(each)["destination"])
  );
  const reached = subsets === undefined
    ? destinations.map(({ host }) => textOf(host).split(".")[0])
    : destinations.map(({ subset }) => textOf(subset)).filter((subset) => subset !== "");
  const { canary, stable } = subsets ?? services;
  const what = subsets === undefined ? "Service" : "DestinationRule subset";
  if (!reached.includes(canary)) return `Canary ${what} '${canary}' not found in route`;
  if (!reached.includes(stable)) return `Stable ${what} '${stable}' not found in route`;
  return undefined;
}

/** What a field has to be for the route to be understood at all; absent and null are well. */
type Shape = "text" | "integer" | "number" | { list: Shape } | { map: Shape } | {
  fields: Readonly<Record<string, Shape>>;
};

const MATCH_TEXT: Shape = { fields: { exact: "text", prefix: "text", regex: "text" } };
const DESTINATION: Shape = {
  fields: { host: "text", subset: "text", port: { fields: { number: "integer" } } },
};
const ROUTE: Shape = { list: { fields: { destination: DESTINATION, weight: "integer" } } };
const LAYER_4_MATCH: Readonly<Record<string, Shape>> = {
  destinationSubnets: { list: "text" },
  port: "integer",
  sourceLabels: { map: "text" },
  gateways: { list: "text" },
  sourceNamespace: "text",
};
const HTTP_ROUTE: Shape = {
  fields: {
    name: "text",
    match: {
      list: { fields: { method: MATCH_TEXT, uri: MATCH_TEXT, headers: { map: MATCH_TEXT } } },
    },
    route: ROUTE,
    mirror: DESTINATION,
    mirrorPercentage: { fields: { value: "number" } },
  },
};
const TCP_ROUTE: Shape = {
  fields: { match: { list: { fields: LAYER_4_MATCH } }, route: ROUTE },
};
const TLS_ROUTE: Shape = {
  fields: {
    match: { list: { fields: { ...LAYER_4_MATCH, sniHosts: { list: "text" } } } },
    route: ROUTE,
  },
};

function hasShape(value: unknown, shape: Shape): boolean {
  if (isUnset(value)) return true;
  if (shape === "text") return typeof value === "string";
  if (shape === "integer") return Number.isInteger(value);
  if (shape === "number") return typeof value === "number";
  if ("list" in shape) {
    return Array.isArray(value) && value.every((each) => hasShape(each, shape.list));
  }
  if (!isFields(value)) return false;
  if ("map" in shape) return Object.values(value).every((each) => hasShape(each, shape.map));
  return Object.entries(shape.fields).every(([name, inner]) => hasShape(value[name], inner));
}
