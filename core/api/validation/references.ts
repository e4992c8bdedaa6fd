/** Which other objects a Rollout refers to, and where it names them. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import {
  type FieldLocation,
  type FieldPlace,
  pathText,
  placeAt,
  placeOf,
} from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import type { Reference, ReferenceType } from "./reference.ts";
import { referencedServices } from "./validate_services.ts";
import { workloadReference } from "./workload.ts";

export type { FindObject, Reference, ReferenceType } from "./reference.ts";

export const SERVICE = type("", "Service");
export const INGRESS = type("networking.k8s.io", "Ingress");
export const VIRTUAL_SERVICE = type("networking.istio.io", "VirtualService");
export const DESTINATION_RULE = type("networking.istio.io", "DestinationRule");
export const MAPPING = type("getambassador.io", "Mapping");
export const MESH_VIRTUAL_SERVICE = type("appmesh.k8s.aws", "VirtualService");
export const MESH_VIRTUAL_ROUTER = type("appmesh.k8s.aws", "VirtualRouter");
export const ANALYSIS_TEMPLATE = type("argoproj.io", "AnalysisTemplate");
export const CLUSTER_ANALYSIS_TEMPLATE = type("argoproj.io", "ClusterAnalysisTemplate");

const CANARY = ["spec", "strategy", "canary"] as const;
const ROUTING = [...CANARY, "trafficRouting"] as const;

/** The objects that a Rollout refers to by itself, in the order in which they are looked at. */
export function referencesOf(rollout: Rollout): Reference[] {
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const workload = workloadReference(rollout);
  return [
    ...(workload === undefined ? [] : [workload]),
    ...referencedServices(rollout).map(({ path, name }) => named(SERVICE, name, placeAt(path))),
    ...analysesOf(fieldsOf(canary), fieldsOf(blueGreen)).flatMap(({ analysis, location }) =>
      templateReferences(analysis["templates"], [...location, "templates"])
    ),
    ...experimentReferences(fieldsOf(canary)),
    ...routerReferences(fieldsOf(fieldsOf(canary)["trafficRouting"])),
  ];
}

/** How an analysis is used: with a step, throughout the update, or around a promotion. */
export type AnalysisUse = "step" | "background" | "promotion";

/** One analysis of a Rollout, and where it stands. */
export interface RolloutAnalysis {
  readonly use: AnalysisUse;
  readonly analysis: Fields;
  readonly location: FieldLocation;
}

/** The analyses of a strategy in the order in which they are looked at. */
export function analysesOf(canary: Fields, blueGreen: Fields): RolloutAnalysis[] {
  const found: (Omit<RolloutAnalysis, "analysis"> & { analysis: unknown })[] = [
    ...["prePromotionAnalysis", "postPromotionAnalysis"].map((field) => ({
      use: "promotion" as const,
      analysis: blueGreen[field],
      location: ["spec", "strategy", "blueGreen", field],
    })),
    ...listOf(canary["steps"]).map((step, index) => ({
      use: "step" as const,
      analysis: fieldsOf(step)["analysis"],
      location: [...CANARY, "steps", index, "analysis"],
    })),
    { use: "background", analysis: canary["analysis"], location: [...CANARY, "analysis"] },
  ];
  return found
    .filter(({ analysis }) => !isUnset(analysis))
    .map((each) => ({ ...each, analysis: fieldsOf(each.analysis) }));
}

/** The templates that a list of `{templateName, clusterScope}` names. */
export function templateReferences(
  templates: unknown,
  location: FieldLocation,
): Reference[] {
  return listOf(templates).map((template, index) => {
    const { templateName, clusterScope } = fieldsOf(template);
    return named(templateType(clusterScope), templateName, {
      path: pathText(location),
      location: [...location, index, "templateName"],
    });
  });
}

/** The kind of template that a reference means. */
export function templateType(clusterScope: unknown): ReferenceType {
  return clusterScope === true ? CLUSTER_ANALYSIS_TEMPLATE : ANALYSIS_TEMPLATE;
}

/** A VirtualService's name and namespace: `name`, `name.namespace`, with `.svc.cluster.local`. */
export function virtualServiceName(text: string): { name: string; namespace?: string } {
  const short = text.replace(/\.cluster\.local$/, "");
  const dot = short.lastIndexOf(".");
  if (dot < 0) return { name: short };
  const namespace = short.slice(dot + 1);
  return { name: short.slice(0, dot), ...(namespace === "" ? {} : { namespace }) };
}

function experimentReferences(canary: Fields): Reference[] {
  return listOf(canary["steps"]).flatMap((step, index) => {
    const location = [...CANARY, "steps", index, "experiment", "analyses"];
    const references = templateReferences(
      fieldsOf(fieldsOf(step)["experiment"])["analyses"],
      location,
    );
    return references.map((reference) => ({ ...reference, isValidated: false }));
  });
}

function routerReferences(routing: Fields): Reference[] {
  const { alb, nginx, istio, ambassador, appMesh } = routing;
  const ingresses = [
    ...ingressReferences(fieldsOf(alb), ["alb", "ingress", "ingresses"]),
    // Beside an ALB the Ingresses for nginx are taken as they are.
    ...ingressReferences(fieldsOf(nginx), ["nginx", "stableIngress", "stableIngresses"])
      .map((reference) => ({ ...reference, isValidated: isUnset(alb) })),
  ];
  const rule = fieldsOf(fieldsOf(istio)["destinationRule"])["name"];
  const mesh = fieldsOf(fieldsOf(appMesh)["virtualService"])["name"];
  const mappings = listOf(fieldsOf(ambassador)["mappings"]);
  return [
    ...ingresses,
    ...virtualServiceReferences(fieldsOf(istio)),
    ...(textOf(rule) === "" ? [] : [{
      ...named(DESTINATION_RULE, rule, at("istio", "destinationRule", "name")),
      isValidated: false,
    }]),
    ...mappings.map((name, index) =>
      named(MAPPING, name, {
        path: pathText([...ROUTING, "ambassador", "mappings"]),
        location: [...ROUTING, "ambassador", "mappings", index],
      })
    ),
    ...(isUnset(mesh) ? [] : [named(MESH_VIRTUAL_SERVICE, mesh, {
      // Quirk(appmesh-path): messages write the field's name in small letters.
      path: pathText([...ROUTING, "appmesh", "virtualService"]),
      location: [...ROUTING, "appMesh", "virtualService", "name"],
    })]),
  ];
}

function ingressReferences(
  router: Fields,
  [field, single, several]: readonly [string, string, string],
): Reference[] {
  return [
    ...(textOf(router[single]) === "" ? [] : [named(INGRESS, router[single], at(field, single))]),
    ...listOf(router[several]).map((name, index) =>
      named(INGRESS, name, {
        path: pathText([...ROUTING, field, several]),
        location: [...ROUTING, field, several, index],
      })
    ),
  ];
}

function virtualServiceReferences({ virtualService, virtualServices }: Fields): Reference[] {
  const places = [
    ...(isUnset(virtualService) ? [] : [{ config: virtualService, at: ["virtualService"] }]),
    ...listOf(virtualServices).map((config, index) => ({ config, at: ["virtualServices", index] })),
  ];
  return places.map(({ config, at: [list = "", ...rest] }) => {
    const { name, namespace } = virtualServiceName(textOf(fieldsOf(config)["name"]));
    const reference = named(VIRTUAL_SERVICE, name, {
      path: pathText([...ROUTING, "istio", list, "name"]),
      location: [...ROUTING, "istio", list, ...rest, "name"],
    });
    return namespace === undefined ? reference : { ...reference, namespace };
  });
}

function at(...fields: readonly string[]): FieldPlace {
  return placeOf([...ROUTING, ...fields]);
}

function type(group: string, kind: string): ReferenceType {
  return Object.freeze({ group, kind });
}

function named(
  referenceType: ReferenceType,
  name: unknown,
  place: FieldPlace,
): Reference {
  return { type: referenceType, name: textOf(name), ...place, isValidated: true };
}
