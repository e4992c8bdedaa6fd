/** What the controller finds wrong with the objects that a Rollout refers to. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { type FieldError, invalid } from "./field_error.ts";
import { type GoFields, goJson } from "./go_json.ts";
import { fieldsOf, isUnset } from "./json_shape.ts";
import {
  analysesOf,
  type FindObject,
  type Reference,
  referencesOf,
  SERVICE,
} from "./references.ts";
import { referencedType } from "./referenced_types.ts";
import { validateAppMesh } from "./validate_app_mesh.ts";
import { validateIngresses } from "./validate_ingresses.ts";
import { validateMappings } from "./validate_mappings.ts";
import { validatePodTemplate } from "./validate_pod_template.ts";
import { type ReferenceErrors, serviceErrors } from "./validate_services.ts";
import { validateTemplateReferences } from "./validate_template_references.ts";
import { validateVirtualServices } from "./validate_virtual_services.ts";

export { type FindObject, type Reference, referencesOf, type ReferenceType } from "./references.ts";

const DEFAULT_NAMESPACE = "default";
/** The kinds that `workloadRef` may name. */
const WORKLOADS: readonly string[] = Object.freeze([
  "apps/Deployment",
  "apps/ReplicaSet",
  "/PodTemplate",
]);
const WORKLOAD_FIELDS: GoFields = [
  ["apiVersion", "nonzero"],
  ["kind", "nonzero"],
  ["name", "nonzero"],
  ["scaleDown", "nonzero"],
];

/**
 * Every error of the objects that a Rollout refers to, in the order in which the controller meets
 * them: first what is not there, then what is there and does not fit. Of an error about
 * `workloadRef` a status shows only the detail.
 */
export function validateReferences(rollout: Rollout, find: FindObject): FieldError[] {
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const fields = fieldsOf(canary);
  const references = referencesOf(rollout);
  const namespace = rollout.metadata.namespace ?? DEFAULT_NAMESPACE;
  const workload = workloadOf(rollout, references, find);
  const kinds: ReferenceErrors[] = [
    serviceErrors(rollout, {
      find: (name) => find({ type: SERVICE, name }),
      labels: workload.labels,
      isTemplateKnown: workload.isKnown,
    }),
    ...analysesOf(fields, fieldsOf(blueGreen))
      .map((analysis) => validateTemplateReferences(analysis, find)),
    validateIngresses(fields, references, find),
    validateVirtualServices(fields, references, find),
    validateMappings(fields, references, find),
    validateAppMesh({ canary: fields, namespace }, references, find),
  ];
  return [
    ...workload.errors,
    ...kinds.flatMap(({ missing }) => missing),
    ...kinds.flatMap(({ wrong }) => wrong),
  ];
}

interface Workload {
  /** Labels of the pods. */
  readonly labels?: unknown;
  readonly isKnown: boolean;
  readonly errors: readonly FieldError[];
}

/** The labels of the Rollout's pods, from the workload that it refers to if it does. */
function workloadOf(
  rollout: Rollout,
  references: readonly Reference[],
  find: FindObject,
): Workload {
  const { workloadRef, template, selector } = fieldsOf(rollout.spec);
  const reference = references.find(({ path }) => path === "spec.workloadRef");
  if (reference === undefined) return { labels: labelsOf(template), isKnown: true, errors: [] };
  const { type, name } = reference;
  const kind = `${type.group}/${type.kind}`;
  if (!WORKLOADS.includes(kind)) {
    const detail = `workload of type ${kind} is not supported`;
    return { isKnown: false, errors: [workloadError(reference, workloadRef, detail)] };
  }
  const workload = find(reference);
  if (workload === undefined) {
    const namespace = rollout.metadata.namespace ?? DEFAULT_NAMESPACE;
    const plural = [referencedType(type)?.plural, type.group].filter(Boolean).join(".");
    const detail = `${plural} "${namespace}/${name}" not found`;
    return { isKnown: false, errors: [workloadError(reference, workloadRef, detail)] };
  }
  const { spec, template: own } = workload as { spec?: unknown; template?: unknown };
  const found = isUnset(own) ? fieldsOf(spec)["template"] : own;
  const place = { path: "spec.template", location: reference.location };
  const errors = validatePodTemplate(found, {
    // Without a selector of its own the Rollout takes the workload's.
    selector: selector ?? fieldsOf(spec)["selector"] ?? {},
    place,
  })
    .map((error) => ({ ...error, location: reference.location }));
  return { labels: labelsOf(found), isKnown: true, errors };
}

function workloadError(reference: Reference, value: unknown, detail: string): FieldError {
  return invalid(reference, value, { detail, shown: goJson(value, WORKLOAD_FIELDS) });
}

function labelsOf(template: unknown): unknown {
  return fieldsOf(fieldsOf(template)["metadata"])["labels"];
}
