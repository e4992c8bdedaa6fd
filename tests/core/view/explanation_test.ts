import assert from "node:assert/strict";
import { type ExplainedObjects, explanation } from "../../../core/view/mod.ts";
import type { Rollout, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { decide } from "../../../core/rollout/decide.ts";
import { condition, withStatus, worldOf } from "../rollout/world.ts";

const RUN = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AnalysisRun",
  metadata: { name: "web-1", creationTimestamp: "2030-01-01T00:01:00Z" },
  status: {
    phase: "Running",
    metricResults: [
      { name: "rate", phase: "Running", message: "0.9 is too low" },
      { name: "errors", phase: "Successful" },
    ],
  },
};

/** A Rollout whose pass decides nothing, with this status. */
function explained(status: RolloutStatus, more: Partial<ExplainedObjects> = {}) {
  const rollout: Rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      strategy: status.blueGreen === undefined
        ? { canary: { steps: [{ analysis: {} }] } }
        : { blueGreen: { activeService: "web" } },
    },
    status: { observedGeneration: "1", phase: "Progressing", currentStepIndex: 0, ...status },
  };
  const decision = { effects: [], events: [], why: "waiting for the analysis" };
  return explanation({
    rollout,
    pass: { world: {}, decision } as unknown as NonNullable<ExplainedObjects["pass"]>,
    areAllRead: true,
    replicaSets: [],
    pods: [],
    analysisRuns: [RUN],
    experiments: [],
    nowMs: 0,
    program: "sluice",
    options: "",
    ...more,
  });
}

Deno.test("an analysis that runs is named, with what its metrics came to", () => {
  const { waitsFor, on, since, advice } = explained({
    canary: { currentStepAnalysisRunStatus: { name: "web-1", status: "Running" } },
  });
  assert.equal(waitsFor, "waiting for the analysis");
  assert.deepEqual(on, ["AnalysisRun web-1: Running (rate Running: 0.9 is too low)"]);
  assert.equal(since, "2030-01-01T00:01:00Z");
  assert.deepEqual(advice, [
    "sluice promote web: go on without its result",
    "sluice abort web: go back to the stable revision",
  ]);
});

for (const field of ["prePromotionAnalysisRunStatus", "postPromotionAnalysisRunStatus"]) {
  Deno.test(`${field} that runs ends no sooner by a promotion that is not a full one`, () => {
    const { advice } = explained({ blueGreen: { [field]: { name: "web-1", status: "Running" } } });
    assert.equal(advice[0], "sluice promote web --full: go on without its result");
  });
}

Deno.test("a pause for an inconclusive analysis names it", () => {
  const { on, since, advice } = explained({
    phase: "Paused",
    pauseConditions: [{ reason: "InconclusiveAnalysisRun", startTime: "2030-01-01T00:02:00Z" }],
    canary: {
      currentStepAnalysisRunStatus: { name: "web-1", status: "Inconclusive", message: "who knows" },
    },
  });
  assert.equal(on[0], "AnalysisRun web-1: Inconclusive (who knows; rate Running: 0.9 is too low)");
  assert.equal(since, "2030-01-01T00:02:00Z");
  assert.match(advice[0] ?? "", /^sluice promote web: leave this step behind, and go on$/);
});

Deno.test("an experiment that runs is named; one that ended is not waited for", () => {
  const experiment = (phase: string) => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Experiment",
    metadata: { name: "web-2", creationTimestamp: "2030-01-01T00:03:00Z" },
    status: { phase, message: "pods are starting" },
  });
  const status = { canary: { currentExperiment: "web-2" } };
  const { on, since } = explained(status, { experiments: [experiment("Running")] });
  assert.deepEqual(on, ["Experiment web-2: Running (pods are starting)"]);
  assert.equal(since, "2030-01-01T00:03:00Z");
  assert.deepEqual(explained(status, { experiments: [experiment("Successful")] }).on, []);
});

Deno.test("a deadline that was put off says why", () => {
  const startMs = Date.parse("2026-03-01T12:00:00Z");
  const world = worldOf({
    now: "2026-03-01T12:03:21Z",
    steps: [{ setWeight: 20 }],
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, available: 0 },
    unseen: [{ fromMs: startMs + 105_000, toMs: startMs + 200_000 }],
    spec: { progressDeadlineSeconds: 120 },
    status: {
      replicas: 5,
      updatedReplicas: 1,
      readyReplicas: 4,
      availableReplicas: 4,
      conditions: [
        condition("Progressing", {
          reason: "ReplicaSetUpdated",
          message: "x",
          lastUpdateTime: "2026-03-01T12:00:00Z",
        }),
      ],
    },
  });
  const status = decide(world).status as RolloutStatus;
  const reported = withStatus(world, status);
  const { deadline } = explained(status, {
    rollout: reported.rollout,
    pass: { world: reported, decision: decide(reported) },
  });
  assert.deepEqual(deadline, {
    at: "2026-03-01T12:04:55Z",
    then: "Degraded",
    putOff: "The controller could not see the cluster from 2026-03-01T12:01:45Z to " +
      "2026-03-01T12:03:20Z: the progress deadline counts from 2026-03-01T12:02:54Z.",
  });
});
