import assert from "node:assert/strict";
import type { RolloutCondition, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { decideAfterFailure } from "../../../core/rollout/after_failure.ts";
import { decide } from "../../../core/rollout/decide.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { eventText } from "./verdict_text.ts";
import { condition, NOON, withStatus, worldOf } from "./world.ts";

const REFUSAL = new Error('admission webhook "pods" denied the request');
const REFUSED = `Warning ReconciliationError: Reconciliation failed with error: ${REFUSAL.message}`;
const STEPS = [{ setWeight: 20 }, { pause: {} }];

/** The status and the events after the nth write of a pass was refused. */
function refused(world: RolloutWorld, { nth = 0, isPassing = false } = {}) {
  const effect = decide(world).effects[nth];
  assert.ok(effect !== undefined, "the pass writes something");
  const failure = { effect, error: REFUSAL, isPassing };
  const { status, events } = decideAfterFailure(world, failure);
  assert.ok(status !== undefined);
  return { status: status as RolloutStatus, events: events.map(eventText) };
}

const found = (status: RolloutStatus, type: RolloutCondition["type"]) =>
  status.conditions?.find((one) => one.type === type);

const SETTLED = [
  condition("Healthy", { reason: "RolloutHealthy" }),
  condition("Completed", { reason: "RolloutCompleted" }),
  condition("Progressing", { reason: "NewReplicaSetAvailable", message: "all well" }),
];

/** A settled Rollout that is to be updated to `bbb`. */
const creating = worldOf({
  steps: STEPS,
  stable: { hash: "aaa", size: 5 },
  templateHash: "bbb",
  status: { currentPodHash: "aaa", currentStepIndex: 2, conditions: SETTLED },
});

/** A canary at its pause; a user may say something of it. */
function paused(status: RolloutStatus = {}): RolloutWorld {
  return worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
    status: {
      currentStepIndex: 1,
      controllerPause: true,
      pauseConditions: [{ reason: "CanaryPauseStep", startTime: "2026-03-01T11:00:00Z" }],
      phase: "Paused",
      message: "CanaryPauseStep",
      duration: {
        rolloutStartedAt: "2026-03-01T10:59:00Z",
        manualPauseStartedAt: "2026-03-01T11:00:00Z",
      },
      conditions: [
        condition("Completed", { status: "False", reason: "RolloutCompleted" }),
        condition("Paused", { reason: "RolloutPaused" }),
        condition("Progressing", { status: "Unknown", reason: "RolloutPaused" }),
      ],
      ...status,
    },
  });
}

Deno.test("a set that could not be created shows as phase, message, condition and Warning", () => {
  const message = `Failed to create new replica set "web-bbb": ${REFUSAL.message}`;
  const { status, events } = refused(creating);
  assert.deepEqual(events, [`Warning ReplicaSetCreateError: ${message}`]);
  assert.equal(status.phase, "Degraded");
  assert.equal(status.message, `ReplicaSetCreateError: ${message}`);
  assert.deepEqual(found(status, "Progressing"), {
    type: "Progressing",
    status: "False",
    reason: "ReplicaSetCreateError",
    message,
    lastUpdateTime: NOON,
    lastTransitionTime: NOON,
  });
  assert.equal(found(status, "Healthy")?.status, "False");
});

Deno.test("once the set is there, the update goes on as if nothing had been refused", () => {
  const { status } = refused(creating);
  const world = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    next: { hash: "bbb", size: 1, available: 0 },
    // Not the counts show it: the set has come back, and its pod was counted before.
    status: {
      ...status,
      currentPodHash: "bbb",
      currentStepIndex: 0,
      replicas: 6,
      updatedReplicas: 1,
    },
  });
  const after = decide(world).status as RolloutStatus;
  assert.equal(found(after, "Progressing")?.reason, "ReplicaSetUpdated");
  assert.equal(after.phase, "Progressing");
});

Deno.test("after a refusal nothing is claimed that did not come true", () => {
  const claims = (status: RolloutStatus) => {
    const { currentPodHash, currentStepIndex, currentStepHash, stableRS, pauseConditions } = status;
    const { controllerPause, promoteFull, blueGreen, canary } = status;
    const completed = found(status, "Completed");
    return {
      hashes: [currentPodHash, currentStepHash, stableRS],
      strategy: [canary ?? {}, blueGreen ?? {}],
      currentStepIndex,
      pauseConditions,
      controllerPause,
      promoteFull,
      completed,
    };
  };
  const worlds = {
    "a new set": creating,
    "a size": worldOf({
      steps: STEPS,
      stable: { hash: "aaa", size: 5 },
      next: { hash: "bbb", size: 0 },
    }),
    "the last step": worldOf({
      steps: [{ setWeight: 100 }],
      stable: { hash: "aaa", size: 1 },
      next: { hash: "bbb", size: 5 },
    }),
    "a deletion": worldOf({
      next: { hash: "bbb", size: 5, revision: 9 },
      past: [{ hash: "old", size: 0 }],
      spec: { revisionHistoryLimit: 0 },
    }),
    "a Service": worldOf({
      canary: { canaryService: "web-canary" },
      services: { "web-canary": { selects: "aaa" } },
      next: { hash: "bbb", size: 5 },
    }),
    "the number of the Rollout": worldOf({
      next: { hash: "bbb", size: 5 },
      annotations: { "rollout.argoproj.io/revision": "0" },
    }),
    "the preview of a blue-green": worldOf({
      blueGreen: { activeService: "active", previewService: "preview" },
      services: { active: { selects: "aaa" }, preview: { selects: "aaa" } },
      stable: { hash: "aaa", size: 5 },
      templateHash: "bbb",
      status: {
        currentPodHash: "aaa",
        conditions: SETTLED,
        blueGreen: { activeSelector: "aaa", previewSelector: "aaa" },
      },
    }),
  };
  for (const [name, world] of Object.entries(worlds)) {
    const { status, events } = refused(world);
    assert.deepEqual(claims(status), {
      ...claims(world.rollout.status ?? {}),
      ...(found(world.rollout.status ?? {}, "Completed") === undefined
        ? { completed: found(status, "Completed") }
        : {}),
    }, name);
    if (name !== "a new set" && !name.startsWith("the preview")) {
      assert.deepEqual(events, [REFUSED], name);
    }
    assert.notEqual(status.phase, "Healthy", name);
  }
});

Deno.test("a refusal while all is well otherwise leaves a Rollout healthy", () => {
  const { status } = refused(worldOf({
    next: { hash: "bbb", size: 5, revision: 9 },
    past: [{ hash: "old", size: 0 }],
    spec: { revisionHistoryLimit: 0 },
    status: { phase: "Healthy", conditions: SETTLED },
  }));
  assert.equal(status.phase, "Healthy");
});

Deno.test("all pods of an update are there, a Service cannot move: not Healthy, and it says why", () => {
  const { status } = refused(worldOf({
    canary: { canaryService: "web-canary" },
    services: { "web-canary": { selects: "aaa" } },
    next: { hash: "bbb", size: 5 },
    status: { phase: "Progressing", message: "more replicas need to be updated" },
  }));
  assert.equal(status.phase, "Progressing");
  assert.equal(status.message, `Reconciliation failed with error: ${REFUSAL.message}`);
});

Deno.test("an update that is refused says so, and is on its way when a write came at a bad moment", () => {
  const scaling = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    next: { hash: "bbb", size: 0 },
    status: { phase: "Progressing", message: "more replicas need to be updated" },
  });
  const { phase, message } = refused(scaling).status;
  assert.deepEqual(
    [phase, message],
    ["Progressing", `Reconciliation failed with error: ${REFUSAL.message}`],
  );
  const passing = refused(scaling, { isPassing: true }).status;
  assert.equal(passing.message, "more replicas need to be updated");
});

Deno.test("a refusal stays told while nothing shows that it is over", () => {
  const told = "Reconciliation failed with error: it may not be scaled";
  const scaling = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    next: { hash: "bbb", size: 0 },
    status: { phase: "Progressing", message: told },
  });
  assert.equal(refused(scaling, { isPassing: true }).status.message, told);
});

Deno.test("an abort that was seen is told though stable cannot grow", () => {
  const { status, events } = refused(paused({ abort: true }));
  const message = "Rollout aborted update to revision 2";
  assert.deepEqual(events, [REFUSED, `Warning RolloutAborted: ${message}`]);
  assert.equal(status.abort, true);
  assert.equal(status.abortedAt, NOON);
  assert.equal(status.phase, "Degraded");
  assert.equal(status.message, `RolloutAborted: ${message}`);
  assert.equal(found(status, "Progressing")?.reason, "RolloutAborted");
  assert.equal(status.pauseConditions, undefined);
  assert.equal(status.controllerPause, undefined);
  assert.equal(status.currentStepIndex, 0);
  assert.deepEqual(status.duration, {
    rolloutStartedAt: "2026-03-01T10:59:00Z",
    totalManualPauseDurationSeconds: 3600,
    finishedAt: NOON,
    completionStatus: "Aborted",
  });
  const again = refused(withStatus(paused(), status));
  assert.deepEqual(again.events, [REFUSED], "told once");
  assert.deepEqual(again.status, status);
});

Deno.test("an abort takes back a full promotion though the write that follows is refused", () => {
  const { status } = refused(paused({ abort: true, promoteFull: true }));
  assert.equal(status.promoteFull, undefined);
  assert.equal(status.abortedAt, NOON);
});

Deno.test("an abort of an update that could not even begin is told, and is about that update", () => {
  const { status: before } = refused(creating);
  const { status, events } = refused(withStatus(creating, { ...before, abort: true }));
  assert.ok(events.includes("Warning RolloutAborted: Rollout aborted update to revision 2"));
  assert.equal(status.phase, "Degraded");
  assert.match(status.message ?? "", /^RolloutAborted: /);
  assert.equal(status.abortedAt, NOON);
  assert.equal(status.currentPodHash, "bbb");
  assert.equal(status.stableRS, "aaa");
  assert.equal(status.currentStepIndex, 0);
  const again = refused(withStatus(creating, status));
  assert.deepEqual(again.status, status, "it stays aborted");
  assert.equal(decide(withStatus(creating, status)).status?.["abort"], true);
});

Deno.test("an abort that was taken back is told though nothing can be written", () => {
  const aborted = refused(paused({ abort: true })).status;
  const { abort: _, ...retried } = aborted;
  const shrunk = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    next: { hash: "bbb", size: 0 },
    status: retried,
  });
  const { status } = refused(shrunk);
  assert.equal(status.abortedAt, undefined);
  assert.equal(status.phase, "Progressing");
  assert.equal(found(status, "Progressing")?.reason, "RolloutRetry");
});

Deno.test("a deadline that passed is told, with what was refused", () => {
  const stuck = (lastUpdateTime: string) =>
    worldOf({
      spec: { progressDeadlineSeconds: 60 },
      stable: { hash: "aaa", size: 5 },
      next: { hash: "bbb", size: 0 },
      status: {
        phase: "Progressing",
        replicas: 5,
        readyReplicas: 5,
        availableReplicas: 5,
        conditions: [condition("Progressing", { reason: "ReplicaSetUpdated", lastUpdateTime })],
      },
    });
  assert.equal(refused(stuck("2026-03-01T11:59:00Z")).status.phase, "Progressing");
  const { status } = refused(stuck("2026-03-01T11:58:59Z"));
  assert.equal(status.phase, "Degraded");
  assert.equal(
    status.message,
    'ProgressDeadlineExceeded: ReplicaSet "web-bbb" has timed out progressing. ' +
      `A write was refused: ${REFUSAL.message}`,
  );
});

Deno.test("a deadline that aborts does so though the write before it is refused", () => {
  const { status, events } = refused(worldOf({
    spec: { progressDeadlineSeconds: 60, progressDeadlineAbort: true },
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, available: 0 },
    status: {
      replicas: 5,
      readyReplicas: 4,
      availableReplicas: 4,
      updatedReplicas: 1,
      conditions: [
        condition("Progressing", {
          reason: "ReplicaSetUpdated",
          lastUpdateTime: "2026-03-01T11:00:00Z",
        }),
      ],
    },
  }));
  assert.equal(status.abort, true);
  assert.equal(status.abortedAt, NOON);
  assert.equal(events.filter((text) => text.startsWith("Warning RolloutAborted")).length, 2);
});

Deno.test("the deadline of an update that cannot begin counts from its first try", () => {
  const world = worldOf({
    spec: { progressDeadlineSeconds: 60 },
    stable: { hash: "aaa", size: 5 },
    next: { hash: "bbb", size: 0, revision: 0 },
    status: { currentPodHash: "aaa", conditions: SETTLED },
  });
  const first = refused(world).status;
  assert.equal(first.phase, "Progressing");
  assert.equal(found(first, "Progressing")?.reason, "ReplicaSetUpdated");
  assert.equal(found(first, "Progressing")?.lastUpdateTime, NOON);
  const at = (now: string, status: RolloutStatus): RolloutWorld => ({
    ...withStatus(world, status),
    nowMs: Date.parse(now),
  });
  const second = refused(at("2026-03-01T12:00:30Z", first)).status;
  assert.deepEqual(second, first);
  const third = refused(at("2026-03-01T12:01:01Z", second)).status;
  assert.equal(third.phase, "Degraded");
  assert.match(third.message ?? "", /^ProgressDeadlineExceeded: /);
});

Deno.test("a pause that was over before the update could begin does not hide its deadline", () => {
  const world = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 4 },
    past: [{ hash: "bbb", size: 1 }],
    templateHash: "ccc",
    status: { ...paused().rollout.status, currentPodHash: "bbb" },
  });
  const { status } = refused(world, { isPassing: true });
  assert.equal(status.phase, "Progressing");
  assert.equal(found(status, "Progressing")?.reason, "ReplicaSetUpdated");
  assert.deepEqual(status.pauseConditions, world.rollout.status?.pauseConditions);
});

Deno.test("a race or a busy server is no news: only what holds all the same is told", () => {
  const creation = refused(creating, { isPassing: true });
  assert.deepEqual(creation.events, []);
  assert.notEqual(found(creation.status, "Progressing")?.reason, "ReplicaSetCreateError");
  const aborted = refused(paused({ abort: true }), { isPassing: true });
  assert.deepEqual(aborted.events, [
    "Warning RolloutAborted: Rollout aborted update to revision 2",
  ]);
  assert.equal(aborted.status.phase, "Degraded");
});

Deno.test("pods are told as they were counted", () => {
  const { status } = refused(worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5, available: 3 },
    next: { hash: "bbb", size: 0 },
  }));
  assert.equal(status.availableReplicas, 3);
  assert.equal(status.observedGeneration, "3");
});

Deno.test("how far an update had come stays told while that cannot be noted elsewhere", () => {
  const { status } = refused(worldOf({
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, available: 0 },
    status: {
      replicas: 5,
      readyReplicas: 5,
      availableReplicas: 5,
      updatedReplicas: 1,
      duration: { rolloutStartedAt: "2026-03-01T11:59:00Z" },
      conditions: [condition("Progressing", { reason: "ReplicaSetUpdated", lastUpdateTime: NOON })],
    },
  }));
  assert.equal(status.availableReplicas, 5);
});

Deno.test("the first event of a Rollout is told though its first write is refused", () => {
  const { rollout, ...rest } = creating;
  const { observedGeneration: _, ...status } = rollout.status ?? {};
  const { events } = refused({ ...rest, rollout: { ...rollout, status } });
  assert.equal(
    events[0],
    "Normal RolloutAddedToInformer: Rollout resource added to informer: shop/web",
  );
  assert.equal(events.length, 2);
});

Deno.test("a retry that could write nothing yet has left the failed run behind", () => {
  const world = worldOf({
    replicas: 2,
    blueGreen: { activeService: "web", prePromotionAnalysis: { templates: [] } },
    stable: { hash: "aaa", size: 2 },
    next: { hash: "bbb", size: 0 },
    services: { web: { selects: "aaa" } },
    status: {
      abortedAt: NOON,
      blueGreen: { prePromotionAnalysisRunStatus: { name: "web-bbb-2-pre", status: "Failed" } },
    },
  });
  const { status } = refused(world);
  assert.equal(status.abortedAt, undefined);
  assert.equal(status.blueGreen?.["prePromotionAnalysisRunStatus"], undefined);
});
