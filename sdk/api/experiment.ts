/**
 * Experiments as they stand in the API: field names and meanings are Argo Rollouts'.
 * Only what is read is typed; unknown fields stay in the object.
 */
import type { AnalysisArgument, AnalysisPhase, DryRunRule, RetentionRule } from "./analysis.ts";
import type { KubeObject } from "./object.ts";
import type { LabelSelector, PodMetadata, PodTemplate } from "./rollout.ts";

/** A set of pods that runs beside others. */
export interface ExperimentTemplate {
  /** Unique in its experiment. */
  name: string;
  /** Pods; default 1. */
  replicas?: number;
  /** How long a pod must be ready to count as available; default 0. */
  minReadySeconds?: number;
  selector: LabelSelector;
  template: PodTemplate;
  /** A Service for the pods, named like the ReplicaSet unless it says otherwise. */
  service?: { name?: string };
}

/** An analysis that runs once all pods are available. */
export interface ExperimentAnalysis {
  name: string;
  templateName: string;
  /** True: a ClusterAnalysisTemplate; default false. */
  clusterScope?: boolean;
  args?: AnalysisArgument[];
  /** True: the experiment ends once this and all others like it are successful. */
  requiredForCompletion?: boolean;
}

export interface ExperimentSpec {
  templates?: ExperimentTemplate[];
  /** How long the pods run once all are available, as a Go duration; absent: without end. */
  duration?: string;
  /** How long pods may take to become available; default 600. */
  progressDeadlineSeconds?: number;
  /** True: the experiment ends. */
  terminate?: boolean;
  analyses?: ExperimentAnalysis[];
  /** How long the pods stay after the end; default 30. */
  scaleDownDelaySeconds?: number;
  dryRun?: DryRunRule[];
  measurementRetention?: RetentionRule[];
  /** Labels and annotations of the runs. */
  analysisRunMetadata?: PodMetadata;
  [field: string]: unknown;
}

/** How a set of pods is doing. The last three are final. */
export type TemplatePhase = "Progressing" | "Running" | "Successful" | "Failed" | "Error";

export interface TemplateStatus {
  name: string;
  replicas: number;
  updatedReplicas: number;
  readyReplicas: number;
  availableReplicas: number;
  collisionCount?: number;
  status?: TemplatePhase;
  message?: string;
  /** Since when it has that status (RFC 3339). */
  lastTransitionTime?: string;
  /** The Service for the pods, while there is one. */
  serviceName?: string;
  /** The hash that the Service selects. */
  podTemplateHash?: string;
}

export interface ExperimentRunStatus {
  /** Name of the analysis. */
  name: string;
  /** Name of its run; empty when there is none. */
  analysisRun: string;
  phase: AnalysisPhase | "";
  message?: string;
}

export interface ExperimentCondition {
  type: "Progressing" | "InvalidSpec";
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

export interface ExperimentStatus {
  phase?: AnalysisPhase;
  message?: string;
  /** Since when all pods were available (RFC 3339). */
  availableAt?: string;
  conditions?: ExperimentCondition[];
  templateStatuses?: TemplateStatus[];
  analysisRuns?: ExperimentRunStatus[];
  [field: string]: unknown;
}

export interface Experiment extends KubeObject {
  spec: ExperimentSpec;
  status?: ExperimentStatus;
}
