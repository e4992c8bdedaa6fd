/** Runs that Argo Rollouts 1.10 left in the middle of their measurements. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import type { AnalysisRun, AnalysisRunStatus } from "../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { decideRun, dueTasks } from "../../../core/analysis/decide.ts";
import { timestamp } from "../../../core/api/values/time.ts";
import type { Answer } from "../../../core/engine/mod.ts";
import analysisRunning from "../../fixtures/dumps/analysis-running.yaml" with { type: "text" };
import experimentRunning from "../../fixtures/dumps/experiment-running.yaml" with { type: "text" };

function runIn(text: string): AnalysisRun {
  const { items } = parse(text) as { items: KubeObject[] };
  return items.find(({ kind }) => kind === "AnalysisRun") as AnalysisRun;
}

/** Lets the run go on as it would in the cluster; what it measures is always good. */
function finished(run: AnalysisRun, startMs: number) {
  const measuredAt: string[] = [];
  const events: string[] = [];
  let status = run.status as AnalysisRunStatus;
  let nowMs = startMs;
  for (let pass = 0; pass < 50; pass++) {
    const present = { ...run, status };
    const answers = new Map<string, Answer>(
      dueTasks({ run: present, nowMs }).map(({ id }) => {
        measuredAt.push(`${timestamp(nowMs).slice(11, 19)} ${id}`);
        const [startedAt, finishedAt] = [timestamp(nowMs), timestamp(nowMs)];
        const measurement = { phase: "Successful", value: "0.97", startedAt, finishedAt };
        return [id, { state: "answered", value: { measurement }, askedAtMs: nowMs }];
      }),
    );
    const decision = decideRun({ run: present, nowMs, answers });
    events.push(...decision.events.map(({ reason }) => reason));
    status = (decision.status ?? status) as AnalysisRunStatus;
    if (status.completedAt !== undefined) break;
    assert.ok(decision.wakeAtMs !== undefined && decision.wakeAtMs >= nowMs);
    nowMs = decision.wakeAtMs;
  }
  return { status, measuredAt, events };
}

Deno.test("a run that Argo left goes on with the measurement that is next, at its time", () => {
  const run = runIn(analysisRunning);
  const [first] = run.status?.metricResults?.[0]?.measurements ?? [];
  assert.equal(first?.finishedAt, "2026-11-23T01:20:12Z");
  const { status, measuredAt, events } = finished(run, Date.parse("2026-11-23T01:20:20Z"));
  assert.deepEqual(measuredAt, ["01:20:42 success-rate/2", "01:21:12 success-rate/3"]);
  const [{ measurements = [], metadata, ...counts } = { name: "", phase: "Pending" }] =
    status.metricResults ?? [];
  assert.deepEqual(measurements[0], first, "what is recorded stays as it is");
  assert.deepEqual(metadata, run.status?.metricResults?.[0]?.metadata);
  assert.deepEqual(counts, {
    name: "success-rate",
    phase: "Successful",
    count: 3,
    // Argo's own measurement was bad.
    failed: 1,
    successful: 2,
    consecutiveSuccess: 2,
  });
  assert.deepEqual([status.phase, status.startedAt, status.completedAt], [
    "Successful",
    run.status?.startedAt,
    "2026-11-23T01:21:12Z",
  ]);
  assert.deepEqual(events, ["MetricSuccessful", "AnalysisRunSuccessful"]);
});

Deno.test("a run is adopted without a write before something is measured", () => {
  for (const text of [analysisRunning, experimentRunning]) {
    const run = runIn(text);
    const last = run.status?.metricResults?.[0]?.measurements?.at(-1);
    const nowMs = Date.parse(last?.finishedAt ?? "") + 5_000;
    const decision = decideRun({ run, nowMs, answers: new Map() });
    assert.deepEqual(decision.status, run.status);
    assert.deepEqual([decision.effects, decision.events], [[], []]);
  }
});

Deno.test("after a long absence a run measures once, and not what it missed", () => {
  const { measuredAt, status } = finished(
    runIn(experimentRunning),
    Date.parse("2026-11-23T05:00:00Z"),
  );
  assert.deepEqual(measuredAt, [
    "05:00:00 stable-success-rate/3",
    "05:00:00 canary-success-rate/3",
  ]);
  assert.equal(status.phase, "Successful");
});
