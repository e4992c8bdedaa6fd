/**
 * How far an update has come: the part of the status that stages decide. Here it is read from the
 * status and put into it again; what its fields mean stands in `abort.ts`, `pause.ts` and
 * `full_promotion.ts`.
 */
import type { PauseCondition, RolloutDuration, RolloutStatus } from "../../sdk/api/rollout.ts";
import { textOf } from "../../sdk/wire/json.ts";
import { recordsIn, type RunRecords } from "./analysis/runs.ts";
import { type TrafficWeights, weightsIn } from "./routed/weights.ts";
import { orAbsent } from "./status_fields.ts";
import { entriesIn, type StepEntry } from "./step_plugins/entries.ts";

export interface UpdateState {
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
  /** What routers were last made to do; undefined: nothing yet. */
  readonly weights: TrafficWeights | undefined;
  /** Which Service of a ping-pong is stable; undefined: nothing was promoted yet. */
  readonly stablePingPong: "ping" | "pong" | undefined;
  /** Name of the Experiment that the step is carried out with; empty: none. */
  readonly currentExperiment: string;
  /** What step plugins were asked to do in this update, and what they answered. */
  readonly stepEntries: readonly StepEntry[];
  /** The AnalysisRuns in charge; a blue-green keeps those of its last update. */
  readonly runs: RunRecords;
}

/** Without commands of users and without pauses: the state in which an update begins and ends. */
export const CLEARED = Object.freeze({
  abort: false,
  abortedAt: undefined,
  promoteFull: false,
  pauseConditions: [],
  controllerPause: false,
});

/** The state in a status, which does not say what the Services select. */
export function stateIn(
  status: RolloutStatus,
): Omit<UpdateState, "activeHash" | "previewHash"> {
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
    weights: weightsIn(status),
    stablePingPong: pingPongIn(status),
    currentExperiment: textOf(status.canary?.["currentExperiment"]),
    stepEntries: entriesIn(status),
    runs: recordsIn(status),
  };
}

function pingPongIn({ canary }: RolloutStatus): UpdateState["stablePingPong"] {
  const text = canary?.["stablePingPong"];
  return text === "ping" || text === "pong" ? text : undefined;
}

/** The fields of the status; those that the API leaves out are undefined. */
export function statusFieldsOf(state: UpdateState): RolloutStatusFields {
  return {
    abort: orAbsent(state.abort),
    abortedAt: state.abortedAt,
    promoteFull: orAbsent(state.promoteFull),
    pauseConditions: orAbsent(state.pauseConditions),
    controllerPause: orAbsent(state.controllerPause),
    collisionCount: state.collisionCount,
    currentPodHash: orAbsent(state.currentHash),
    currentStepHash: orAbsent(state.stepHash),
    currentStepIndex: state.stepIndex,
    stableRS: orAbsent(state.stableHash),
    duration: orAbsent(state.duration),
    restartedAt: state.restartedAt,
  };
}

type RolloutStatusFields = { readonly [Field in keyof RolloutStatus]?: unknown };
