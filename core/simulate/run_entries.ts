/** The AnalysisRuns of a Rollout as the timeline tells of them. */
import type { AnalysisPhase, AnalysisRun, MetricResult } from "../../sdk/api/analysis.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { POD_TEMPLATE_HASH_LABEL, ROLLOUT_TYPE_LABEL } from "../api/names/names.ts";
import { ANALYSIS_RUNS } from "../api/names/resources.ts";
import { isCompleted } from "../analysis/mod.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";

/** How a run stood. */
export interface RunEntry {
  readonly name: string;
  /** `Step`, `Background`, `PrePromotion` or `PostPromotion`. */
  readonly type: string;
  /** Empty until it has one. */
  readonly phase: AnalysisPhase | "";
  /** Why, once it has ended badly. */
  readonly message: string;
  readonly metrics: readonly MetricEntry[];
}

/** How one metric of a run stood. */
export interface MetricEntry {
  readonly name: string;
  readonly phase: AnalysisPhase;
  /** It counts for nothing. */
  readonly dryRun: boolean;
  readonly successful: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly error: number;
  /** The newest measurement; null: there is none yet. */
  readonly last: MeasurementEntry | null;
}

/** What a measurement came to. */
export interface MeasurementEntry {
  readonly phase: AnalysisPhase;
  readonly value: string;
  readonly message: string;
}

/** The runs of a Rollout's newest revision. */
export function runEntries(cluster: EmbeddedCluster, rollout: Rollout): RunEntry[] {
  const { currentPodHash } = rollout.status ?? {};
  return (cluster.controlledBy(rollout.metadata.uid, ANALYSIS_RUNS) as AnalysisRun[])
    .filter(({ metadata }) => metadata.labels?.[POD_TEMPLATE_HASH_LABEL] === currentPodHash)
    .sort(byCreation)
    .map(({ metadata, status }) => ({
      name: metadata.name,
      type: metadata.labels?.[ROLLOUT_TYPE_LABEL] ?? "",
      phase: status?.phase ?? "",
      message: status?.message ?? "",
      metrics: (status?.metricResults ?? []).map(metricEntry),
    }));
}

/** What makes an entry of its own: a run that begins or ends, and what did not go well. */
export function newsOfRun({ name, phase, message, metrics }: RunEntry): unknown {
  const isOver = isCompleted(phase === "" ? undefined : phase);
  const counts = metrics.map((each) => [each.name, each.failed, each.inconclusive, each.error]);
  const bad = counts.filter(([, ...numbers]) => numbers.some((number) => number !== 0));
  return { name, end: isOver ? phase : "", message, bad };
}

function metricEntry({ measurements, ...result }: MetricResult): MetricEntry {
  const last = measurements?.at(-1);
  return {
    name: result.name,
    phase: result.phase,
    dryRun: result.dryRun ?? false,
    successful: result.successful ?? 0,
    failed: result.failed ?? 0,
    inconclusive: result.inconclusive ?? 0,
    error: result.error ?? 0,
    last: last === undefined
      ? null
      : { phase: last.phase, value: last.value ?? "", message: last.message ?? "" },
  };
}

function byCreation({ metadata: one }: AnalysisRun, { metadata: other }: AnalysisRun): number {
  const textOf = ({ creationTimestamp = "", name }: AnalysisRun["metadata"]) =>
    `${creationTimestamp} ${name}`;
  return textOf(one) < textOf(other) ? -1 : 1;
}
