/** The Istio VirtualServices of a canary: are they there, and do their routes reach both sides. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type FieldError, internalError, invalid } from "../../../sdk/wire/field_error.ts";
import { placeOf } from "../../../sdk/wire/field_place.ts";
import { type IstioDestinations, routeErrors } from "./istio_routes.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { type FindObject, type Reference, VIRTUAL_SERVICE } from "./references.ts";
import { virtualServiceName } from "./references.ts";
import type { ReferenceErrors } from "./validate_services.ts";

const ISTIO = ["spec", "strategy", "canary", "trafficRouting", "istio"] as const;

/** Everything wrong with the VirtualServices of a canary. */
export function validateVirtualServices(
  canary: Fields,
  references: readonly Reference[],
  find: FindObject,
): ReferenceErrors {
  const { istio } = fieldsOf(canary["trafficRouting"]);
  if (isUnset(istio)) return { missing: [], wrong: [] };
  const { virtualService, virtualServices } = fieldsOf(istio);
  const hasSeveral = listOf(virtualServices).length > 0;
  if (isUnset(virtualService) !== hasSeveral) {
    const place = placeOf(ISTIO);
    const detail = "either VirtualService or VirtualServices must be configured";
    return { missing: [internalError(place, detail)], wrong: [] };
  }
  const configs = hasSeveral ? listOf(virtualServices) : [virtualService];
  const missing: FieldError[] = [];
  const wrong: FieldError[] = [];
  for (const reference of references.filter(({ type }) => type === VIRTUAL_SERVICE)) {
    const { name } = reference;
    const object = find(reference);
    if (object === undefined) {
      const detail = `virtualservices.networking.istio.io "${name}" not found`;
      missing.push(invalid(reference, name, { detail }));
      continue;
    }
    for (const detail of routeErrors(specOf(object), configOf(configs, name), sidesOf(canary))) {
      wrong.push(invalid(reference, name, { detail }));
    }
  }
  return { missing, wrong };
}

function specOf(object: KubeObject): Fields {
  return fieldsOf(object["spec"]);
}

/** Quirk(virtual-service-by-name): the first entry of that name counts, whatever its namespace. */
function configOf(configs: readonly unknown[], name: string): Fields {
  const found = configs.find((config) =>
    virtualServiceName(textOf(fieldsOf(config)["name"])).name === name
  );
  return fieldsOf(found);
}

/** The two sides that each route has to reach. */
function sidesOf(canary: Fields): IstioDestinations {
  const { istio, managedRoutes } = fieldsOf(canary["trafficRouting"]);
  const { destinationRule } = fieldsOf(istio);
  const { pingService, pongService } = fieldsOf(canary["pingPong"]);
  const stable = textOf(canary["stableService"]);
  const canaryService = textOf(canary["canaryService"]);
  const isPingPong = !isUnset(canary["pingPong"]) && stable === "" && canaryService === "";
  return {
    subsets: isUnset(destinationRule) ? undefined : {
      canary: textOf(fieldsOf(destinationRule)["canarySubsetName"]),
      stable: textOf(fieldsOf(destinationRule)["stableSubsetName"]),
    },
    services: isPingPong
      ? { canary: textOf(pingService), stable: textOf(pongService) }
      : { canary: canaryService, stable },
    managedRoutes: listOf(managedRoutes).map((route) => textOf(fieldsOf(route)["name"])),
  };
}
