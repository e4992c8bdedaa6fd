/** What the controller finds wrong with the objects that a Rollout refers to. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { DEFAULT_NAMESPACE } from "../names/defaults.ts";
import type { FieldError } from "../../../sdk/wire/field_error.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { analysesOf, type FindObject, referencesOf, SERVICE } from "./references.ts";
import { validateAppMesh } from "./validate_app_mesh.ts";
import { validateIngresses } from "./validate_ingresses.ts";
import { validateMappings } from "./validate_mappings.ts";
import { type ReferenceErrors, serviceErrors } from "./validate_services.ts";
import { validateTemplateReferences } from "./validate_template_references.ts";
import { validateVirtualServices } from "./validate_virtual_services.ts";
import { findWorkload, validateWorkload } from "./workload.ts";

export { type FindObject, type Reference, referencesOf, type ReferenceType } from "./references.ts";

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
  const workload = podLabels(rollout, find);
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

/** The labels of the Rollout's pods, from the workload that it refers to if it does. */
function podLabels(rollout: Rollout, find: FindObject): PodLabels {
  const found = findWorkload(rollout, find);
  if (found === undefined) {
    return { labels: labelsOf(fieldsOf(rollout.spec)["template"]), isKnown: true, errors: [] };
  }
  const { workload, error, reference } = found;
  if (workload === undefined) return { isKnown: false, errors: [error] };
  return {
    labels: labelsOf(workload.template),
    isKnown: true,
    errors: validateWorkload(rollout, workload)
      .map((wrong) => ({ ...wrong, location: reference.location })),
  };
}

interface PodLabels {
  readonly labels?: unknown;
  readonly isKnown: boolean;
  readonly errors: readonly FieldError[];
}

function labelsOf(template: unknown): unknown {
  return fieldsOf(fieldsOf(template)["metadata"])["labels"];
}
