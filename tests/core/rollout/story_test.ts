import assert from "node:assert/strict";
import type { CanaryStep } from "../../../sdk/api/rollout.ts";
import { decide, type RolloutWorld } from "../../../core/rollout/mod.ts";
import { edited, runUntilSettled } from "./cluster_model.ts";
import { worldOf } from "./world.ts";

const STEPS: CanaryStep[] = [
  { setWeight: 20 },
  { pause: {} },
  { setWeight: 40 },
  { pause: { duration: 30 } },
  { setWeight: 100 },
];

function fresh(): RolloutWorld {
  return worldOf({
    steps: STEPS,
    canary: { canaryService: "web-canary", stableService: "web-stable" },
    services: { "web-canary": { isManaged: false }, "web-stable": { isManaged: false } },
    templateHash: "aaa",
    generation: 1,
    status: { observedGeneration: "0", stableRS: "", currentPodHash: "", currentStepHash: "" },
  });
}

/** The events of a world until it rests. */
function told(start: RolloutWorld): { events: string[]; world: RolloutWorld } {
  const { passes, world } = runUntilSettled(start);
  return { events: passes.flatMap((pass) => pass.events), world };
}

const promoted = (world: RolloutWorld) => edited(world, { status: { pauseConditions: undefined } });
const seconds = (world: RolloutWorld, count: number) => ({
  ...world,
  nowMs: world.nowMs + count * 1000,
});

const INTO_PAUSE = (hash: string, from: string) => [
  `SwitchService: Switched selector for service 'web-canary' from '${from}' to '${hash}'`,
  "RolloutStepCompleted: Rollout step 1/5 completed (setWeight: 20)",
  "RolloutPaused: Rollout is paused (CanaryPauseStep)",
];

Deno.test("a first deployment tells its story in order", () => {
  assert.deepEqual(told(fresh()).events, [
    "RolloutUpdated: Rollout updated to revision 1",
    "NewReplicaSetCreated: Created ReplicaSet web-aaa (revision 1)",
    "RolloutNotCompleted: Rollout not completed, started update to revision 1 (aaa)",
    "ScalingReplicaSet: Scaled up ReplicaSet web-aaa (revision 1) from 0 to 5",
    "RolloutCompleted: Rollout completed update to revision 1 (aaa): Initial deploy",
    "SwitchService: Switched selector for service 'web-stable' from '' to 'aaa'",
    "SwitchService: Switched selector for service 'web-canary' from '' to 'aaa'",
  ]);
});

Deno.test("an update tells its story in order, from its start to its end", () => {
  const started = told(edited(told(fresh()).world, { templateHash: "bbb" }));
  assert.deepEqual(started.events, [
    "RolloutUpdated: Rollout updated to revision 2",
    "NewReplicaSetCreated: Created ReplicaSet web-bbb (revision 2)",
    "RolloutNotCompleted: Rollout not completed, started update to revision 2 (bbb)",
    "ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 2) from 0 to 1",
    "ScalingReplicaSet: Scaled down ReplicaSet web-aaa (revision 1) from 5 to 4",
    ...INTO_PAUSE("bbb", "aaa"),
  ]);
  const second = told(promoted(started.world));
  assert.deepEqual(second.events, [
    "RolloutStepCompleted: Rollout step 2/5 completed (pause)",
    "ScalingReplicaSet: Scaled down ReplicaSet web-aaa (revision 1) from 4 to 3",
    "ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 2) from 1 to 2",
    "RolloutStepCompleted: Rollout step 3/5 completed (setWeight: 40)",
    "RolloutPaused: Rollout is paused (CanaryPauseStep)",
  ]);
  const last = told(seconds(second.world, 31));
  assert.deepEqual(last.events, [
    "RolloutStepCompleted: Rollout step 4/5 completed (pause: 30)",
    "RolloutResumed: Rollout is resumed",
    "ScalingReplicaSet: Scaled down ReplicaSet web-aaa (revision 1) from 3 to 2",
    "ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 2) from 2 to 5",
    "SwitchService: Switched selector for service 'web-stable' from 'aaa' to 'bbb'",
    "ScalingReplicaSet: Scaled down ReplicaSet web-aaa (revision 1) from 2 to 1",
    "ScalingReplicaSet: Scaled down ReplicaSet web-aaa (revision 1) from 1 to 0",
    "RolloutStepCompleted: Rollout step 5/5 completed (setWeight: 100)",
    "RolloutCompleted: Rollout completed update to revision 2 (bbb): Completed all 5 canary steps",
  ]);
  assert.equal(last.world.rollout.status?.duration?.completionStatus, "Promoted");
});

Deno.test("another template in a pause resumes, an older one comes back under a new number", () => {
  const atPause = told(edited(told(fresh()).world, { templateHash: "bbb" })).world;
  const third = told(edited(atPause, { templateHash: "ccc" }));
  assert.deepEqual(third.events, [
    "RolloutUpdated: Rollout updated to revision 3",
    "NewReplicaSetCreated: Created ReplicaSet web-ccc (revision 3)",
    "RolloutResumed: Rollout is resumed",
    "ScalingReplicaSet: Scaled up ReplicaSet web-ccc (revision 3) from 0 to 1",
    "ScalingReplicaSet: Scaled down ReplicaSet web-bbb (revision 2) from 1 to 0",
    ...INTO_PAUSE("ccc", "bbb"),
  ]);
  const undone = told(edited(third.world, { templateHash: "bbb" }));
  assert.deepEqual(undone.events, [
    "RolloutUpdated: Rollout updated to revision 4",
    "RolloutResumed: Rollout is resumed",
    "ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 4) from 0 to 1",
    "ScalingReplicaSet: Scaled down ReplicaSet web-ccc (revision 3) from 1 to 0",
    ...INTO_PAUSE("bbb", "ccc"),
  ]);
});

Deno.test("an abort is told after stable got its pods back, and a retry starts over", () => {
  const atPause = told(edited(told(fresh()).world, { templateHash: "bbb" })).world;
  const aborted = told(edited(atPause, { status: { abort: true } }));
  assert.deepEqual(aborted.events, [
    "SwitchService: Switched selector for service 'web-canary' from 'bbb' to 'aaa'",
    "ScalingReplicaSet: Scaled up ReplicaSet web-aaa (revision 1) from 4 to 5",
    "RolloutAborted: Rollout aborted update to revision 2",
    "ScalingReplicaSet: Scaled down ReplicaSet web-bbb (revision 2) from 1 to 0",
  ]);
  const retried = told(seconds(edited(aborted.world, { status: { abort: false } }), 60));
  assert.deepEqual(retried.events, [
    "ScalingReplicaSet: Scaled down ReplicaSet web-aaa (revision 1) from 5 to 4",
    "ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 2) from 0 to 1",
    ...INTO_PAUSE("bbb", "aaa"),
  ]);
  assert.deepEqual(retried.world.rollout.status?.duration, {
    rolloutStartedAt: "2026-03-01T12:01:00Z",
    manualPauseStartedAt: "2026-03-01T12:01:00Z",
  });
});

Deno.test("an abort that has no pod to give back takes the canary's first, and is told after", () => {
  const alone = told(edited(fresh(), { spec: { replicas: 1 } })).world;
  const atPause = told(edited(alone, { templateHash: "bbb" })).world;
  const aborted = told(edited(atPause, { status: { abort: true } }));
  assert.deepEqual(aborted.events, [
    "SwitchService: Switched selector for service 'web-canary' from 'bbb' to 'aaa'",
    "ScalingReplicaSet: Scaled down ReplicaSet web-bbb (revision 2) from 1 to 0",
    "RolloutAborted: Rollout aborted update to revision 2",
  ]);
});

Deno.test("going back to the stable template lifts the abort and skips the steps", () => {
  const atPause = told(edited(told(fresh()).world, { templateHash: "bbb" })).world;
  const aborted = told(edited(atPause, { status: { abort: true } })).world;
  const back = told(edited(aborted, { templateHash: "aaa" }));
  assert.deepEqual(back.events, [
    "RolloutUpdated: Rollout updated to revision 3",
    "SkipSteps: Rollback to stable ReplicaSets",
  ]);
  assert.equal(back.world.rollout.status?.phase, "Healthy");
  assert.equal(back.world.rollout.status?.abort, undefined);
});

Deno.test("a full promotion in a pause goes to the end without further steps", () => {
  const atPause = told(edited(told(fresh()).world, { templateHash: "bbb" })).world;
  const full = told(edited(atPause, { status: { promoteFull: true } }));
  assert.ok(!full.events.some((event) => event.startsWith("RolloutStepCompleted")));
  assert.equal(
    full.events.at(-1),
    "RolloutCompleted: Rollout completed update to revision 2 (bbb): Full promotion requested",
  );
  assert.equal(full.world.rollout.status?.duration?.completionStatus, "FastPromoted");
  assert.equal(full.world.rollout.status?.promoteFull, undefined);
  assert.equal(full.world.rollout.status?.currentStepIndex, 5);
});

Deno.test("a paused step that a user skips does not promote the next pause too", () => {
  const steps: CanaryStep[] = [{ pause: {} }, { setWeight: 40 }, { pause: {} }];
  const world = edited(told(fresh()).world, { spec: { strategy: { canary: { steps } } } });
  const atPause = told(edited(told(world).world, { templateHash: "bbb" })).world;
  assert.equal(atPause.rollout.status?.currentStepIndex, 0);
  // The command moves the index on and removes the condition, but leaves controllerPause.
  const status = { pauseConditions: undefined, currentStepIndex: 1 };
  const skipped = told(edited(atPause, { status }));
  assert.deepEqual(skipped.events.slice(-2), [
    "RolloutStepCompleted: Rollout step 2/3 completed (setWeight: 40)",
    "RolloutPaused: Rollout is paused (CanaryPauseStep)",
  ]);
  assert.equal(skipped.world.rollout.status?.currentStepIndex, 2);
});

Deno.test("one pass tells of a completed step and of what follows without a write in one status", () => {
  const reported = (steps: CanaryStep[], sizes: { stable: number; next: number }) => {
    const { effects, events, status } = decide(worldOf({
      replicas: 2,
      steps,
      stable: { hash: "aaa", size: sizes.stable },
      next: { hash: "bbb", size: sizes.next },
      status: { currentStepIndex: 0 },
    }));
    assert.deepEqual(effects, []);
    const told = events.map(({ reason }) => reason);
    return [told.filter((reason) => reason !== "RolloutNotCompleted"), {
      step: status?.["currentStepIndex"],
      stable: status?.["stableRS"],
      phase: status?.["phase"],
    }];
  };
  assert.deepEqual(reported([{ setWeight: 50 }, { pause: {} }], { stable: 1, next: 1 }), [
    ["RolloutStepCompleted", "RolloutPaused"],
    { step: 1, stable: "aaa", phase: "Paused" },
  ]);
  assert.deepEqual(reported([{ setWeight: 80 }], { stable: 1, next: 2 }), [
    ["RolloutStepCompleted", "RolloutCompleted"],
    { step: 1, stable: "bbb", phase: "Progressing" },
  ]);
  // Pods come first: that is for the next pass.
  assert.deepEqual(reported([{ setWeight: 50 }, { setWeight: 80 }], { stable: 1, next: 1 }), [
    ["RolloutStepCompleted"],
    { step: 1, stable: "aaa", phase: "Progressing" },
  ]);
});
