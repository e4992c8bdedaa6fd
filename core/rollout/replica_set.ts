/** Reading ReplicaSets of a Rollout: sizes, revision, hash. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { LabelSelector, PodTemplate } from "../../sdk/api/rollout.ts";
import {
  DESIRED_REPLICAS_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
} from "../api/names.ts";

export interface ReplicaSetCondition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export interface ReplicaSet extends KubeObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    selector: LabelSelector;
    template: PodTemplate;
  };
  status?: {
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    observedGeneration?: number;
    conditions?: ReplicaSetCondition[];
  };
}

/** Pods wanted: `spec.replicas`. */
export function wantedPods(replicaSet: ReplicaSet | undefined): number {
  return replicaSet === undefined ? 0 : (replicaSet.spec.replicas ?? 1);
}

/** Pods there are, ready or not: `status.replicas`. */
export function presentPods(replicaSet: ReplicaSet | undefined): number {
  return replicaSet?.status?.replicas ?? 0;
}

export function readyPods(replicaSet: ReplicaSet | undefined): number {
  return replicaSet?.status?.readyReplicas ?? 0;
}

export function availablePods(replicaSet: ReplicaSet | undefined): number {
  return replicaSet?.status?.availableReplicas ?? 0;
}

/** The pod template hash that names the set; empty when its label is missing. */
export function hashOf(replicaSet: ReplicaSet): string {
  return replicaSet.metadata.labels?.[POD_TEMPLATE_HASH_LABEL] ?? "";
}

/** The revision a set carries; 0 when it has none that is a number. */
export function revisionOf(replicaSet: ReplicaSet): number {
  const revision = Number(replicaSet.metadata.annotations?.[REVISION_ANNOTATION] ?? "0");
  return Number.isInteger(revision) ? revision : 0;
}

/** The Rollout's `spec.replicas` when this set was last scaled; undefined when unknown. */
export function desiredWhenScaled(replicaSet: ReplicaSet): number | undefined {
  const text = replicaSet.metadata.annotations?.[DESIRED_REPLICAS_ANNOTATION];
  return text === undefined ? undefined : Number(text);
}
