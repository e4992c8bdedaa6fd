/** `promote ROLLOUT [--full | --skip-current-step | --skip-all-steps]` */
import type { Rollout, RolloutStatus } from "../../sdk/api/rollout.ts";
import type { Cluster } from "../ports/cluster.ts";
import { CommandRefused } from "./refusal.ts";
import { patchRollout, patchStatus, readRollout, type Target } from "./target.ts";

/** How far to promote; without any of these: out of the present pause or step. */
export interface PromoteOptions {
  /** Leaves out everything that remains: steps, pauses, analyses. */
  readonly isFull?: boolean;
  /** Goes on to the next step, and stays paused by hand if it is. Deprecated by Argo Rollouts. */
  readonly skipsCurrentStep?: boolean;
  /** Leaves out all steps that remain. Deprecated by Argo Rollouts. */
  readonly skipsAllSteps?: boolean;
}

/** What a promotion changes; absent: nothing there. */
interface Change {
  readonly status?: Record<string, unknown>;
  readonly spec?: Record<string, unknown>;
}

/** Ends a pause, or moves on to the next step. @throws {CommandRefused} */
export async function promote(
  cluster: Cluster,
  target: Target,
  options: PromoteOptions = {},
): Promise<string> {
  const { isFull = false, skipsCurrentStep = false, skipsAllSteps = false } = options;
  if (skipsCurrentStep && skipsAllSteps) {
    throw new CommandRefused(
      "Cannot use skip-current-step and skip-all-steps flags at the same time",
    );
  }
  const rollout = await readRollout(cluster, target);
  const isSkipping = skipsCurrentStep || skipsAllSteps;
  const { status, ...change } = isSkipping
    ? skipped(rollout, { isAll: skipsAllSteps })
    : promoted(rollout, { isFull });
  // First the status, then the spec: the controller must not run on before it knows how far.
  if (status !== undefined) await patchStatus(cluster, target, { status, ...change });
  else if (change.spec !== undefined) await patchRollout(cluster, target, change);
  const isFullySaid = isFull && !isSkipping;
  return `rollout '${target.name}' ${isFullySaid ? "fully promoted" : "promoted"}`;
}

function skipped({ spec, status }: Rollout, { isAll }: { isAll: boolean }): Change {
  if (spec.strategy?.blueGreen !== undefined) {
    throw new CommandRefused("Cannot skip steps of a bluegreen rollout. Run without a flags");
  }
  const count = stepsOf(spec).length;
  if (count === 0) throw new CommandRefused("Cannot skip steps of a rollout without steps");
  const next = Math.min((status?.currentStepIndex ?? 0) + 1, count);
  return { status: { currentStepIndex: isAll ? count : next } };
}

function promoted(rollout: Rollout, { isFull }: { isFull: boolean }): Change {
  const { spec, status = {} } = rollout;
  const change = isFull ? fullPromotion(status) : nextPromotion(rollout);
  return {
    ...(change === undefined ? {} : { status: change }),
    ...(spec.paused === true ? { spec: { paused: false } } : {}),
  };
}

function fullPromotion(status: RolloutStatus): Record<string, unknown> | undefined {
  return status.currentPodHash === status.stableRS ? undefined : { promoteFull: true };
}

function nextPromotion({ spec, status = {} }: Rollout): Record<string, unknown> | undefined {
  const count = stepsOf(spec).length;
  const isPaused = (status.pauseConditions?.length ?? 0) > 0;
  const index = status.currentStepIndex ?? 0;
  const nextIndex = Math.min(index + 1, count);
  if (isPaused && status.controllerPause === true && isInconclusive(status.canary)) {
    return { pauseConditions: null, controllerPause: false, currentStepIndex: nextIndex };
  }
  if (isPaused) return { pauseConditions: null };
  if (index < count) return { pauseConditions: null, currentStepIndex: nextIndex };
  return undefined;
}

function stepsOf({ strategy }: Rollout["spec"]): readonly unknown[] {
  return strategy?.canary?.steps ?? [];
}

function isInconclusive(canary: Record<string, unknown> | undefined): boolean {
  const run = canary?.["currentStepAnalysisRunStatus"] as { status?: string } | undefined;
  return run?.status === "Inconclusive";
}
