/** What a Job has come to, and of which measurement it tells that. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { WatchedObjects } from "../../../sdk/metric_provider.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { JOBS, METRIC_ANNOTATIONS, NAME, RUN_UID_LABEL } from "./resources.ts";

/** Quirk(job-conditions): that a condition is there counts, whatever its status. */
export function phaseOf(job: KubeObject): "Successful" | "Failed" | undefined {
  for (const { type } of listOf(fieldsOf(job["status"])["conditions"]).map(fieldsOf)) {
    if (type === "Complete") return "Successful";
    if (type === "Failed") return "Failed";
  }
  return undefined;
}

/** Jobs of measurements: one that has ended ends its measurement. */
export const watches: WatchedObjects = Object.freeze<WatchedObjects>({
  type: JOBS,
  labelSelector: RUN_UID_LABEL,
  over(job) {
    const { annotations = {}, name } = job.metadata;
    const { [METRIC_ANNOTATIONS.run]: run, [METRIC_ANNOTATIONS.namespace]: namespace } =
      annotations;
    const metric = annotations[METRIC_ANNOTATIONS.metric];
    if (!run || !namespace || !metric || phaseOf(job) === undefined) return undefined;
    return { run, namespace, metric, metadata: { [NAME]: name } };
  },
});
