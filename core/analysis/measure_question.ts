/** Questions for measurements: what a run's controller asks, and a provider answers. */
import type { AnalysisArgument, AnalysisRun, Measurement } from "../../sdk/api/analysis.ts";
import type { MetricProvider } from "../../sdk/metric_provider.ts";
import { type Fields, fieldsOf, isUnset } from "../../sdk/wire/json.ts";
import { timeMs } from "../api/values/time.ts";
import type { Inquiry, Question } from "../engine/mod.ts";
import { type NoDataPolicy, noDataPolicy } from "./no_data.ts";
import type { MetricFacts } from "./run_facts.ts";
import type { Task } from "./schedule.ts";

/** The kind of these questions. */
export const MEASURE = "measure";

// deno-lint-ignore no-explicit-any -- each provider knows its own configuration
export type Providers = readonly MetricProvider<any>[];

/** One call of a provider. */
export interface MeasureQuestion extends Question {
  readonly kind: typeof MEASURE;
  readonly call: Task["call"] | "collect";
  /** The same for every repetition of a measurement, and of no other. */
  readonly id: string;
  readonly run: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly startedAtMs?: number;
  };
  /** With the values of its arguments. */
  readonly metricName: string;
  /** As it stands in the spec: tags have no values yet. */
  readonly metric: Fields;
  /** As they stand in the spec: secrets by their names. */
  readonly args: readonly AnalysisArgument[];
  readonly number: number;
  readonly intervalMs?: number;
  readonly onNoData?: NoDataPolicy;
  /** The measurement that goes on. */
  readonly measurement?: Measurement;
  /** Of `collect`: so many measurements stay. */
  readonly limit?: number;
}

const CALL_MS = 60_000;
/** Ending a measurement holds up the end of its run. */
const TERMINATE_MS = 10_000;

/** Asks a provider to carry out a task. */
export function inquiryOf(run: AnalysisRun, task: Task, providers: Providers): Inquiry {
  const { metric, number, measurement, call } = task;
  const policy = noDataPolicy(run, metric.name);
  const question: MeasureQuestion = {
    ...base(run, { metric, number }),
    call,
    ...(metric.intervalMs === undefined ? {} : { intervalMs: metric.intervalMs }),
    ...(policy === undefined ? {} : { onNoData: policy }),
    ...(measurement === undefined ? {} : { measurement }),
  };
  const deadlineMs = call === "terminate" ? TERMINATE_MS : callMs(metric.metric, providers);
  return asked(task.id, question, deadlineMs);
}

/**
 * Asks providers to remove what measurements left behind that are not kept: after each measurement
 * beyond those.
 */
export function collections(
  run: AnalysisRun,
  metrics: readonly MetricFacts[],
  providers: Providers,
): Inquiry[] {
  return metrics.flatMap((metric) => {
    if (providerOf(metric.metric, providers)?.provider.collect === undefined) return [];
    const result = run.status?.metricResults?.find(({ name }) => name === metric.name);
    const number = (result?.count ?? 0) + (result?.error ?? 0);
    if (number <= metric.kept) return [];
    const question: MeasureQuestion = {
      ...base(run, { metric, number }),
      call: "collect",
      limit: metric.kept,
    };
    return [asked(`${metric.name}/${number}/collect`, question, CALL_MS)];
  });
}

/** The answer is good until it is recorded: then nobody asks any more. */
function asked(id: string, question: MeasureQuestion, deadlineMs: number): Inquiry {
  const version = `${question.id} ${id}`;
  return { id, question, version, deadlineMs, maxAgeMs: Number.MAX_SAFE_INTEGER };
}

function base(run: AnalysisRun, { metric, number }: { metric: MetricFacts; number: number }) {
  const { namespace = "", name, uid = "" } = run.metadata;
  const startedAtMs = timeMs(run.status?.startedAt);
  return {
    kind: MEASURE,
    id: `${uid}/${metric.name}/${number}`,
    run: { namespace, name, uid, ...(startedAtMs === undefined ? {} : { startedAtMs }) },
    metricName: metric.name,
    metric: metric.metric,
    args: run.spec.args ?? [],
    number,
  } as const;
}

function callMs(metric: Fields, providers: Providers): number {
  const found = providerOf(metric, providers);
  return found?.provider.deadlineMs?.(found.config) ?? CALL_MS;
}

/** The provider that a metric names, and its configuration; undefined: there is none. */
export function providerOf(
  metric: Fields,
  providers: Providers,
): { readonly provider: Providers[number]; readonly config: Fields } | undefined {
  const fields = fieldsOf(metric["provider"]);
  for (const provider of providers) {
    const { name } = provider;
    const configs = name.includes("/") ? fieldsOf(fields["plugin"]) : fields;
    const config = Object.hasOwn(configs, name) ? configs[name] : undefined;
    if (!isUnset(config)) return { provider, config: fieldsOf(config) };
  }
  return undefined;
}
