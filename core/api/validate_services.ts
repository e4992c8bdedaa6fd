import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { type FieldError, invalid } from "./field_error.ts";
import { placeAt } from "./field_place.ts";
import { fieldsOf, textOf } from "./json_shape.ts";
import { MANAGED_BY_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "./names.ts";

/** Names of the Services that a Rollout refers to, with the fields that name them. */
export interface ServiceReference {
  /** `spec.strategy.canary.stableService` */
  readonly path: string;
  readonly name: string;
}

/** The Services that a Rollout refers to, in the order in which they are looked at. */
export function referencedServices(rollout: Rollout): ServiceReference[] {
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const pingPong = fieldsOf(fieldsOf(canary)["pingPong"]);
  const references: ServiceReference[] = [
    reference("canary.stableService", fieldsOf(canary)["stableService"]),
    reference("canary.canaryService", fieldsOf(canary)["canaryService"]),
    reference("canary.pingPong.pingService", pingPong["pingService"]),
    reference("canary.pingPong.pongService", pingPong["pongService"]),
    reference("blueGreen.activeService", fieldsOf(blueGreen)["activeService"]),
    reference("blueGreen.previewService", fieldsOf(blueGreen)["previewService"]),
  ];
  return references.filter(({ name }) => name !== "");
}

function reference(field: string, name: unknown): ServiceReference {
  return { path: `spec.strategy.${field}`, name: textOf(name) };
}

/**
 * Everything wrong with the Services that a Rollout refers to: missing, selecting other pods than
 * the Rollout's, or steered by another Rollout.
 */
export function validateServices(
  rollout: Rollout,
  servicesByName: ReadonlyMap<string, KubeObject>,
): FieldError[] {
  return referencedServices(rollout).flatMap(({ path, name }) => {
    const service = servicesByName.get(name);
    const place = placeAt(path);
    if (service === undefined) {
      return [invalid(place, name, { detail: `service "${name}" not found` })];
    }
    return serviceProblems(rollout, service).map((problem) =>
      invalid(place, name, { detail: `Service "${name}" ${problem}` })
    );
  });
}

function serviceProblems(rollout: Rollout, service: KubeObject): string[] {
  const labels = fieldsOf(rollout.spec?.template?.metadata?.labels);
  const selector = fieldsOf(fieldsOf(service["spec"])["selector"]);
  const problems = Object.keys(selector)
    .filter((key) => key !== POD_TEMPLATE_HASH_LABEL)
    .filter((key) => !Object.hasOwn(labels, key) || labels[key] !== selector[key])
    .map((key) => `has unmatch label "${key}" in rollout`);
  const manager = service.metadata.annotations?.[MANAGED_BY_ANNOTATION];
  if (manager !== undefined && manager !== rollout.metadata.name) {
    problems.push("is managed by another Rollout");
  }
  return problems;
}
