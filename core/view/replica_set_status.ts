/** The STATUS column of a ReplicaSet. */
import type { ReplicaSet } from "kubernetes-types/apps/v1.d.ts";
import type { KubeObject } from "../../sdk/api/object.ts";

/** How far a ReplicaSet is: being worked on, hindered, empty on purpose, or as wanted. */
export type ReplicaSetStatus = "Progressing" | "ReplicaFailure" | "ScaledDown" | "Healthy";

/** Status of a ReplicaSet; the first of the four that applies. */
export function replicaSetStatus(object: KubeObject): ReplicaSetStatus {
  const { metadata, spec, status } = object as ReplicaSet;
  const wanted = spec?.replicas ?? 1;
  const isStale = (status?.observedGeneration ?? 0) < (metadata?.generation ?? 0);
  if (isStale || (status?.availableReplicas ?? 0) < wanted) return "Progressing";
  const hasFailed = (status?.conditions ?? []).some((condition) =>
    condition.type === "ReplicaFailure" && condition.status === "True"
  );
  if (hasFailed) return "ReplicaFailure";
  return wanted === 0 ? "ScaledDown" : "Healthy";
}
