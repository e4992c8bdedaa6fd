/** What a quota has room for. */
import { PODS, RESOURCE_QUOTAS } from "../../api/names/resources.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { ApiPorts } from "./admission.ts";
import type { Kind } from "./kind.ts";
import { resourceName } from "./status_error.ts";

/** How a quota may name the number of pods. */
export const POD_COUNTS: readonly string[] = ["pods", "count/pods"];

/** Throws 403 when a quota has no room for another pod in its namespace. */
export function checkQuotas(
  { store, kinds }: ApiPorts,
  { type }: Kind,
  { metadata }: KubeObject,
): void {
  if (type !== PODS) return;
  const { namespace = "", name } = metadata;
  const quotas = store.list(kinds.find(RESOURCE_QUOTAS), namespace);
  if (quotas.length === 0) return;
  const used = podsIn(store.list(kinds.find(PODS), namespace));
  for (const quota of quotas) {
    const hard = fieldsOf(fieldsOf(quota["spec"])["hard"]);
    for (const count of POD_COUNTS) {
      if (hard[count] === undefined || used < Number(hard[count])) continue;
      throw new ApiError({
        code: 403,
        reason: "Forbidden",
        message: `${resourceName(type)} "${name}" is forbidden: exceeded quota: ` +
          `${quota.metadata.name}, requested: ${count}=1, used: ${count}=${used}, ` +
          `limited: ${count}=${hard[count]}`,
      });
    }
  }
}

/** Pods that have not ended. */
export function podsIn(pods: readonly KubeObject[]): number {
  const phases = pods.map((pod) => fieldsOf(pod["status"])["phase"]);
  return phases.filter((phase) => phase !== "Succeeded" && phase !== "Failed").length;
}
