/** The pods of sets. They are not cached: a pass lists them when it needs them. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { isControlledBy } from "../api/ownership.ts";
import type { ReplicaSet } from "./replica_set.ts";

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  terminated?: { exitCode?: number; reason?: string; message?: string };
}

export interface Pod extends KubeObject {
  status?: {
    phase?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    initContainerStatuses?: { state?: ContainerState }[];
    containerStatuses?: { state?: ContainerState }[];
  };
}

/** The pods that a set controls, without those on their way out. */
export function livingPods(pods: readonly KubeObject[], set: ReplicaSet): Pod[] {
  return pods.filter((pod) =>
    pod.metadata.deletionTimestamp === undefined && isControlledBy(pod, set)
  ) as Pod[];
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;
}
