/**
 * The Rollout as it stands in the API: field names and meanings are Argo Rollouts'.
 * Only what is read is typed; unknown fields stay in the object.
 */
import type { KubeObject } from "./object.ts";

/** A whole number, or a percentage such as `25%`; any string is read as a percentage. */
export type IntOrString = number | string;

/** A label selector of the API. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A pod template, open: only labels, annotations and containers' images are looked into. */
export interface PodTemplate {
  metadata?: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: { containers?: Container[]; initContainers?: Container[]; [field: string]: unknown };
}

export interface Container {
  name: string;
  image?: string;
  [field: string]: unknown;
}

/** One entry of `spec.strategy.canary.steps`; usually exactly one of the fields is set. */
export interface CanaryStep {
  /** Wanted share of the canary, 0 to the maximum weight (100). */
  setWeight?: number;
  /** Waits: `duration` in seconds or as a Go duration (`1h30m`); without it until promoted. */
  pause?: { duration?: IntOrString };
  experiment?: Record<string, unknown>;
  analysis?: Record<string, unknown>;
  setCanaryScale?: { weight?: number; replicas?: number; matchTrafficWeight?: boolean };
  setHeaderRoute?: Record<string, unknown>;
  setMirrorRoute?: Record<string, unknown>;
  plugin?: { name?: string; [field: string]: unknown };
}

/** Labels and annotations that a set's pods carry only while it plays a part. */
export interface PodMetadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Keeps pods of the new revision off the nodes of the stable one; exactly one is set. */
export interface AntiAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: { weight?: number };
  requiredDuringSchedulingIgnoredDuringExecution?: Record<string, unknown>;
}

export interface CanaryStrategy {
  /** Service that selects the newest revision. */
  canaryService?: string;
  /** Service that selects the stable revision. */
  stableService?: string;
  steps?: CanaryStep[];
  /** Pods above `spec.replicas` during an update; default 25%. */
  maxSurge?: IntOrString;
  /** Pods that may be missing during an update; default 25%. */
  maxUnavailable?: IntOrString;
  antiAffinity?: AntiAffinity;
  /** What pods of the newest revision carry until it is stable. */
  canaryMetadata?: PodMetadata;
  /** What pods of the stable revision carry. */
  stableMetadata?: PodMetadata;
  trafficRouting?: Record<string, unknown>;
  analysis?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface RolloutSpec {
  /** Wanted pods; default 1. */
  replicas?: number;
  selector?: LabelSelector;
  template?: PodTemplate;
  workloadRef?: { apiVersion?: string; kind?: string; name?: string; scaleDown?: string };
  /** Seconds that a pod must be Ready before it counts as available; default 0. */
  minReadySeconds?: number;
  /** Old ReplicaSets kept; default 10. */
  revisionHistoryLimit?: number;
  /** Seconds without progress after which the Rollout is Degraded; default 600. */
  progressDeadlineSeconds?: number;
  progressDeadlineAbort?: boolean;
  paused?: boolean;
  restartAt?: string;
  strategy?: { canary?: CanaryStrategy; blueGreen?: Record<string, unknown> };
  [field: string]: unknown;
}

export type ConditionType =
  | "Progressing"
  | "Available"
  | "Paused"
  | "Completed"
  | "Healthy"
  | "InvalidSpec"
  | "ReplicaFailure";

export interface RolloutCondition {
  type: ConditionType;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  /** RFC 3339, seconds: last refresh. */
  lastUpdateTime: string;
  /** RFC 3339, seconds: last change of `status`. */
  lastTransitionTime: string;
}

export type PauseReason =
  | "CanaryPauseStep"
  | "BlueGreenPause"
  | "InconclusiveAnalysisRun"
  | "InconclusiveExperiment";

export interface PauseCondition {
  reason: PauseReason;
  /** RFC 3339, seconds. */
  startTime: string;
}

export type RolloutPhase = "Healthy" | "Degraded" | "Progressing" | "Paused";

export type CompletionStatus =
  | "Promoted"
  | "FastPromoted"
  | "Aborted"
  | "RolledBack"
  | "FastRolledBack";

/** How long the present update has taken; times RFC 3339. */
export interface RolloutDuration {
  rolloutStartedAt?: string;
  manualPauseStartedAt?: string;
  totalManualPauseDurationSeconds?: number;
  finishedAt?: string;
  completionStatus?: CompletionStatus;
}

/** `status`; a zero count and a false flag are absent. */
export interface RolloutStatus {
  abort?: boolean;
  abortedAt?: string;
  pauseConditions?: PauseCondition[];
  /** True while a pause condition that the controller added is, or was until just now, there. */
  controllerPause?: boolean;
  currentPodHash?: string;
  currentStepHash?: string;
  /** Index of the step being carried out, from 0; the number of steps when all are done. */
  currentStepIndex?: number;
  collisionCount?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  HPAReplicas?: number;
  selector?: string;
  stableRS?: string;
  /** `metadata.generation` in decimal digits. */
  observedGeneration?: string;
  conditions?: RolloutCondition[];
  canary?: Record<string, unknown>;
  blueGreen?: Record<string, unknown>;
  promoteFull?: boolean;
  restartedAt?: string;
  phase?: RolloutPhase;
  message?: string;
  duration?: RolloutDuration;
  [field: string]: unknown;
}

export interface Rollout extends KubeObject {
  spec: RolloutSpec;
  status?: RolloutStatus;
}
