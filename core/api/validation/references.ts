/** Which other objects a Rollout refers to, and where it names them. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";
import type { ObjectReader } from "../../../sdk/traffic_router.ts";
import {
  type FieldLocation,
  type FieldPlace,
  pathText,
  placeAt,
} from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import type { Reference, ReferenceType } from "./reference.ts";
import { routingOf } from "./traffic_routers.ts";
import { referencedServices } from "./validate_services.ts";
import { workloadReference } from "./workload.ts";

export type { FindObject, Reference, ReferenceType } from "./reference.ts";

export const SERVICE = type("", "Service");
export const ANALYSIS_TEMPLATE = type("argoproj.io", "AnalysisTemplate");
export const CLUSTER_ANALYSIS_TEMPLATE = type("argoproj.io", "ClusterAnalysisTemplate");

const CANARY = ["spec", "strategy", "canary"] as const;

/** The objects that a Rollout refers to by itself, in the order in which they are looked at. */
export function referencesOf(
  rollout: Rollout,
  plugins: PluginRegistry,
  objects: ObjectReader,
): Reference[] {
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const workload = workloadReference(rollout);
  return [
    ...(workload === undefined ? [] : [workload]),
    ...referencedServices(rollout).map(({ path, name }) => named(SERVICE, name, placeAt(path))),
    ...analysesOf(fieldsOf(canary), fieldsOf(blueGreen)).flatMap(({ analysis, location }) =>
      templateReferences(analysis["templates"], [...location, "templates"])
    ),
    ...experimentReferences(fieldsOf(canary)),
    ...(routingOf(rollout, plugins)?.routers ?? [])
      .flatMap(({ router, scope }) => router.references(scope, objects)),
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
  const found: RolloutAnalysis[] = [];
  // Nearly all steps have none, and every pass asks.
  const add = (use: AnalysisUse, analysis: unknown, location: () => FieldLocation) => {
    if (isUnset(analysis)) return;
    found.push({ use, analysis: fieldsOf(analysis), location: location() });
  };
  for (const field of ["prePromotionAnalysis", "postPromotionAnalysis"]) {
    add("promotion", blueGreen[field], () => ["spec", "strategy", "blueGreen", field]);
  }
  for (const [index, step] of listOf(canary["steps"]).entries()) {
    add("step", fieldsOf(step)["analysis"], () => [...CANARY, "steps", index, "analysis"]);
  }
  add("background", canary["analysis"], () => [...CANARY, "analysis"]);
  return found;
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
