/** Which objects Rollouts and Experiments name, and where. */
import type { FieldLocation } from "../api/field_place.ts";
import { fieldsOf, listOf, textOf } from "../api/json_shape.ts";
import { referencedServices } from "../api/validate_services.ts";
import { analysisUses } from "./analyses.ts";
import type { LintWorld, RolloutSubject } from "./rollout_subject.ts";
import { groupOf, type LintDocument, namespaceOf, type Wanted } from "./world.ts";

/** The name of an object, and the field in which it stands. */
export interface NamedObject extends Wanted {
  readonly document: LintDocument;
  readonly at: FieldLocation;
}

const SERVICE = { group: "", kind: "Service" };
const INGRESS = { group: "networking.k8s.io", kind: "Ingress" };
const VIRTUAL_SERVICE = { group: "networking.istio.io", kind: "VirtualService" };
const DESTINATION_RULE = { group: "networking.istio.io", kind: "DestinationRule" };
const ROUTING: FieldLocation = ["spec", "strategy", "canary", "trafficRouting"];

/** Every object that another one names. */
export function namedObjects(world: LintWorld): NamedObject[] {
  return [
    ...world.rollouts.flatMap(namedByRollout),
    ...analysisUses(world).flatMap(({ document, templates }) =>
      templates.map((template) => ({ ...template, document }))
    ),
  ].filter(({ name }) => name !== "");
}

function namedByRollout(subject: RolloutSubject): NamedObject[] {
  const { document, rollout, spec } = subject;
  const namespace = namespaceOf(rollout);
  const named = (type: Wanted["type"]) => (name: string, at: FieldLocation): NamedObject => ({
    document,
    type,
    namespace,
    name,
    at,
  });
  const reference = fieldsOf(spec["workloadRef"]);
  const type = { group: groupOf({ apiVersion: textOf(reference["apiVersion"]) }), kind: "" };
  const workload = named({ ...type, kind: textOf(reference["kind"]) });
  return [
    workload(textOf(reference["name"]), ["spec", "workloadRef", "name"]),
    ...referencedServices(rollout).map(({ path, name }) => named(SERVICE)(name, path.split("."))),
    ...ingressNames(subject).map(({ name, at }) => named(INGRESS)(name, at)),
    ...istioNames(subject, namespace),
  ];
}

interface Named {
  readonly name: string;
  readonly at: FieldLocation;
}

function ingressNames({ routing }: RolloutSubject): Named[] {
  const nginx = fieldsOf(routing?.["nginx"]);
  const alb = fieldsOf(routing?.["alb"]);
  return [
    { name: textOf(nginx["stableIngress"]), at: [...ROUTING, "nginx", "stableIngress"] },
    ...names(nginx["stableIngresses"], [...ROUTING, "nginx", "stableIngresses"]),
    { name: textOf(alb["ingress"]), at: [...ROUTING, "alb", "ingress"] },
    ...names(alb["ingresses"], [...ROUTING, "alb", "ingresses"]),
  ];
}

function names(list: unknown, at: FieldLocation): Named[] {
  return listOf(list).map((name, index) => ({ name: textOf(name), at: [...at, index] }));
}

function istioNames({ document, routing }: RolloutSubject, namespace: string): NamedObject[] {
  const istio = fieldsOf(routing?.["istio"]);
  const at = [...ROUTING, "istio"];
  const services = [
    { service: fieldsOf(istio["virtualService"]), at: [...at, "virtualService", "name"] },
    ...listOf(istio["virtualServices"]).map((service, index) => ({
      service: fieldsOf(service),
      at: [...at, "virtualServices", index, "name"],
    })),
  ];
  const rule = fieldsOf(istio["destinationRule"]);
  return [
    ...services.map(({ service, at }) => ({
      document,
      type: VIRTUAL_SERVICE,
      ...virtualServiceName(textOf(service["name"]), namespace),
      at,
    })),
    {
      document,
      type: DESTINATION_RULE,
      namespace,
      name: textOf(rule["name"]),
      at: [...at, "destinationRule", "name"],
    },
  ];
}

/** `web.shop` is the VirtualService `web` of the namespace `shop`. */
function virtualServiceName(text: string, namespace: string): { name: string; namespace: string } {
  const plain = text.replace(/\.svc\.cluster\.local$|\.cluster\.local$/, "");
  const dot = plain.lastIndexOf(".");
  if (dot < 0) return { name: plain, namespace };
  return { name: plain.slice(0, dot), namespace: plain.slice(dot + 1) };
}
