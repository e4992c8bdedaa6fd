/** Which passes list pods: counts of their sets are not enough there. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { CONDITION_REASON } from "../api/names/condition_reason.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../api/names/defaults.ts";
import { timeMs } from "../api/values/time.ts";
import type { ReplicaSet } from "../sets/mod.ts";
import { isUnset } from "../../sdk/wire/json.ts";
import { hasAnalysis } from "./analysis/gates.ts";
import { hasPendingMetadata } from "./part_metadata.ts";
import { isPausedBySpec } from "./pause.ts";

/** True when this pass has to list pods. */
export function needsPods(
  rollout: Rollout,
  { sets, nowMs }: { sets: readonly ReplicaSet[]; nowMs: number },
): boolean {
  return isRestartDue(rollout, nowMs) || isDeadlineOver(rollout, nowMs) ||
    sets.some((set) => hasPendingMetadata(rollout, set));
}

/** True when this pass may report the Rollout as stuck: its pods say why. */
function isDeadlineOver(rollout: Rollout, nowMs: number): boolean {
  const { spec, status } = rollout;
  const present = status?.conditions?.find(({ type }) => type === "Progressing");
  const step = spec.strategy?.canary?.steps?.[status?.currentStepIndex ?? -1];
  const isWaiting = isPausedBySpec(rollout) || (status?.pauseConditions?.length ?? 0) > 0 ||
    present?.reason === CONDITION_REASON.rolloutPaused || hasAnalysis(step) ||
    !isUnset(step?.experiment) || !isUnset(step?.plugin);
  const isSettled = present?.status === "False" || status?.phase === "Healthy";
  if (isWaiting || isSettled) return false;
  const updatedMs = timeMs(present?.lastUpdateTime);
  return updatedMs !== undefined &&
    nowMs >= updatedMs + (spec.progressDeadlineSeconds ?? PROGRESS_DEADLINE_DEFAULT_SECONDS) * 1000;
}

/** True from `spec.restartAt` on, until all older pods are gone. */
export function isRestartDue({ spec, status }: Rollout, nowMs: number): boolean {
  const atMs = timeMs(spec.restartAt);
  return atMs !== undefined && atMs <= nowMs && atMs !== timeMs(status?.restartedAt);
}
