/** Reading ReplicaSets: sizes, revision, hash, notes. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { LabelSelector, PodTemplate } from "../../sdk/api/rollout.ts";
import {
  DESIRED_REPLICAS_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
  SCALE_DOWN_DEADLINE_ANNOTATION,
} from "../api/names/names.ts";

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

/** Pods that Services lead to: ready ones, though not for `minReadySeconds` yet. */
export function servingPods(replicaSet: ReplicaSet | undefined): number {
  return Math.max(readyPods(replicaSet), availablePods(replicaSet));
}

/** What keeps the set from making its pods; undefined: nothing does. */
export function replicaFailureOf(
  replicaSet: ReplicaSet | undefined,
): ReplicaSetCondition | undefined {
  return replicaSet?.status?.conditions?.find(({ type }) => type === "ReplicaFailure");
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

/** False for a revision that is no number: somebody else wrote it, and it is left alone. */
export function hasReadableRevision(replicaSet: ReplicaSet): boolean {
  return Number.isInteger(Number(replicaSet.metadata.annotations?.[REVISION_ANNOTATION] ?? "0"));
}

/** The Rollout's `spec.replicas` when this set was last scaled; undefined when unknown. */
export function desiredWhenScaled(replicaSet: ReplicaSet): number | undefined {
  const text = replicaSet.metadata.annotations?.[DESIRED_REPLICAS_ANNOTATION];
  return text === undefined ? undefined : Number(text);
}

/** When the set is to give its pods up (RFC 3339); undefined: never. */
export function scaleDownDeadline(replicaSet: ReplicaSet): string | undefined {
  return replicaSet.metadata.annotations?.[SCALE_DOWN_DEADLINE_ANNOTATION];
}

/** True when the set has `replicas` pods, noted as such, and all are available. */
export function isSaturated(replicaSet: ReplicaSet | undefined, replicas: number): boolean {
  if (replicaSet === undefined) return false;
  // A set without pods keeps an old note.
  const isTold = replicas === 0 || desiredWhenScaled(replicaSet) === replicas;
  return isTold && wantedPods(replicaSet) === replicas && availablePods(replicaSet) === replicas;
}
