/** One pass over an AnalysisRun: what was measured is recorded and assessed. Pure. */
import type { AnalysisRun, AnalysisRunStatus } from "../../sdk/api/analysis.ts";
import type { OverMeasurement } from "../../sdk/metric_provider.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { ANALYSIS_EVENT } from "../api/names/names.ts";
import { timeMs, timestamp } from "../api/values/time.ts";
import type { Answer, Answers, Decision } from "../engine/mod.ts";
import { assessRun } from "./assessment.ts";
import { decideEnd } from "./end.ts";
import { isCompleted } from "./phase.ts";
import { type Measured, recorded, trimmed, withoutPutOff } from "./record.ts";
import { type MetricFacts, readRun } from "./run_facts.ts";
import { isTerminating, nextTask, resultOf, type RunTime, type Task } from "./schedule.ts";

/** The snapshot of a pass. */
export interface RunWorld {
  readonly nowMs: number;
  readonly run: AnalysisRun;
  /** By the ids of the tasks. */
  readonly answers: Answers;
  /** Measurements of this run that are over, as objects of the cluster say; absent: none. */
  readonly over?: readonly OverMeasurement[];
}

/** What is measured together is recorded together, unless one is so much slower than another. */
const TOGETHER_MS = 1_000;

export function decideRun(world: RunWorld): Decision {
  const { nowMs, run } = world;
  if (isCompleted(run.status?.phase)) return decideEnd(run, nowMs);
  const facts = readRun(run);
  if (facts.error !== undefined) return refused(run, facts.error);
  const time = timeOf(world, facts.value);
  const tasks = tasksOf(run, facts.value, time);
  const waiting = tasks.filter(({ id }) => measuredOf(world, id) === undefined);
  const waitsFor = waiting.map(({ id }) => id).join(", ");
  const holdMs = waiting.length === 0 ? undefined : holdUntilMs(world, tasks, time);
  if (holdMs !== undefined && nowMs < holdMs) {
    const isAsked = waiting.every(({ id }) => world.answers.has(id));
    const wakeAtMs = isAsked ? holdMs : nowMs;
    const wake = wakeAtMs === Infinity ? {} : { wakeAtMs };
    return { effects: [], events: [], ...wake, why: `measuring ${waitsFor}` };
  }
  const { status, events } = nextStatus(world, { facts: facts.value, tasks, time });
  const why = whyOf(world, tasks, status);
  if (isCompleted(status.phase)) return { effects: [], status: { ...status }, events, why };
  const wakeAtMs = wakeOf({ ...world, run: { ...run, status } }, facts.value);
  return {
    effects: [],
    status: { ...status },
    events,
    ...(wakeAtMs === undefined ? {} : { wakeAtMs }),
    why,
  };
}

function whyOf(
  world: RunWorld,
  tasks: readonly Task[],
  { phase, message }: AnalysisRunStatus,
): string {
  const said = tasks.map(({ id }) => {
    const measured = measuredOf(world, id);
    return measured === undefined ? `measuring ${id}` : `${id} ${measured.measurement.phase}`;
  });
  return [...said, `run ${phase}${message === undefined ? "" : `: ${message}`}`].join(", ");
}

/** What a run is to have done now. */
export function dueTasks(seen: Omit<RunWorld, "answers">): readonly Task[] {
  const { run } = seen;
  if (isCompleted(run.status?.phase)) return [];
  const facts = readRun(run);
  return facts.error === undefined ? tasksOf(run, facts.value, timeOf(seen, facts.value)) : [];
}

function tasksOf(
  { status = {} }: AnalysisRun,
  facts: readonly MetricFacts[],
  time: RunTime,
): readonly Task[] {
  return facts.flatMap((metric) => {
    const next = nextTask(metric, resultOf(metric.name, status), time);
    return next !== undefined && "task" in next ? [next.task] : [];
  });
}

function timeOf(
  { run: { spec, status = {} }, nowMs, over = [] }: Omit<RunWorld, "answers">,
  facts: readonly MetricFacts[],
): RunTime {
  return {
    nowMs,
    startedAtMs: timeMs(status.startedAt),
    isTerminating: isTerminating(spec.terminate, facts, status),
    over,
  };
}

/** What a task came to; undefined: that is not known yet. */
function measuredOf({ answers, nowMs }: RunWorld, id: string): Measured | undefined {
  const answer: Answer | undefined = answers.get(id);
  if (answer?.state === "answered") return answer.value as Measured;
  if (answer?.state !== "failed") return undefined;
  // Nobody answered within the deadline.
  const { reason, askedAtMs } = answer;
  return {
    measurement: {
      phase: "Error",
      message: reason,
      startedAt: timestamp(askedAtMs),
      finishedAt: timestamp(nowMs),
    },
  };
}

/**
 * Until when nothing is recorded though some of it is known; undefined: record it. A run whose
 * measurements are yet to be ended is not over.
 */
function holdUntilMs(
  { run, answers }: RunWorld,
  tasks: readonly Task[],
  { nowMs, isTerminating }: RunTime,
): number | undefined {
  if (isTerminating) return Infinity;
  const asked = tasks.flatMap(({ id }) => {
    const answer = answers.get(id);
    return answer === undefined || answer.state === "pending" ? [] : [answer.askedAtMs];
  });
  if (asked.length > 0) return Math.min(...asked) + TOGETHER_MS;
  // A new run shows at once what its first measurements are, if they are quick.
  const createdMs = timeMs(run.metadata.creationTimestamp);
  const isNew = run.status?.startedAt === undefined && createdMs !== undefined;
  return isNew && nowMs >= createdMs ? createdMs + 2 * TOGETHER_MS : undefined;
}

function nextStatus(
  world: RunWorld,
  { facts, tasks, time }: {
    facts: readonly MetricFacts[];
    tasks: readonly Task[];
    time: RunTime;
  },
): { status: AnalysisRunStatus; events: readonly EventDraft[] } {
  const { run: { spec, status: before = {} }, nowMs } = world;
  const results = new Map((before.metricResults ?? []).map((result) => [result.name, result]));
  for (const task of tasks) {
    const { name } = task.metric;
    const measured = measuredOf(world, task.id);
    if (measured !== undefined) results.set(name, recorded(results.get(name), task, measured));
  }
  if (time.isTerminating) {
    for (const [name, result] of results) {
      const begun = withoutPutOff(result);
      if (begun === undefined) results.delete(name);
      else results.set(name, begun);
    }
  }
  const assessed = assessRun(facts, { metricResults: [...results.values()] }, {
    isTerminating: time.isTerminating,
    isTerminated: spec.terminate === true,
  });
  const { metricResults, phase, runSummary, dryRunSummary } = assessed;
  const kept = metricResults.map((result) => {
    const metric = facts.find(({ name }) => name === result.name);
    return metric === undefined ? result : trimmed(result, metric);
  });
  const events = [...assessed.events];
  const { message: _, metricResults: __, ...rest } = before;
  // The message changes with the phase alone.
  const message = phase === before.phase ? before.message : assessed.message;
  const status: AnalysisRunStatus = {
    ...rest,
    phase,
    ...(message === undefined || message === "" ? {} : { message }),
    ...(kept.length === 0 ? {} : { metricResults: kept }),
    runSummary,
    dryRunSummary,
    startedAt: before.startedAt ?? timestamp(nowMs),
  };
  if (isCompleted(phase)) {
    status.completedAt = timestamp(nowMs);
    events.push(ANALYSIS_EVENT.runCompleted(phase));
  }
  return { status, events };
}

/** When to look again though nothing changed: with the next task; at once if it is due already. */
function wakeOf(world: RunWorld, facts: readonly MetricFacts[]): number | undefined {
  const { run, nowMs, answers } = world;
  const time = timeOf(world, facts);
  const times = facts.flatMap((metric) => {
    const next = nextTask(metric, resultOf(metric.name, run.status ?? {}), time);
    if (next === undefined) return [];
    if ("atMs" in next) return [next.atMs];
    // One that is asked wakes the run with its answer.
    return answers.has(next.task.id) ? [] : [nowMs];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Argo leaves out when such a run ended. */
function refused({ status = {} }: AnalysisRun, message: string): Decision {
  return {
    effects: [],
    status: { ...status, phase: "Error", message },
    events: [ANALYSIS_EVENT.runCompleted("Error")],
    why: message,
  };
}
