/** The Ingresses that a canary's routers steer: are they there, and do they serve the Service. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type FieldError, internalError, invalid } from "../../../sdk/wire/field_error.ts";
import { placeOf } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { type FindObject, INGRESS, type Reference } from "./references.ts";
import type { ReferenceErrors } from "./validate_services.ts";

const ROUTING = ["spec", "strategy", "canary", "trafficRouting"] as const;

/** Everything wrong with the Ingresses of a canary's ALB and nginx. */
export function validateIngresses(
  canary: Fields,
  references: readonly Reference[],
  find: FindObject,
): ReferenceErrors {
  const { nginx, alb } = fieldsOf(canary["trafficRouting"]);
  const missing = [
    ...validateChoice(nginx, ["nginx", "stableIngress", "stableIngresses"]),
    ...validateChoice(alb, ["alb", "ingress", "ingresses"]),
  ];
  if (missing.length > 0) return { missing, wrong: [] };
  const rootService = textOf(fieldsOf(alb)["rootService"]);
  const service = rootService === "" ? textOf(canary["stableService"]) : rootService;
  const wrong: FieldError[] = [];
  for (const reference of references) {
    if (reference.type !== INGRESS || !reference.isValidated) continue;
    const { name } = reference;
    const ingress = find(reference);
    if (ingress === undefined) {
      missing.push(notFound(reference, canary));
    } else if (!hasRuleFor(ingress, service)) {
      const detail = `ingress \`${name}\` has no rules using service ${service} backend`;
      wrong.push(invalid(reference, name, { detail }));
    }
  }
  return { missing, wrong };
}

function validateChoice(
  router: unknown,
  [field, single, several]: readonly [string, string, string],
): FieldError[] {
  if (isUnset(router)) return [];
  const hasSingle = textOf(fieldsOf(router)[single]) !== "";
  const hasSeveral = listOf(fieldsOf(router)[several]).length > 0;
  if (hasSingle !== hasSeveral) return [];
  const names = [single, several].map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  const found = hasSingle ? "Both" : "Neither";
  const detail = `Either ${names.join(" or ")} must be configured. ${found} are configured.`;
  return [internalError(placeOf([...ROUTING, field]), detail)];
}

function notFound(reference: Reference, canary: Fields): FieldError {
  const { name, path, location } = reference;
  const detail = `ingress.networking.k8s.io "${name}" not found`;
  if (typeof location.at(-1) !== "number") return invalid(reference, name, { detail });
  const { nginx, alb } = fieldsOf(canary["trafficRouting"]);
  const names = listOf(fieldsOf(alb)["ingresses"] ?? fieldsOf(nginx)["stableIngresses"]);
  // Quirk(ingresses-path): this one message writes the field with a capital letter.
  const place = { path: path.replace("nginx.stableIngresses", "nginx.StableIngresses"), location };
  return invalid(place, names, { detail });
}

function hasRuleFor(ingress: KubeObject, service: string): boolean {
  return listOf(fieldsOf(ingress["spec"])["rules"]).some((rule) =>
    listOf(fieldsOf(fieldsOf(rule)["http"])["paths"]).some((path) => {
      const backend = fieldsOf(fieldsOf(fieldsOf(path)["backend"])["service"]);
      return !isUnset(backend["name"]) && backend["name"] === service;
    })
  );
}
