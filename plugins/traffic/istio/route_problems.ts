/** Which routes of a VirtualService a canary uses, and what is wrong with them. */
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import { type RouteKind, type RouteList, routeLists } from "./route_selection.ts";

/** What every route of a canary has to lead to. */
export interface IstioDestinations {
  /** With a DestinationRule: its two subsets. */
  readonly subsets: { readonly canary: string; readonly stable: string } | undefined;
  readonly services: { readonly canary: string; readonly stable: string };
  /** Names of routes that steps make and remove; they are not counted. */
  readonly managedRoutes: readonly string[];
}

/** What is wrong with a VirtualService's routes, as the canary's `virtualService` selects them. */
export function routeErrors(spec: Fields, config: Fields, sides: IstioDestinations): string[] {
  const kinds = SHAPES.filter(({ field }) => Array.isArray(spec[field]));
  if (kinds.length === 0) {
    return ["Unable to get any of the HTTP, TCP or TLS routes for the Istio VirtualService"];
  }
  return kinds.flatMap(({ field, shape }) => {
    const kind = field.toUpperCase();
    const routes = listOf(spec[field]);
    if (!routes.every((route) => isFields(route) && hasShape(route, shape))) {
      return [`Unable to get ${kind} routes for Istio VirtualService`];
    }
    const managed = sides.managedRoutes;
    const lists = routeLists(field, routes.map(fieldsOf), { config, managed });
    const problem = firstProblem(lists, sides);
    return problem === undefined
      ? []
      : [`Istio VirtualService has invalid ${kind} routes. Error: ${problem}`];
  });
}

function firstProblem(
  selected: readonly RouteList[],
  sides: IstioDestinations,
): string | undefined {
  for (const list of selected) {
    if ("problem" in list) return list.problem;
    for (const route of list.routes) {
      const problem = destinationProblem(route, sides);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
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

const SHAPES: readonly { readonly field: RouteKind; readonly shape: Shape }[] = Object.freeze([
  { field: "http", shape: HTTP_ROUTE },
  { field: "tls", shape: TLS_ROUTE },
  { field: "tcp", shape: TCP_ROUTE },
]);

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
