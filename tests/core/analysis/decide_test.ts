import assert from "node:assert/strict";
import type { AnalysisRun, AnalysisRunStatus, Measurement } from "../../../sdk/api/analysis.ts";
import { decideRun, dueTasks } from "../../../core/analysis/decide.ts";
import type { Answer } from "../../../core/engine/mod.ts";
import { metric } from "./run_world.ts";

const START_MS = Date.parse("2030-01-01T00:00:00Z");
const PENDING: Answer = { state: "pending" };

function at(seconds: number): string {
  return new Date(START_MS + seconds * 1000).toISOString().replace(".000Z", "Z");
}

function runOf(names: readonly string[], more: Partial<AnalysisRun> = {}): AnalysisRun {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: { name: "run", namespace: "shop", creationTimestamp: at(0) },
    spec: { metrics: names.map((name) => metric(name, { interval: "30s" })) },
    ...more,
  };
}

function answered(measurement: Measurement, askedAtSeconds = 0): Answer {
  const askedAtMs = START_MS + askedAtSeconds * 1000;
  return { state: "answered", value: { measurement }, askedAtMs };
}

function good(seconds: number): Measurement {
  return { phase: "Successful", startedAt: at(seconds), finishedAt: at(seconds) };
}

function decided(run: AnalysisRun, seconds: number, answers: Record<string, Answer>) {
  const nowMs = START_MS + seconds * 1000;
  const decision = decideRun({ run, nowMs, answers: new Map(Object.entries(answers)) });
  const wakeAtSeconds = decision.wakeAtMs === undefined
    ? undefined
    : (decision.wakeAtMs - START_MS) / 1000;
  return { ...decision, status: decision.status as AnalysisRunStatus | undefined, wakeAtSeconds };
}

function recordedOf(status: AnalysisRunStatus | undefined): string[] | undefined {
  return status?.metricResults?.map(({ name, count = 0 }) => `${name} ${count}`);
}

Deno.test("what is measured at one time is recorded together, but a second late at most", () => {
  const run = runOf(["a", "b"]);
  const answers = { "a/1": answered(good(0)), "b/1": PENDING };
  const early = decided(run, 0.5, answers);
  assert.deepEqual([early.status, early.wakeAtSeconds], [undefined, 1]);
  assert.deepEqual(recordedOf(decided(run, 1, answers).status), ["a 1"]);
  const both = decided(run, 0.5, { ...answers, "b/1": answered(good(0)) });
  assert.deepEqual(recordedOf(both.status), ["a 1", "b 1"]);
});

Deno.test("a new run says that it goes on once its first measurements take two seconds", () => {
  const run = runOf(["a"]);
  const early = decided(run, 1.9, { "a/1": PENDING });
  assert.deepEqual([early.status, early.wakeAtSeconds], [undefined, 2]);
  const late = decided(run, 2, { "a/1": PENDING });
  assert.deepEqual(late.status, {
    phase: "Running",
    startedAt: at(2),
    runSummary: { count: 1 },
    dryRunSummary: {},
  });
  assert.equal(late.wakeAtSeconds, undefined, "the answer wakes it");
  // With a clock of our own that is behind the cluster's.
  assert.equal(decided(run, -5, { "a/1": PENDING }).status?.phase, "Running");
  const started = { ...run, status: late.status as AnalysisRunStatus };
  assert.deepEqual(decided(started, 3, { "a/1": PENDING }).status, late.status, "nothing new");
});

Deno.test("a run that ends waits for the ends of its measurements", () => {
  const open: Measurement = { phase: "Running", startedAt: at(0), resumeAt: at(60) };
  const status: AnalysisRunStatus = {
    phase: "Running",
    startedAt: at(0),
    metricResults: [
      { name: "a", phase: "Failed", failed: 1, count: 1, measurements: [] },
      { name: "b", phase: "Running", measurements: [open] },
    ],
  };
  const run = runOf(["a", "b"], { status });
  assert.deepEqual(dueTasks({ run, nowMs: START_MS }).map(({ id }) => id), ["b/1/terminate"]);
  const waiting = decided(run, 1, { "b/1/terminate": PENDING });
  assert.deepEqual([waiting.status, waiting.wakeAtSeconds], [undefined, undefined]);
  const unasked = decided(run, 1, {});
  assert.deepEqual([unasked.status, unasked.wakeAtSeconds], [undefined, 1], "it is asked at once");
  const ended = decided(run, 2, {
    "b/1/terminate": answered({ ...good(1), phase: "Inconclusive" }),
  });
  assert.equal(ended.status?.phase, "Failed");
  // One that cannot be ended stays as it is, and its run is over all the same.
  const open2 = decided(run, 2, { "b/1/terminate": answered(open) });
  assert.equal(open2.status?.phase, "Failed");
  assert.equal(open2.status?.metricResults?.[1]?.phase, "Running");
});

Deno.test("each look at a measurement that goes on is another question", () => {
  const open: Measurement = { phase: "Running", startedAt: at(0), resumeAt: at(5) };
  const status: AnalysisRunStatus = {
    phase: "Running",
    startedAt: at(0),
    metricResults: [{ name: "a", phase: "Running", measurements: [open] }],
  };
  const run = runOf(["a"], { status });
  const [task] = dueTasks({ run, nowMs: START_MS + 5_000 });
  assert.equal(task?.id, `a/1/resume/${at(5)}`);
  // A Job that has just begun is to be looked at again "now", in whole seconds.
  const again = decided(run, 5, { [task?.id ?? ""]: answered({ ...open, resumeAt: at(5) }) });
  assert.equal(again.status?.metricResults?.[0]?.measurements?.[0]?.resumeAt, at(6));
  const [next] = dueTasks({
    run: { ...run, status: again.status ?? {} },
    nowMs: START_MS + 6_000,
  });
  assert.equal(next?.id, `a/1/resume/${at(6)}`);
});

Deno.test("a measurement that nobody answers is an error", () => {
  const reason = "no answer within 60000 ms";
  const failed: Answer = { state: "failed", reason, askedAtMs: START_MS };
  const { status } = decided(runOf(["a"]), 60, { "a/1": failed });
  assert.deepEqual(status?.metricResults, [{
    name: "a",
    phase: "Running",
    message: reason,
    error: 1,
    consecutiveError: 1,
    measurements: [{ phase: "Error", message: reason, startedAt: at(0), finishedAt: at(60) }],
  }]);
});

Deno.test("a task that is due and was not asked yet is asked at once", () => {
  const started: AnalysisRunStatus = { phase: "Running", startedAt: at(0) };
  const { wakeAtSeconds } = decided(runOf(["a"], { status: started }), 7, {});
  assert.equal(wakeAtSeconds, 7);
});

Deno.test("a pass over a run that Argo left does not change what Argo wrote", () => {
  const status = {
    phase: "Running",
    startedAt: at(0),
    runSummary: { count: 2 },
    dryRunSummary: {},
    metricResults: [
      {
        name: "b",
        phase: "Running",
        count: 1,
        successful: 1,
        consecutiveSuccess: 1,
        measurements: [good(0)],
      },
      {
        name: "a",
        phase: "Running",
        count: 1,
        failed: 0,
        successful: 1,
        consecutiveSuccess: 1,
        measurements: [good(0)],
      },
    ],
  } satisfies AnalysisRunStatus;
  const decision = decided(runOf(["a", "b"], { status }), 10, {});
  assert.deepEqual(decision.status, status);
  assert.equal(decision.wakeAtSeconds, 30);
});
