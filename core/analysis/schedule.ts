/** When a metric is measured: arithmetic over what is recorded of it, and the time. */
import type { AnalysisRunStatus, Measurement, MetricResult } from "../../sdk/api/analysis.ts";
import type { OverMeasurement } from "../../sdk/metric_provider.ts";
import { timeMs } from "../api/values/time.ts";
import { isBad, isCompleted } from "./phase.ts";
import type { MetricFacts } from "./run_facts.ts";

/** After an error, and for a metric without an interval. */
const RETRY_MS = 10_000;
/** Times are recorded in whole seconds: a shorter interval would be none, and never rest. */
const SHORTEST_MS = 1_000;

/** What is to be done for a metric now. */
export interface Task {
  readonly call: "run" | "resume" | "terminate";
  /** Names it among all tasks of its run: the same as long as nothing more is recorded. */
  readonly id: string;
  readonly metric: MetricFacts;
  /** The number of the measurement, from 1. */
  readonly number: number;
  /** The measurement that goes on, or was put off. */
  readonly measurement?: Measurement;
  /** Of one that is said to be over: when to look again if it is not. */
  readonly againAtMs?: number;
}

/** The next thing to do for a metric: now, at a time, or none that the clock brings. */
export type NextTask = { readonly task: Task } | { readonly atMs: number } | undefined;

export interface RunTime {
  readonly nowMs: number;
  /** When the run began; undefined: just now. */
  readonly startedAtMs: number | undefined;
  readonly isTerminating: boolean;
  /** Measurements that are over, as objects of the cluster say. */
  readonly over: readonly OverMeasurement[];
}

/** True when nothing more is begun: somebody ended the run, or a metric that counts went wrong. */
export function isTerminating(
  terminate: boolean | undefined,
  metrics: readonly MetricFacts[],
  status: AnalysisRunStatus,
): boolean {
  return terminate === true ||
    metrics.some((metric) => !metric.isDry && isBad(resultOf(metric.name, status)?.phase));
}

/** What is recorded of a metric; undefined: nothing yet. */
export function resultOf(
  name: string,
  { metricResults }: AnalysisRunStatus,
): MetricResult | undefined {
  return metricResults?.find((result) => result.name === name);
}

/** The next thing to do for a metric. */
export function nextTask(
  metric: MetricFacts,
  result: MetricResult | undefined,
  time: RunTime,
): NextTask {
  if (isCompleted(result?.phase)) return undefined;
  const last = result?.measurements?.at(-1);
  const number = taken(result) + 1;
  if (last !== undefined && !isFinished(last)) {
    return unfinished({ metric, number, measurement: last }, time);
  }
  if (time.isTerminating || hasReachedCount(metric, result)) return undefined;
  const dueAtMs = last === undefined
    ? firstAtMs(metric, time)
    : (timeMs(last.finishedAt) ?? time.nowMs) + pauseMs(metric, last);
  if (time.nowMs < dueAtMs) return { atMs: dueAtMs };
  return { task: { call: "run", id: `${metric.name}/${number}`, metric, number } };
}

/** True when a measurement has an end, and is not just waiting for its turn or its source. */
export function isFinished({ phase, finishedAt }: Measurement): boolean {
  return isCompleted(phase) || finishedAt !== undefined;
}

/** A measurement that was put off: nothing of it has been measured. */
export function isPutOff(measurement: Measurement): boolean {
  return measurement.phase === "Pending" && !isFinished(measurement);
}

/** Measurements that are recorded as ended. */
export function taken(result: MetricResult | undefined): number {
  return (result?.count ?? 0) + (result?.error ?? 0);
}

/** True when the metric has had all its measurements; errors are none. */
export function hasReachedCount(
  { count }: MetricFacts,
  result: MetricResult | undefined,
): boolean {
  return count !== undefined && result !== undefined && (result.count ?? 0) >= count;
}

function unfinished(
  { metric, number, measurement }: {
    metric: MetricFacts;
    number: number;
    measurement: Measurement;
  },
  { nowMs, isTerminating, over }: RunTime,
): NextTask {
  const id = `${metric.name}/${number}`;
  const isUnbegun = isPutOff(measurement);
  if (isTerminating) {
    if (isUnbegun) return undefined;
    return { task: { call: "terminate", id: `${id}/terminate`, metric, number, measurement } };
  }
  const { resumeAt = "" } = measurement;
  const dueAtMs = timeMs(resumeAt) ?? nowMs;
  // What is due soon anyway is not looked at early: one that is wrong about its end is asked again
  // in a second, and not at once.
  const isOver = over.some((each) => isMeasurement(each, metric, measurement));
  const isEarly = isOver && dueAtMs > nowMs + 2 * SHORTEST_MS;
  if (nowMs < dueAtMs && !isEarly) return { atMs: dueAtMs };
  if (isUnbegun) {
    return {
      task: { call: "run", id: `${id}/again/${resumeAt}`, metric, number, measurement },
    };
  }
  const again = isOver ? { againAtMs: nowMs + SHORTEST_MS } : {};
  return {
    task: {
      call: "resume",
      id: `${id}/resume/${resumeAt}`,
      metric,
      number,
      measurement,
      ...again,
    },
  };
}

function isMeasurement(
  over: OverMeasurement,
  { name }: MetricFacts,
  { metadata = {} }: Measurement,
): boolean {
  return over.metric === name &&
    Object.entries(over.metadata).every(([field, value]) => metadata[field] === value);
}

function firstAtMs({ initialDelayMs }: MetricFacts, { nowMs, startedAtMs }: RunTime): number {
  if (initialDelayMs === undefined) return nowMs;
  return (startedAtMs ?? nowMs) + initialDelayMs;
}

function pauseMs({ intervalMs = RETRY_MS }: MetricFacts, last: Measurement): number {
  return last.phase === "Error" ? RETRY_MS : Math.max(intervalMs, SHORTEST_MS);
}
