/**
 * Analysis as it stands in the API: field names and meanings are Argo Rollouts'.
 * Only what is read is typed; unknown fields stay in the object.
 */
import type { KubeObject } from "./object.ts";
import type { IntOrString } from "./rollout.ts";

/** How a run, one of its metrics or one measurement is doing. The last four are final. */
export type AnalysisPhase =
  | "Pending"
  | "Running"
  | "Successful"
  | "Failed"
  | "Error"
  | "Inconclusive";

/** What is measured, how often, and which results are good. */
export interface Metric {
  /** Unique in its run. */
  name: string;
  /** Time between measurements, as a Go duration (`30s`). */
  interval?: string;
  /** Time before the first measurement, as a Go duration. */
  initialDelay?: string;
  /** Measurements that are taken; 0 or absent: 1 without an interval, otherwise no end. */
  count?: IntOrString;
  /** A condition over `result`. */
  successCondition?: string;
  /** A condition over `result`; it counts before `successCondition`. */
  failureCondition?: string;
  /** Failed measurements that are still fine; default 0, -1: any number. */
  failureLimit?: IntOrString;
  /** Inconclusive measurements that are still fine; default 0. */
  inconclusiveLimit?: IntOrString;
  /** Errors in a row that are still fine; default 4. */
  consecutiveErrorLimit?: IntOrString;
  /** So many successful measurements in a row end the metric; default 0: not used. */
  consecutiveSuccessLimit?: IntOrString;
  /** Exactly one field: the provider's name, with its configuration. */
  provider?: Record<string, unknown>;
  [field: string]: unknown;
}

/** A value that metrics name as `{{args.name}}`. */
export interface AnalysisArgument {
  name: string;
  value?: string;
  valueFrom?: {
    secretKeyRef?: { name: string; key: string };
    fieldRef?: { fieldPath: string };
    [field: string]: unknown;
  };
}

/** Metrics that are measured and judged, and count for nothing. */
export interface DryRunRule {
  /** A regular expression; a metric is meant when it matches anywhere in its name. */
  metricName: string;
}

/** How many measurements of a metric stay in the status. */
export interface RetentionRule {
  /** A regular expression; a metric is meant when it matches anywhere in its name. */
  metricName: string;
  limit: number;
}

/** A template that another template, a Rollout or an Experiment names. */
export interface TemplateReference {
  templateName: string;
  /** True: a ClusterAnalysisTemplate; default false. */
  clusterScope?: boolean;
}

/** `spec` of an AnalysisTemplate and of a ClusterAnalysisTemplate. */
export interface AnalysisTemplateSpec {
  metrics?: Metric[];
  args?: AnalysisArgument[];
  dryRun?: DryRunRule[];
  measurementRetention?: RetentionRule[];
  templates?: TemplateReference[];
  [field: string]: unknown;
}

export interface AnalysisTemplate extends KubeObject {
  spec: AnalysisTemplateSpec;
}

export interface AnalysisRunSpec {
  metrics: Metric[];
  args?: AnalysisArgument[];
  dryRun?: DryRunRule[];
  measurementRetention?: RetentionRule[];
  /** True: no further measurement is begun, and the run ends. */
  terminate?: boolean;
  /** Times in seconds after the end of the run; it is deleted then. */
  ttlStrategy?: {
    secondsAfterCompletion?: number;
    secondsAfterFailure?: number;
    secondsAfterSuccess?: number;
  };
  [field: string]: unknown;
}

/** One measurement. Times are RFC 3339 in seconds. */
export interface Measurement {
  phase: AnalysisPhase;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
  /** The provider's value as text. */
  value?: string;
  metadata?: Record<string, string>;
  /** When the provider is to be asked again; only while it is not finished. */
  resumeAt?: string;
}

/** A metric's measurements and what they come to; a zero count is absent. */
export interface MetricResult {
  name: string;
  phase: AnalysisPhase;
  /** Oldest first. */
  measurements?: Measurement[];
  message?: string;
  /** Successful, failed and inconclusive measurements; errors do not count. */
  count?: number;
  successful?: number;
  failed?: number;
  inconclusive?: number;
  error?: number;
  consecutiveError?: number;
  consecutiveSuccess?: number;
  dryRun?: boolean;
  metadata?: Record<string, string>;
}

/** Metrics by their phase; a zero is absent. */
export interface RunSummary {
  count?: number;
  successful?: number;
  failed?: number;
  inconclusive?: number;
  error?: number;
}

export interface AnalysisRunStatus {
  phase?: AnalysisPhase;
  message?: string;
  metricResults?: MetricResult[];
  startedAt?: string;
  completedAt?: string;
  runSummary?: RunSummary;
  dryRunSummary?: RunSummary;
  [field: string]: unknown;
}

export interface AnalysisRun extends KubeObject {
  spec: AnalysisRunSpec;
  status?: AnalysisRunStatus;
}
