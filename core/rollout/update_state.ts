/**
 * How far an update has come: the part of the status that stages decide. Here it is read from the
 * status and put into it again; what its fields mean stands in `abort.ts`, `pause.ts` and
 * `full_promotion.ts`.
 */
import type { PauseCondition, RolloutDuration, RolloutStatus } from "../../sdk/api/rollout.ts";
import { orAbsent } from "./status_fields.ts";

export interface Progress {
  readonly abort: boolean;
  readonly abortedAt: string | undefined;
  /** Why this pass aborts, for messages; empty when a user does. */
  readonly abortWhy: string;
  readonly promoteFull: boolean;
  readonly pauseConditions: readonly PauseCondition[];
  readonly controllerPause: boolean;
  /** Index of the current step; the number of steps when all are done, undefined without steps. */
  readonly stepIndex: number | undefined;
  readonly currentHash: string;
  readonly stepHash: string;
  readonly stableHash: string;
  readonly collisionCount: number | undefined;
  readonly duration: RolloutDuration;
  /** The `spec.restartAt` that has been seen to. */
  readonly restartedAt: string | undefined;
  /** What the active Service of a blue-green selects; empty: no set in particular. */
  readonly activeHash: string;
  /** What its preview Service selects. */
  readonly previewHash: string;
  /** The preview was approved at `previewReplicaCount`: it grows to its full size. */
  readonly scaleUpPreviewCheckPoint: boolean;
}

/** Nothing that a user or a pause left behind: so an update begins, and so it ends. */
export const CLEARED = Object.freeze({
  abort: false,
  abortedAt: undefined,
  promoteFull: false,
  pauseConditions: [],
  controllerPause: false,
});

/** As the status says it; which sets the Services select is not in there. */
export function progressIn(
  status: RolloutStatus,
): Omit<Progress, "activeHash" | "previewHash"> {
  return {
    abort: status.abort ?? false,
    abortedAt: status.abortedAt,
    abortWhy: "",
    promoteFull: status.promoteFull ?? false,
    pauseConditions: status.pauseConditions ?? [],
    controllerPause: status.controllerPause ?? false,
    stepIndex: status.currentStepIndex,
    currentHash: status.currentPodHash ?? "",
    stepHash: status.currentStepHash ?? "",
    stableHash: status.stableRS ?? "",
    collisionCount: status.collisionCount,
    duration: status.duration ?? {},
    restartedAt: status.restartedAt,
    scaleUpPreviewCheckPoint: status.blueGreen?.scaleUpPreviewCheckPoint ?? false,
  };
}

/** The fields of the status that say it; those that the API leaves out are undefined. */
export function statusFieldsOf(progress: Progress): RolloutStatusFields {
  return {
    abort: orAbsent(progress.abort),
    abortedAt: progress.abortedAt,
    promoteFull: orAbsent(progress.promoteFull),
    pauseConditions: orAbsent(progress.pauseConditions),
    controllerPause: orAbsent(progress.controllerPause),
    collisionCount: progress.collisionCount,
    currentPodHash: orAbsent(progress.currentHash),
    currentStepHash: orAbsent(progress.stepHash),
    currentStepIndex: progress.stepIndex,
    stableRS: orAbsent(progress.stableHash),
    duration: orAbsent(progress.duration),
    restartedAt: progress.restartedAt,
  };
}

type RolloutStatusFields = { readonly [Field in keyof RolloutStatus]?: unknown };
