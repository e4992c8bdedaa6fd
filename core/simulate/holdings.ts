/** What a Rollout has in the simulated cluster: its sets, its workload, and the pods of both. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { EXPERIMENTS, PODS, REPLICA_SETS } from "../api/names/resources.ts";
import { workloadReference, workloadType } from "../api/validation/workload.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { availablePods, type ReplicaSet, wantedPods } from "../sets/mod.ts";

/** The Deployment or ReplicaSet that a Rollout takes over. */
export interface WorkloadHolding {
  readonly object: KubeObject;
  /** The sets that make its pods. */
  readonly sets: readonly ReplicaSet[];
}

/** What belongs to one Rollout. */
export interface Holdings {
  readonly sets: readonly ReplicaSet[];
  readonly workload: WorkloadHolding | undefined;
}

/** What belongs to a Rollout right now. */
export function holdingsOf(cluster: EmbeddedCluster, rollout: Rollout): Holdings {
  const sets = cluster.controlledBy(rollout.metadata.uid, REPLICA_SETS) as readonly ReplicaSet[];
  return { sets, workload: workloadOf(cluster, rollout) };
}

/** The sets of a Rollout's Experiments: their pods are its doing, and no part of it. */
export function experimentSetsOf(cluster: EmbeddedCluster, { metadata }: Rollout): ReplicaSet[] {
  const sets = cluster.controlledBy(metadata.uid, EXPERIMENTS)
    .flatMap((experiment) => cluster.controlledBy(experiment.metadata.uid, REPLICA_SETS));
  return sets as ReplicaSet[];
}

function workloadOf(cluster: EmbeddedCluster, rollout: Rollout): WorkloadHolding | undefined {
  const reference = workloadReference(rollout);
  const type = reference === undefined ? undefined : workloadType(reference);
  if (reference === undefined || type === undefined) return undefined;
  const { namespace = "" } = rollout.metadata;
  const object = cluster.object(type, { namespace, name: reference.name });
  if (object === undefined) return undefined;
  const sets = type === REPLICA_SETS
    ? [object]
    : cluster.controlledBy(object.metadata.uid, REPLICA_SETS);
  return { object, sets: sets as readonly ReplicaSet[] };
}

/** The sets of a Rollout and of its workload. */
export function allSets({ sets, workload }: Holdings): readonly ReplicaSet[] {
  return [...sets, ...workload?.sets ?? []];
}

/** The pods of sets, whatever their state. */
export function podsOf(cluster: EmbeddedCluster, sets: readonly ReplicaSet[]): KubeObject[] {
  return sets.flatMap(({ metadata }) => cluster.controlledBy(metadata.uid, PODS));
}

/** Available pods of sets. */
export function availableIn(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + availablePods(set), 0);
}

/** Pods that sets are to have. */
export function wantedIn(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + wantedPods(set), 0);
}
