import { deadline } from "../../../../core/rollout/stages/deadline.ts";
import type { RolloutStatus } from "../../../../sdk/api/rollout.ts";
import { checkStage } from "../verdict_text.ts";
import { NOON, podOf, worldOf, type WorldShape } from "../world.ts";

const STUCK = 'ReplicaSet "web-bbb" has timed out progressing.';

/** Nothing came since so many seconds before noon. */
function progressing(secondsAgo: number, reason = "ReplicaSetUpdated"): RolloutStatus {
  const lastUpdateTime = new Date(Date.parse(NOON) - secondsAgo * 1000).toISOString()
    .replace(".000Z", "Z");
  const status = reason === "ProgressDeadlineExceeded" ? "False" : "True";
  return {
    conditions: [{
      type: "Progressing",
      status,
      reason,
      message: STUCK,
      lastUpdateTime,
      lastTransitionTime: lastUpdateTime,
    }],
    replicas: 5,
    updatedReplicas: 1,
    readyReplicas: 4,
    availableReplicas: 4,
    duration: { rolloutStartedAt: "2026-03-01T11:00:00Z" },
  };
}

function updating(secondsAgo: number, shape: WorldShape = {}) {
  return worldOf({
    steps: [{ setWeight: 20 }, { pause: {} }],
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, available: 0 },
    ...shape,
    status: { ...progressing(secondsAgo), ...shape.status },
    spec: { progressDeadlineAbort: true, ...shape.spec },
  });
}

const aborts = (message: string) => ({
  state: { abort: true, abortWhy: message },
  events: [`Warning RolloutAborted: ${message}`],
  then: "continue" as const,
  why: message,
});

Deno.test("deadline() aborts an update that is stuck, if that is asked for", () => {
  checkStage(deadline, [
    { name: "after ten minutes, by default", world: updating(601), verdict: aborts(STUCK) },
    {
      name: "and says what its pods say",
      world: updating(601, { pods: [podOf("bbb", "a", { isReady: false })] }),
      verdict: aborts(`${STUCK} 1 of 1 pod is not ready: NotReady`),
    },
    {
      name: "one that is stuck already, when it is asked for later",
      world: updating(9, { status: progressing(9, "ProgressDeadlineExceeded") }),
      verdict: aborts(STUCK),
    },
    {
      name: "one that is promoted in full: the later word counts, or the promotion would lift it",
      world: updating(601, { status: { promoteFull: true } }),
      verdict: {
        ...aborts(STUCK),
        state: { abort: true, abortWhy: STUCK, promoteFull: false },
      },
    },
    { name: "not before", world: updating(600), verdict: { then: "continue" } },
    {
      name: "not unless asked for",
      world: updating(601, { spec: { progressDeadlineAbort: false } }),
      verdict: { then: "continue" },
    },
    {
      name: "not in a pause",
      world: updating(601, { status: { currentStepIndex: 1 } }),
      verdict: { then: "continue" },
    },
    {
      name: "not when paused by people",
      world: updating(601, { spec: { paused: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "not when the pod has just come",
      world: updating(601, { next: { hash: "bbb", size: 1 } }),
      verdict: { then: "continue" },
    },
    {
      name: "not the only revision there is",
      world: updating(601, {
        stable: undefined as never,
        next: { hash: "bbb", size: 5, available: 1 },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "not twice",
      world: updating(601, { status: { abort: true } }),
      verdict: { then: "continue" },
    },
  ]);
});

Deno.test("deadline() notes how far an update had come when its pods are lost", () => {
  const had = { readyReplicas: 5, availableReplicas: 5 };
  const noted = "best-progress=2026-03-01T11:00:00Z/0/5/1/4 0";
  const why = "pods were lost: only more available pods than now count as progress";
  checkStage(deadline, [
    {
      name: "the canary's pod is not ready any more",
      world: updating(9, { status: had }),
      verdict: { effects: [`note web-bbb ${noted}`], then: "settle", why },
    },
    {
      name: "noted already",
      world: updating(9, {
        status: had,
        next: {
          hash: "bbb",
          size: 1,
          available: 0,
          annotations: { "sluice/best-progress": noted.slice("best-progress=".length) },
        },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "under spec.paused nothing is measured: nothing need move",
      world: updating(9, { status: had, spec: { paused: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "in a pause neither",
      world: updating(9, {
        status: {
          ...had,
          pauseConditions: [{ reason: "InconclusiveAnalysisRun", startTime: NOON }],
        },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "after the update, nothing is measured",
      world: updating(9, {
        status: { ...had, duration: { rolloutStartedAt: NOON, finishedAt: NOON } },
      }),
      verdict: { then: "continue" },
    },
  ]);
});
