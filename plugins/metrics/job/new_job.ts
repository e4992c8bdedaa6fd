/** The Job of a measurement. */
import type { KubeObject, OwnerReference } from "../../../sdk/api/object.ts";
import type { MetricCall, MetricPorts } from "../../../sdk/metric_provider.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { JobConfig } from "./config.ts";
import { METRIC_ANNOTATIONS, RUN_UID_LABEL } from "./resources.ts";

const NAME_MAX = 63;

/** The namespace of the Jobs of a run. */
export function namespaceOf(run: { readonly namespace: string }, ports: MetricPorts): string {
  return ports.setting("ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE") || run.namespace;
}

export function newJob({ run, metric, number, config }: MetricCall<JobConfig>, ports: MetricPorts) {
  const namespace = namespaceOf(run, ports);
  const label = { [RUN_UID_LABEL]: run.uid };
  const template = fieldsOf(config.spec?.["template"]);
  const metadata = fieldsOf(template["metadata"]);
  const labels = { ...fieldsOf(metadata["labels"]), ...label };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: nameOf(run.uid, metric, number),
      namespace,
      labels: { ...config.metadata?.labels, ...label },
      annotations: {
        ...config.metadata?.annotations,
        [METRIC_ANNOTATIONS.run]: run.name,
        [METRIC_ANNOTATIONS.namespace]: run.namespace,
        [METRIC_ANNOTATIONS.metric]: metric,
      },
      ...ownersOf(run, { namespace, ports }),
    },
    spec: { ...config.spec, template: { ...template, metadata: { ...metadata, labels } } },
  } satisfies KubeObject;
}

function nameOf(uid: string, metric: string, number: number): string {
  const tooLong = Math.max(`${uid}.${metric}.${number}`.length - NAME_MAX, 0);
  // No part of a name may end in a dash or a dot.
  const short = tooLong === 0 ? metric : metric.slice(0, -tooLong).replace(/[-.]+$/, "");
  return `${uid}.${short}.${number}`;
}

/** Nothing can belong to an object of another namespace or cluster. */
function ownersOf(
  run: MetricCall["run"],
  { namespace, ports }: { readonly namespace: string; readonly ports: MetricPorts },
): { ownerReferences?: OwnerReference[] } {
  const kubeconfig = ports.setting("ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG") || "in-cluster";
  if (namespace !== run.namespace || kubeconfig !== "in-cluster") return {};
  return {
    ownerReferences: [{
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AnalysisRun",
      name: run.name,
      uid: run.uid,
      controller: true,
      blockOwnerDeletion: true,
    }],
  };
}
