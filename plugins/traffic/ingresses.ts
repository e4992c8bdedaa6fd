/** Ingresses that a router steers: are they there, and do they serve the Service. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type {
  FieldRemark,
  ObjectReader,
  ObjectReference,
  RoutedResource,
  RouterProblems,
} from "../../sdk/traffic_router.ts";
import { type FieldError, internalError, invalid } from "../../sdk/wire/field_error.ts";
import { child, type FieldPlace } from "../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../sdk/wire/json.ts";
import { defineResource } from "../../sdk/wire/resource_type.ts";
import { itemOf, named } from "./references.ts";
import { portRemarks } from "./service_ports.ts";

const INGRESSES = defineResource("networking.k8s.io", "v1", "ingresses", "Ingress");

/** Ingresses that are only steered. */
export const STEERED_INGRESSES: RoutedResource = Object.freeze<RoutedResource>({
  ...INGRESSES,
  access: "change",
});
/** Ingresses beside which others are made. */
export const MADE_INGRESSES: RoutedResource = Object.freeze<RoutedResource>({
  ...INGRESSES,
  access: "create and delete",
});

/** The fields in which a configuration names one Ingress or several of them. */
export interface IngressFields {
  readonly one: string;
  readonly several: string;
}

/** The Ingresses that a configuration names. */
export function ingressReferences(
  config: Fields,
  { one, several }: IngressFields,
  place: FieldPlace,
): ObjectReference[] {
  const single = config[one];
  return [
    ...(textOf(single) === "" ? [] : [named(INGRESSES, single, child(place, one))]),
    ...listOf(config[several]).map((name, index) =>
      named(INGRESSES, name, itemOf(child(place, several), index))
    ),
  ];
}

/** Their names, each once. */
export function ingressNames(config: Fields, { one, several }: IngressFields): string[] {
  const names = [textOf(config[one]), ...listOf(config[several]).map(textOf)];
  return [...new Set(names)].filter((name) => name !== "");
}

/** Exactly one of the two fields has to be set. */
export function choiceErrors(
  config: unknown,
  { one, several }: IngressFields,
  place: FieldPlace,
): FieldError[] {
  if (isUnset(config)) return [];
  const hasOne = textOf(fieldsOf(config)[one]) !== "";
  const hasSeveral = listOf(fieldsOf(config)[several]).length > 0;
  if (hasOne !== hasSeveral) return [];
  const names = [one, several].map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  const found = hasOne ? "Both" : "Neither";
  const detail = `Either ${names.join(" or ")} must be configured. ${found} are configured.`;
  return [internalError(place, detail)];
}

/** What is wrong with Ingresses that have to serve a Service. */
export function ingressProblems(
  references: readonly ObjectReference[],
  { service, several, objects }: {
    service: string;
    /** What messages show and name where one of several is missing. */
    several: { readonly names: unknown; readonly path: string };
    objects: ObjectReader;
  },
): RouterProblems {
  const missing: FieldError[] = [];
  const wrong: FieldError[] = [];
  for (const reference of references) {
    const { name, location } = reference;
    const ingress = objects.find(reference);
    if (ingress === undefined) {
      const detail = `ingress.networking.k8s.io "${name}" not found`;
      const isOfSeveral = typeof location.at(-1) === "number";
      const place = isOfSeveral ? { path: several.path, location } : reference;
      missing.push(invalid(place, isOfSeveral ? listOf(several.names) : name, { detail }));
    } else if (!hasRuleFor(ingress, service)) {
      const detail = `ingress \`${name}\` has no rules using service ${service} backend`;
      wrong.push(invalid(reference, name, { detail }));
    }
  }
  return { missing, wrong };
}

function hasRuleFor(ingress: KubeObject, service: string): boolean {
  return backendsOf(ingress).some(({ name }) => !isUnset(name) && name === service);
}

/** The Services that its rules lead to. */
function backendsOf(ingress: KubeObject): Fields[] {
  return listOf(fieldsOf(ingress["spec"])["rules"]).flatMap((rule) =>
    listOf(fieldsOf(fieldsOf(rule)["http"])["paths"]).map((path) =>
      fieldsOf(fieldsOf(fieldsOf(path)["backend"])["service"])
    )
  );
}

/** Ports that the stable Service does not have, or the canary's, whose Ingress is a copy. */
export function ingressPortRemarks(
  references: readonly ObjectReference[],
  { stableService, canaryService }: { stableService: string; canaryService: string },
  objects: ObjectReader,
): FieldRemark[] {
  return references.flatMap((reference) => {
    const ingress = objects.find(reference);
    const backends = ingress === undefined ? [] : backendsOf(ingress);
    const targets = backends.filter(({ name }) => name === stableService).flatMap((backend) => {
      const { number, name } = fieldsOf(backend["port"]);
      return [stableService, canaryService].map((service) => ({ service, port: number ?? name }));
    });
    return portRemarks(reference, targets, objects);
  });
}
