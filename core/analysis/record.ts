/** What measurements add to the status of a run. */
import type { Measurement, MetricResult } from "../../sdk/api/analysis.ts";
import { timeMs, timestampRoundedUp } from "../api/values/time.ts";
import { isCompleted } from "./phase.ts";
import type { MetricFacts } from "./run_facts.ts";
import type { Task } from "./schedule.ts";

/** What a question for a measurement is answered with. */
export interface Measured {
  readonly measurement: Measurement;
  /** What is said once for the metric. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const TERMINATED = "Metric Terminated";
const SECOND_MS = 1_000;

/** The metric's result with what a task came to. */
export function recorded(
  before: MetricResult | undefined,
  task: Task,
  { measurement, metadata = {} }: Measured,
): MetricResult {
  const result: MetricResult = { ...(before ?? { name: task.metric.name, phase: "Pending" }) };
  // Said once; an empty one is as good as none.
  if (result.metadata === undefined && Object.keys(metadata).length > 0) {
    result.metadata = { ...metadata };
  }
  if (task.metric.isDry) result.dryRun = true;
  const earlier = (result.measurements ?? []).filter((each) => each !== openIn(result));
  const added = isCompleted(measurement.phase)
    ? ended(measurement, task)
    : later(measurement, openIn(result), task);
  result.measurements = [...earlier, added];
  return isCompleted(added.phase) ? counted(result, added) : result;
}

/** The result without what was put off and will not be begun any more; undefined: that is all. */
export function withoutPutOff(result: MetricResult): MetricResult | undefined {
  const open = openIn(result);
  if (open?.phase !== "Pending") return result;
  const measurements = result.measurements?.slice(0, -1) ?? [];
  return measurements.length === 0 ? undefined : { ...result, measurements };
}

/** The result with no more measurements than it keeps: the newest. */
export function trimmed(result: MetricResult, { kept }: MetricFacts): MetricResult {
  const { measurements = [] } = result;
  return measurements.length <= kept
    ? result
    : { ...result, measurements: measurements.slice(-kept) };
}

function openIn({ measurements }: MetricResult): Measurement | undefined {
  const last = measurements?.at(-1);
  return last === undefined || isCompleted(last.phase) ? undefined : last;
}

function ended(measurement: Measurement, { call }: Task): Measurement {
  const { resumeAt: _, ...rest } = measurement;
  const isSilenced = call === "terminate" &&
    (rest.phase === "Successful" || rest.phase === "Inconclusive");
  return isSilenced ? { ...rest, message: TERMINATED } : rest;
}

/**
 * One that goes on is looked at a second later at the earliest: the time to look again tells one
 * look from the next.
 */
function later(
  measurement: Measurement,
  open: Measurement | undefined,
  { againAtMs }: Task,
): Measurement {
  if (againAtMs !== undefined) {
    return { ...measurement, resumeAt: timestampRoundedUp(againAtMs) };
  }
  const askedMs = timeMs(measurement.resumeAt);
  const openMs = timeMs(open?.resumeAt);
  if (openMs === undefined || (askedMs !== undefined && askedMs > openMs)) return measurement;
  return { ...measurement, resumeAt: timestampRoundedUp(openMs + SECOND_MS) };
}

/** Errors are counted apart: they are no measurements. */
function counted(result: MetricResult, { phase }: Measurement): MetricResult {
  const { consecutiveError, consecutiveSuccess, ...rest } = result;
  if (phase === "Error") {
    return { ...rest, error: plusOne(result.error), consecutiveError: plusOne(consecutiveError) };
  }
  const own = phase === "Successful"
    ? "successful"
    : phase === "Failed"
    ? "failed"
    : "inconclusive";
  return {
    ...rest,
    count: plusOne(result.count),
    [own]: plusOne(result[own]),
    ...(phase === "Successful" ? { consecutiveSuccess: plusOne(consecutiveSuccess) } : {}),
  };
}

function plusOne(count: number | undefined): number {
  return (count ?? 0) + 1;
}
