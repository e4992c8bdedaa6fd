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
  /** How many of the wanted pods are enough for a step, and for the end; default all. */
  replicaProgressThreshold?: { type?: "Percent" | "Pods"; value?: number };
  antiAffinity?: AntiAffinity;
  /** What pods of the newest revision carry until it is stable. */
  canaryMetadata?: PodMetadata;
  /** What pods of the stable revision carry. */
  stableMetadata?: PodMetadata;
  trafficRouting?: Record<string, unknown>;
  analysis?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface BlueGreenStrategy {
  /** Service that users reach. */
  activeService?: string;
  /** Service that selects the newest revision before users reach it. */
  previewService?: string;
  /** Pods of the newest revision until the active Service may move; default `spec.replicas`. */
  previewReplicaCount?: number;
  /** False: the active Service waits for a promotion; default true. */
  autoPromotionEnabled?: boolean;
  /** Seconds between the newest revision being available and its promotion; default 0. */
  autoPromotionSeconds?: number;
  /** Seconds that a set keeps its pods when another takes its place; default 30. */
  scaleDownDelaySeconds?: number;
  /** Sets that may be in their delay at a time, the newest first; default: all. */
  scaleDownDelayRevisionLimit?: number;
  /** Seconds that the newest set keeps its pods after an abort; default 30, 0: for ever. */
  abortScaleDownDelaySeconds?: number;
  /** Pods that a restart may take at a time; default 25%. */
  maxUnavailable?: IntOrString;
  /** Keeps the newest revision's pods away from the nodes of the stable ones. */
  antiAffinity?: AntiAffinity;
  /** What pods carry as long as their set is stable. */
  activeMetadata?: PodMetadata;
  /** What pods carry until their set becomes stable. */
  previewMetadata?: PodMetadata;
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
  /** A rollback over fewer than so many other revisions needs no steps. */
  rollbackWindow?: { revisions?: number };
  strategy?: { canary?: CanaryStrategy; blueGreen?: BlueGreenStrategy };
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

export interface BlueGreenStatus {
  /** Hash that the active Service selects. */
  activeSelector?: string;
  /** Hash that the preview Service selects. */
  previewSelector?: string;
  /** The newest revision was approved at `previewReplicaCount` and grows to its full size. */
  scaleUpPreviewCheckPoint?: boolean;
  [field: string]: unknown;
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
  blueGreen?: BlueGreenStatus;
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
