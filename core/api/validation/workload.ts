/** The workload that a Rollout takes its pod template from, as `spec.workloadRef` names it. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { LabelSelector, PodTemplate, Rollout } from "../../../sdk/api/rollout.ts";
import { DEFAULT_NAMESPACE } from "../names/defaults.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { type GoFields, goJson } from "../hash/go_json.ts";
import { placeAt } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isUnset, textOf } from "../../../sdk/wire/json.ts";
import type { FindObject, Reference } from "./reference.ts";
import { DEPLOYMENTS, POD_TEMPLATES, REPLICA_SETS } from "../names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";

import { validatePodTemplate } from "./validate_pod_template.ts";

/** The kinds that `workloadRef` may name. */
const WORKLOADS: readonly ResourceType[] = Object.freeze([
  DEPLOYMENTS,
  REPLICA_SETS,
  POD_TEMPLATES,
]);
const REFERENCE_FIELDS: GoFields = [
  ["apiVersion", "nonzero"],
  ["kind", "nonzero"],
  ["name", "nonzero"],
  ["scaleDown", "nonzero"],
];

/** How `spec.workloadRef` names an object; undefined without it. */
export function workloadReference(rollout: Rollout): Reference | undefined {
  const { workloadRef } = fieldsOf(rollout.spec);
  if (isUnset(workloadRef)) return undefined;
  const { apiVersion, kind, name } = fieldsOf(workloadRef);
  const parts = textOf(apiVersion).split("/");
  const group = parts.length === 2 ? parts[0] ?? "" : "";
  return {
    type: { group, kind: textOf(kind) },
    name: textOf(name),
    ...placeAt("spec.workloadRef"),
    isValidated: true,
  };
}

/** The kind of workload that a reference names; undefined for one that cannot be referred to. */
export function workloadType({ type }: Pick<Reference, "type">): ResourceType | undefined {
  return WORKLOADS.find(({ group, kind }) => group === type.group && kind === type.kind);
}

/** What a Rollout takes from its workload. */
export interface Workload {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly template: PodTemplate | undefined;
  /** Undefined for a PodTemplate. */
  readonly selector: LabelSelector | undefined;
}

/** The workload, or the reason why there is none; a status shows only the detail of that. */
export type FoundWorkload =
  & { readonly reference: Reference }
  & (
    | { readonly workload: Workload; readonly error?: undefined }
    | { readonly workload?: undefined; readonly error: FieldError }
  );

/** What `spec.workloadRef` leads to; undefined without it. */
export function findWorkload(rollout: Rollout, find: FindObject): FoundWorkload | undefined {
  const reference = workloadReference(rollout);
  if (reference === undefined) return undefined;
  const refuse = (detail: string): FoundWorkload => {
    const { workloadRef } = fieldsOf(rollout.spec);
    const shown = goJson(workloadRef, REFERENCE_FIELDS);
    return { reference, error: invalid(reference, workloadRef, { detail, shown }) };
  };
  const { group, kind } = reference.type;
  const type = workloadType(reference);
  if (type === undefined) return refuse(`workload of type ${group}/${kind} is not supported`);
  const object = find(reference);
  if (object === undefined) {
    const namespace = rollout.metadata.namespace ?? DEFAULT_NAMESPACE;
    const plural = [type.plural, group].filter(Boolean).join(".");
    return refuse(`${plural} "${namespace}/${reference.name}" not found`);
  }
  return { reference, workload: workloadOf(type, object) };
}

/** The parts of a workload that matter to a Rollout. */
export function workloadOf(type: ResourceType, object: KubeObject): Workload {
  const { spec, template } = object as { spec?: unknown; template?: unknown };
  const { selector, template: inner } = fieldsOf(spec);
  const found = type === POD_TEMPLATES ? template : inner;
  return {
    type,
    object,
    template: isUnset(found) ? undefined : found as PodTemplate,
    selector: isUnset(selector) ? undefined : selector as LabelSelector,
  };
}

/** What is wrong with the template that a workload gives. */
export function validateWorkload(
  rollout: Rollout,
  { template, selector }: Workload,
): FieldError[] {
  return validatePodTemplate(template, {
    // Without a selector of its own the Rollout takes the workload's.
    selector: rollout.spec.selector ?? selector ?? {},
    place: placeAt("spec.template"),
  });
}

/** The Rollout with what its workload gives: the template, and a selector if it has none. */
export function withWorkload(rollout: Rollout, { template, selector }: Workload): Rollout {
  const own = rollout.spec.selector ?? selector;
  const { selector: _, template: __, ...spec } = rollout.spec;
  return {
    ...rollout,
    spec: {
      ...spec,
      ...(own === undefined ? {} : { selector: own }),
      ...(template === undefined ? {} : { template }),
    },
  };
}
