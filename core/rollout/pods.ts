/** The pods of a Rollout. They are not cached: a pass lists them when it needs them. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { isControlledBy } from "../api/ownership.ts";
import { CONDITION_REASON } from "../api/names/condition_reason.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../api/names/defaults.ts";
import { hasPendingMetadata } from "./ephemeral_metadata.ts";
import type { ReplicaSet } from "./replica_set.ts";
import { timeMs } from "./time.ts";
import { unservedStepKind } from "./unserved.ts";

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

/** True when this pass has something to do with pods themselves. */
export function needsPods(
  rollout: Rollout,
  { sets, nowMs }: { sets: readonly ReplicaSet[]; nowMs: number },
): boolean {
  return isRestartDue(rollout, nowMs) || isDeadlineOver(rollout, nowMs) ||
    sets.some((set) => hasPendingMetadata(rollout, set));
}

/** True when the Rollout may be called stuck by this pass: its pods know why. */
function isDeadlineOver({ spec, status }: Rollout, nowMs: number): boolean {
  const present = status?.conditions?.find(({ type }) => type === "Progressing");
  const updatedMs = timeMs(present?.lastUpdateTime);
  const step = spec.strategy?.canary?.steps?.[status?.currentStepIndex ?? -1];
  const isWaiting = spec.paused === true || (status?.pauseConditions?.length ?? 0) > 0 ||
    present?.reason === CONDITION_REASON.rolloutPaused || unservedStepKind(step) !== undefined;
  const isSettled = present?.status === "False" || status?.phase === "Healthy";
  if (updatedMs === undefined || isWaiting || isSettled) return false;
  return nowMs >=
    updatedMs + (spec.progressDeadlineSeconds ?? PROGRESS_DEADLINE_DEFAULT_SECONDS) * 1000;
}

/** True from `spec.restartAt` on, until all older pods are gone. */
export function isRestartDue({ spec, status }: Rollout, nowMs: number): boolean {
  const atMs = timeMs(spec.restartAt);
  return atMs !== undefined && atMs <= nowMs && atMs !== timeMs(status?.restartedAt);
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
