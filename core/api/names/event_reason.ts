/** Reasons and messages of events, byte for byte Argo Rollouts' where Argo has them. */

/** Reasons of the events that a Rollout gets; `WARNING_REASONS` names the Warnings among them. */
export const EVENT_REASON = Object.freeze({
  rolloutAddedToInformer: "RolloutAddedToInformer",
  rolloutUpdated: "RolloutUpdated",
  newReplicaSetCreated: "NewReplicaSetCreated",
  replicaSetCreateError: "ReplicaSetCreateError",
  scalingReplicaSet: "ScalingReplicaSet",
  rolloutNotCompleted: "RolloutNotCompleted",
  rolloutCompleted: "RolloutCompleted",
  rolloutStepCompleted: "RolloutStepCompleted",
  rolloutPaused: "RolloutPaused",
  rolloutResumed: "RolloutResumed",
  rolloutAborted: "RolloutAborted",
  rolloutDeleted: "RolloutDeleted",
  skipSteps: "SkipSteps",
  switchService: "SwitchService",
  reconciliationError: "ReconciliationError",
  /** Argo leaves out what it cannot read without a word. */
  unreadableField: "UnreadableField",
  experimentCreated: "ExperimentCreated",
  trafficWeightUpdated: "TrafficWeightUpdated",
  trafficRoutingError: "TrafficRoutingError",
  stepPluginTransition: "StepPluginTransition",
  /** Argo scales the Deployment of a workloadRef without a word. */
  scalingDeployment: "ScalingDeployment",
});

/** Reasons whose events have the type Warning; all others are Normal. */
export const WARNING_REASONS: readonly string[] = Object.freeze([
  EVENT_REASON.replicaSetCreateError,
  EVENT_REASON.rolloutAborted,
  EVENT_REASON.reconciliationError,
  EVENT_REASON.unreadableField,
  EVENT_REASON.trafficRoutingError,
]);

/** One set's change of size, as an event tells it. */
export interface Scaling {
  replicaSet: string;
  revision: number;
  from: number;
  to: number;
}

/** The step of a plugin; `index` counts from 0. */
export interface PluginStep {
  index: number;
  name: string;
}

/** A change of an AnalysisRun's phase, as the Rollout's events tell it. */
export interface RunChange {
  type: "Step" | "Background" | "PrePromotion" | "PostPromotion";
  name: string;
  status: string;
  before: string | undefined;
}

const FAILED_ANALYSIS = Object.freeze({
  Step: "Step-based analysis",
  Background: "Background analysis",
  PrePromotion: "Blue/green pre-promotion analysis",
  PostPromotion: "Blue/green post-promotion analysis",
});

/** The messages of the events. */
export const EVENT_MESSAGE = Object.freeze({
  rolloutAddedToInformer: (namespace: string, name: string) =>
    `Rollout resource added to informer: ${namespace}/${name}`,
  rolloutUpdated: (revision: number | string) => `Rollout updated to revision ${revision}`,
  newReplicaSetCreated: (name: string, revision: number) =>
    `Created ReplicaSet ${name} (revision ${revision})`,
  replicaSetCreateError: (name: string, error: string) =>
    `Failed to create new replica set "${name}": ${error}`,
  reconciliationError: (error: string) => `Reconciliation failed with error: ${error}`,
  unreadableField: (problem: string) => `Left out of the pod template: ${problem}`,
  scalingReplicaSet: ({ replicaSet, revision, from, to }: Scaling) =>
    `Scaled ${to > from ? "up" : "down"} ReplicaSet ${replicaSet} (revision ${revision}) ` +
    `from ${from} to ${to}`,
  scalingDeployment: (name: string, from: number, to: number) =>
    `Scaled ${to > from ? "up" : "down"} Deployment ${name} from ${from} to ${to}`,
  rolloutNotCompleted: (revision: number, hash: string) =>
    `Rollout not completed, started update to revision ${revision} (${hash})`,
  rolloutCompleted: (revision: number, hash: string, why: string) =>
    `Rollout completed update to revision ${revision} (${hash}): ${why}`,
  /** `index` counts from 0; `text` is the step's own (`setWeight: 20`). */
  rolloutStepCompleted: (step: { index: number; count: number; text: string }) =>
    `Rollout step ${step.index + 1}/${step.count} completed (${step.text})`,
  rolloutPaused: (reason: string) => `Rollout is paused (${reason})`,
  rolloutResumed: "Rollout is resumed",
  /** `why` is empty when a user aborted. */
  rolloutAborted: (revision: number, why = "") =>
    `Rollout aborted update to revision ${revision}${why === "" ? "" : `: ${why}`}`,
  rolloutDeleted: (name: string, namespace: string) => `Rollout ${name}/${namespace} is deleted.`,
  /** `before` is undefined for a run that the status did not record. */
  analysisRun: ({ type, name, status, before }: RunChange) =>
    `${type} Analysis Run '${name}' Status New: '${status}' ` +
    `Previous: '${before ?? "NoPreviousStatus"}'`,
  /** Why an update is aborted; `message` is the run's own, if it has one. */
  analysisFailed: (type: RunChange["type"], message = "") =>
    `${FAILED_ANALYSIS[type]} phase error/failed${message === "" ? "" : `: ${message}`}`,
  experimentFailed: (message: string) =>
    `Experiment analysis phase is error/failed${message === "" ? "" : `: ${message}`}`,
  stepPluginTransition: ({ index, name }: PluginStep, phase: string) =>
    `Step plugin ${name} (step ${index + 1}) transitioned to ${phase}`,
  stepPluginEnded: (
    { index, name }: PluginStep,
    how: "aborted" | "terminated",
    phase: string,
  ) => `Step plugin ${name} (step ${index + 1}) ${how} (${phase})`,
  /** Why an update is aborted. */
  stepPluginFailed: (index: number, name: string, message: string) =>
    `Step Plugin ${index + 1} (${name}) failed: ${message}`,
  stepPluginUnknown: (name: string) => `plugin ${name} not configured in configmap`,
  experimentCreated: (name: string) => `Created Experiment '${name}'`,
  skipStepsToStable: "Rollback to stable ReplicaSets",
  skipStepsWithinWindow: "Rollback to active ReplicaSets within RollbackWindow",
  /** `from` is empty when the Service selected no revision before. */
  switchService: (switched: { service: string; from: string; to: string }) =>
    `Switched selector for service '${switched.service}' ` +
    `from '${switched.from}' to '${switched.to}'`,
});

/** Why an update counts as complete: the last part of `RolloutCompleted`. */
export const COMPLETION_REASON = Object.freeze({
  initialDeploy: "Initial deploy",
  fullPromotion: "Full promotion requested",
  rollbackWithinWindow: "Rollback within window",
  fastRollback: "Fast rollback",
  allSteps: (count: number) => `Completed all ${count} canary steps`,
  blueGreen: "Completed blue-green update",
});
