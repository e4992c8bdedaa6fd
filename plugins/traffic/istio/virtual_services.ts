/** The VirtualServices of a canary: are they there, and do their routes reach both sides. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type {
  FieldRemark,
  ObjectReader,
  ObjectReference,
  RoutedResource,
  RouterProblems,
  RouterScope,
} from "../../../sdk/traffic_router.ts";
import { type FieldError, internalError, invalid } from "../../../sdk/wire/field_error.ts";
import { child } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { routingFieldsOf, sidesNow } from "../canary.ts";
import { named } from "../references.ts";
import { portRemarks, type Target } from "../service_ports.ts";
import { type IstioDestinations, routeErrors } from "./route_problems.ts";
import { selectedRoutes } from "./route_selection.ts";

export const VIRTUAL_SERVICES: RoutedResource = Object.freeze<RoutedResource>({
  ...defineResource("networking.istio.io", "v1beta1", "virtualservices", "VirtualService"),
  otherVersions: ["v1", "v1alpha3"],
  access: "change",
});

/** The VirtualServices that a configuration names. */
export function virtualServiceReferences({ config, place }: RouterScope): ObjectReference[] {
  const { virtualService, virtualServices } = config;
  const single = child(place, "virtualService", "name");
  const list = child(place, "virtualServices");
  return [
    ...(isUnset(virtualService) ? [] : [{ entry: virtualService, at: single }]),
    ...listOf(virtualServices).map((entry, index) => ({
      entry,
      at: { path: child(list, "name").path, location: [...list.location, index, "name"] },
    })),
  ].map(({ entry, at }) => {
    const { name, namespace } = virtualServiceName(textOf(fieldsOf(entry)["name"]));
    const reference = named(VIRTUAL_SERVICES, name, at);
    return namespace === undefined ? reference : { ...reference, namespace };
  });
}

/** A VirtualService's name and namespace: `name`, `name.namespace`, with `.svc.cluster.local`. */
function virtualServiceName(text: string): { name: string; namespace?: string } {
  const short = text.replace(/\.cluster\.local$/, "");
  const dot = short.lastIndexOf(".");
  if (dot < 0) return { name: short };
  const namespace = short.slice(dot + 1);
  return { name: short.slice(0, dot), ...(namespace === "" ? {} : { namespace }) };
}

/** A VirtualService of the configuration, and its entry there. */
export interface VirtualServiceEntry {
  readonly name: string;
  readonly namespace?: string;
  readonly config: Fields;
}

/** The VirtualServices that the configuration names, with their entries. */
export function virtualServiceEntries({ config }: RouterScope): VirtualServiceEntry[] {
  const { virtualService, virtualServices } = config;
  return [...(isUnset(virtualService) ? [] : [virtualService]), ...listOf(virtualServices)]
    .map(fieldsOf)
    .map((entry) => ({ ...virtualServiceName(textOf(entry["name"])), config: entry }));
}

/** Everything wrong with the VirtualServices of a canary. */
export function virtualServiceProblems(scope: RouterScope, objects: ObjectReader): RouterProblems {
  const { virtualService, virtualServices } = scope.config;
  const hasSeveral = listOf(virtualServices).length > 0;
  if (isUnset(virtualService) !== hasSeveral) {
    const detail = "either VirtualService or VirtualServices must be configured";
    return { missing: [internalError(scope.place, detail)], wrong: [] };
  }
  const entries = hasSeveral ? listOf(virtualServices) : [virtualService];
  const missing: FieldError[] = [];
  const wrong: FieldError[] = [];
  for (const reference of virtualServiceReferences(scope)) {
    const { name } = reference;
    const object = objects.find(reference);
    if (object === undefined) {
      const detail = `virtualservices.networking.istio.io "${name}" not found`;
      missing.push(invalid(reference, name, { detail }));
      continue;
    }
    for (const detail of routeErrors(specOf(object), entryOf(entries, name), sidesOf(scope))) {
      wrong.push(invalid(reference, name, { detail }));
    }
  }
  return { missing, wrong };
}

/** Ports of destinations that their Services do not have. */
export function destinationRemarks(scope: RouterScope, objects: ObjectReader): FieldRemark[] {
  const { config: { virtualService, virtualServices } } = scope;
  const entries = isUnset(virtualService) ? listOf(virtualServices) : [virtualService];
  return virtualServiceReferences(scope).flatMap((reference) => {
    const object = objects.find(reference);
    if (object === undefined) return [];
    const config = entryOf(entries, reference.name);
    const managed = managedRoutesOf(scope);
    const targets = (["http", "tls", "tcp"] as const).flatMap((kind) => {
      const routes = listOf(specOf(object)[kind]).map(fieldsOf);
      return selectedRoutes(kind, routes, { config, managed }).flatMap((index) =>
        listOf(routes[index]?.["route"]).flatMap((each): Target[] => {
          const { host, port } = fieldsOf(fieldsOf(each)["destination"]);
          // Other names may be those of another namespace, or of no Service.
          if (textOf(host).includes(".")) return [];
          return [{ service: textOf(host), port: fieldsOf(port)["number"] }];
        })
      );
    });
    return portRemarks(reference, targets, objects);
  });
}

function specOf(object: KubeObject): Fields {
  return fieldsOf(object["spec"]);
}

/** Quirk(virtual-service-by-name): the first entry of that name counts, whatever its namespace. */
function entryOf(entries: readonly unknown[], name: string): Fields {
  const found = entries.find((entry) =>
    virtualServiceName(textOf(fieldsOf(entry)["name"])).name === name
  );
  return fieldsOf(found);
}

/** The two sides that each route has to reach. */
function sidesOf(scope: RouterScope): IstioDestinations {
  const { config, rollout } = scope;
  return {
    subsets: isUnset(config["destinationRule"]) ? undefined : subsetSidesOf(config),
    // Whoever's turn it is: what is wrong is told in the same words.
    services: sidesNow({ ...rollout, status: {} }),
    managedRoutes: managedRoutesOf(scope),
  };
}

/** The two subsets that the configuration names. */
export function subsetSidesOf(config: Fields): { canary: string; stable: string } {
  const { canarySubsetName, stableSubsetName } = fieldsOf(config["destinationRule"]);
  return { canary: textOf(canarySubsetName), stable: textOf(stableSubsetName) };
}

/** Names of the routes that are the Rollout's own. */
export function managedRoutesOf({ rollout }: RouterScope): string[] {
  return listOf(routingFieldsOf(rollout)["managedRoutes"])
    .map((route) => textOf(fieldsOf(route)["name"]));
}
