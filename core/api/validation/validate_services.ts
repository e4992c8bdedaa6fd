import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { placeAt } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import { MANAGED_BY_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "../names/names.ts";

/** Names of the Services that a Rollout refers to, with the fields that name them. */
export interface ServiceReference {
  /** `spec.strategy.canary.stableService` */
  readonly path: string;
  readonly name: string;
}

/** The Services that a Rollout refers to, in the order in which they are looked at. */
export function referencedServices(rollout: Rollout): ServiceReference[] {
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const { stableService, canaryService, pingPong } = fieldsOf(canary);
  const { pingService, pongService } = fieldsOf(pingPong);
  const { activeService, previewService } = fieldsOf(blueGreen);
  const found: ServiceReference[] = [];
  const add = (path: string, name: unknown) => {
    const text = textOf(name);
    if (text !== "") found.push({ path, name: text });
  };
  add("spec.strategy.canary.stableService", stableService);
  add("spec.strategy.canary.canaryService", canaryService);
  add("spec.strategy.canary.pingPong.pingService", pingService);
  add("spec.strategy.canary.pingPong.pongService", pongService);
  add("spec.strategy.blueGreen.activeService", activeService);
  add("spec.strategy.blueGreen.previewService", previewService);
  return found;
}

/** What is wrong with referenced objects: that they are missing, or what they are. */
export interface ReferenceErrors {
  readonly missing: readonly FieldError[];
  readonly wrong: readonly FieldError[];
}

/**
 * Everything wrong with the Services that a Rollout refers to: first the missing ones, then those
 * that select other pods than the Rollout's, or are steered by another Rollout.
 */
export function validateServices(
  rollout: Rollout,
  servicesByName: ReadonlyMap<string, KubeObject>,
): FieldError[] {
  const { missing, wrong } = serviceErrors(rollout, {
    find: (name) => servicesByName.get(name),
    labels: rollout.spec?.template?.metadata?.labels,
  });
  return [...missing, ...wrong];
}

/** The same, by its two halves; selectors are compared only where the template is known. */
export function serviceErrors(
  rollout: Rollout,
  { find, labels, isTemplateKnown = true }: {
    find: (name: string) => KubeObject | undefined;
    labels: unknown;
    isTemplateKnown?: boolean;
  },
): ReferenceErrors {
  const missing: FieldError[] = [];
  const wrong: FieldError[] = [];
  for (const { path, name } of referencedServices(rollout)) {
    const service = find(name);
    if (service === undefined) {
      missing.push(invalid(placeAt(path), name, { detail: `service "${name}" not found` }));
      continue;
    }
    const problems = [
      ...(isTemplateKnown ? unmatchedLabels(service, fieldsOf(labels)) : []),
      ...foreignManager(service, rollout),
    ];
    for (const problem of problems) {
      wrong.push(invalid(placeAt(path), name, { detail: `Service "${name}" ${problem}` }));
    }
  }
  return { missing, wrong };
}

function unmatchedLabels(service: KubeObject, labels: Record<string, unknown>): string[] {
  const selector = fieldsOf(fieldsOf(service["spec"])["selector"]);
  return Object.keys(selector)
    .filter((key) => key !== POD_TEMPLATE_HASH_LABEL)
    .filter((key) => !Object.hasOwn(labels, key) || labels[key] !== selector[key])
    .map((key) => `has unmatch label "${key}" in rollout`);
}

function foreignManager(service: KubeObject, rollout: Rollout): string[] {
  const annotations = fieldsOf(fieldsOf(service.metadata)["annotations"]);
  const manager = annotations[MANAGED_BY_ANNOTATION];
  const isForeign = manager !== undefined && manager !== rollout.metadata.name;
  return isForeign ? ["is managed by another Rollout"] : [];
}
