/** `promote ROLLOUT [--full]` */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { Cluster } from "../ports/cluster.ts";
import { patchRollout, readRollout, type Target } from "./target.ts";

/** Ends a pause, or moves on to the next step; `isFull`: leaves out everything that remains. */
export async function promote(
  cluster: Cluster,
  target: Target,
  { isFull = false }: { isFull?: boolean } = {},
): Promise<string> {
  const rollout = await readRollout(cluster, target);
  const status = isFull ? fullPromotion(rollout) : nextPromotion(rollout);
  // First the status, then the spec: the controller must not run on before it knows how far.
  if (status !== undefined) {
    await patchRollout(cluster, target, { body: { status }, subresource: "status" });
  }
  if (rollout.spec.paused === true) {
    await patchRollout(cluster, target, { body: { spec: { paused: false } } });
  }
  return `rollout '${target.name}' ${isFull ? "fully promoted" : "promoted"}`;
}

function fullPromotion({ status = {} }: Rollout): Record<string, unknown> | undefined {
  return status.currentPodHash === status.stableRS ? undefined : { promoteFull: true };
}

function nextPromotion({ spec, status = {} }: Rollout): Record<string, unknown> | undefined {
  const steps = spec.strategy?.canary?.steps ?? [];
  const isPaused = (status.pauseConditions?.length ?? 0) > 0;
  const index = status.currentStepIndex ?? 0;
  const nextIndex = Math.min(index + 1, steps.length);
  if (isPaused && status.controllerPause === true && isInconclusive(status.canary)) {
    return { pauseConditions: null, controllerPause: false, currentStepIndex: nextIndex };
  }
  if (isPaused) return { pauseConditions: null };
  if (index < steps.length) return { pauseConditions: null, currentStepIndex: nextIndex };
  return undefined;
}

function isInconclusive(canary: Record<string, unknown> | undefined): boolean {
  const run = canary?.["currentStepAnalysisRunStatus"] as { status?: string } | undefined;
  return run?.status === "Inconclusive";
}
