/** What the controller finds wrong with the objects that a Rollout refers to. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";
import type { ObjectReader } from "../../../sdk/traffic_router.ts";
import type { FieldError } from "../../../sdk/wire/field_error.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { analysesOf, type FindObject, SERVICE } from "./references.ts";
import { routingOf } from "./traffic_routers.ts";
import { type ReferenceErrors, serviceErrors } from "./validate_services.ts";
import { validateTemplateReferences } from "./validate_template_references.ts";
import { findWorkload, validateWorkload } from "./workload.ts";

export { type FindObject, type Reference, referencesOf, type ReferenceType } from "./references.ts";

const NONE: ReferenceErrors = Object.freeze({ missing: [], wrong: [] });

/**
 * Every error of the objects that a Rollout refers to, in the order in which the controller meets
 * them: first what is not there, then what is there and does not fit. Of an error about
 * `workloadRef` a status shows only the detail.
 */
export function validateReferences(
  rollout: Rollout,
  plugins: PluginRegistry,
  objects: ObjectReader,
): FieldError[] {
  const { find } = objects;
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const workload = podLabels(rollout, find);
  const kinds: ReferenceErrors[] = [
    serviceErrors(rollout, {
      find: (name) => find({ type: SERVICE, name }),
      labels: workload.labels,
      isTemplateKnown: workload.isKnown,
    }),
    ...analysesOf(fieldsOf(canary), fieldsOf(blueGreen))
      .map((analysis) => validateTemplateReferences(analysis, find)),
    ...(routingOf(rollout, plugins)?.routers ?? [])
      .map(({ router, scope }) => router.problems?.(scope, objects) ?? NONE),
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
