/** The routes that a configuration names, and what is read of them. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { RoutedResource, RouterScope } from "../../../sdk/traffic_router.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";

const GROUP = "gateway.networking.k8s.io";

function resource(
  [plural, kind]: readonly [string, string],
  [version, ...otherVersions]: readonly [string, ...string[]],
): RoutedResource {
  return Object.freeze<RoutedResource>({
    ...defineResource(GROUP, version, plural, kind),
    otherVersions,
    access: "change",
  });
}

/** A kind of route, and the fields that name routes of this kind. */
export interface RouteKind {
  readonly resource: RoutedResource;
  /** `httpRoute`: one by name; `httpRoutes`: several; `httpRouteSelector`: by label. */
  readonly field: string;
  /** Header routes can be made on it. */
  readonly hasHeaders: boolean;
}

export const ROUTE_KINDS: readonly RouteKind[] = Object.freeze([
  {
    resource: resource(["httproutes", "HTTPRoute"], ["v1", "v1beta1"]),
    field: "httpRoute",
    hasHeaders: true,
  },
  {
    resource: resource(["grpcroutes", "GRPCRoute"], ["v1", "v1alpha2"]),
    field: "grpcRoute",
    hasHeaders: true,
  },
  {
    resource: resource(["tcproutes", "TCPRoute"], ["v1alpha2", "v1"]),
    field: "tcpRoute",
    hasHeaders: false,
  },
  {
    resource: resource(["tlsroutes", "TLSRoute"], ["v1alpha2", "v1alpha3", "v1"]),
    field: "tlsRoute",
    hasHeaders: false,
  },
]);

/** One route of a configuration. */
export interface ConfiguredRoute {
  readonly kind: RouteKind;
  readonly name: string;
  readonly usesHeaders: boolean;
  /** Where the configuration names it. */
  readonly location: readonly (string | number)[];
}

/** The routes that are named; those that are selected by label are found among the objects. */
export function configuredRoutes(config: Fields): ConfiguredRoute[] {
  return ROUTE_KINDS.flatMap((kind) => {
    const { field } = kind;
    const single = textOf(config[field]);
    const several = listOf(config[`${field}s`]).map(fieldsOf);
    return [
      ...(single === ""
        ? []
        : [{ kind, name: single, usesHeaders: kind.hasHeaders, location: [field] }]),
      ...several.map((entry, index) => ({
        kind,
        name: textOf(entry["name"]),
        usesHeaders: kind.hasHeaders && entry["useHeaderRoutes"] === true,
        location: [`${field}s`, index, "name"],
      })),
    ];
  });
}

/** The namespace of the routes. */
export function routeNamespace({ config, namespace }: RouterScope): string {
  return textOf(config["namespace"]) || namespace;
}

/** A route of the configuration, and its object. */
export interface FoundRoute {
  readonly kind: RouteKind;
  readonly object: KubeObject;
  readonly usesHeaders: boolean;
}

/** The routes among the objects, in the order of the configuration; the selected ones last. */
export function foundRoutes(
  scope: RouterScope,
  objects: readonly KubeObject[],
): { readonly found: readonly FoundRoute[]; readonly missing: readonly ConfiguredRoute[] } {
  const namespace = routeNamespace(scope);
  const found: FoundRoute[] = [];
  const missing: ConfiguredRoute[] = [];
  const isNamed = (kind: RouteKind, name: string) => (object: KubeObject) =>
    object.kind === kind.resource.kind && object.metadata.name === name &&
    (object.metadata.namespace ?? namespace) === namespace;
  for (const route of configuredRoutes(scope.config)) {
    const object = objects.find(isNamed(route.kind, route.name));
    if (object === undefined) missing.push(route);
    else found.push({ kind: route.kind, object, usesHeaders: route.usesHeaders });
  }
  const named = new Set(found.map(({ object }) => object));
  for (const kind of ROUTE_KINDS) {
    if (scope.config[`${kind.field}Selector`] === undefined) continue;
    for (const object of objects) {
      if (object.kind !== kind.resource.kind || named.has(object)) continue;
      found.push({ kind, object, usesHeaders: false });
    }
  }
  return { found, missing };
}

/** A route's rules. */
export function rulesOf(object: Fields): Fields[] {
  return listOf(fieldsOf(object["spec"])["rules"]).map(fieldsOf);
}

/** A rule's backends. */
export function backendsOf(rule: Fields): Fields[] {
  return listOf(rule["backendRefs"]).map(fieldsOf);
}

/** A backend's weight; what is not set is 1. */
export function weightOf(backend: Fields): number {
  const { weight } = backend;
  return typeof weight === "number" ? weight : 1;
}
