import { revision } from "../../../../core/rollout/stages/revision.ts";
import { stepHash } from "../../../../core/api/hash/step_hash.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { NOON, worldOf } from "../world.ts";

const STEPS = [{ setWeight: 20 }, { pause: {} }];
/** The fields of a restart that differ from a settled status. */
const RESTART = { stepIndex: 0, duration: { rolloutStartedAt: NOON } };

Deno.test("revision() creates the set of a new template at the size that it may start with", () => {
  const stable = { hash: "aaa", size: 5, revision: 1 };
  const settled = { stableRS: "aaa", currentPodHash: "aaa", currentStepIndex: 2 };
  const born = (number: number) =>
    [
      `Scaled up ReplicaSet web-bbb (revision ${number}) from 0 to 1`,
    ].map((message) => `Normal ScalingReplicaSet: ${message}`);
  const rows: Row[] = [
    {
      name: "first deployment: all pods at once, no steps",
      world: worldOf({
        steps: STEPS,
        templateHash: "bbb",
        status: { stableRS: "", currentPodHash: "", currentStepHash: "" },
      }),
      verdict: {
        effects: ["create web-bbb 5", "note web revision=1"],
        // Nobody is served yet: it is stable at once.
        state: {
          currentHash: "bbb",
          stableHash: "bbb",
          stepHash: stepHash(STEPS),
          duration: { rolloutStartedAt: NOON, completionStatus: "Promoted" },
        },
        events: [
          "Normal RolloutNotCompleted: Rollout not completed, started update to revision 1 (bbb)",
        ],
        closingEvents: [
          "Normal ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 1) from 0 to 5",
          "Normal RolloutCompleted: Rollout completed update to revision 1 (bbb): Initial deploy",
        ],
        then: "settle",
        why: "revision 1 starts with 5 pods",
      },
    },
    {
      name: "an update starts at its first weight",
      world: worldOf({ steps: STEPS, stable, templateHash: "bbb", status: settled }),
      verdict: {
        effects: ["create web-bbb 1", "note web revision=2"],
        state: { ...RESTART, currentHash: "bbb" },
        closingEvents: born(2),
        then: "settle",
        why: "revision 2 starts with 1 pod",
      },
    },
  ];
  checkStage(revision, rows);
});

Deno.test("revision() creates the set empty while nothing may come or move", () => {
  const stable = { hash: "aaa", size: 5, revision: 1 };
  const settled = { stableRS: "aaa", currentPodHash: "aaa", currentStepIndex: 2 };
  checkStage(revision, [
    {
      name: "without surge it starts empty: stable has to give way first",
      world: worldOf({
        steps: STEPS,
        canary: { maxSurge: 0, maxUnavailable: 1 },
        stable,
        templateHash: "bbb",
        status: settled,
      }),
      verdict: {
        effects: ["create web-bbb 0", "note web revision=2"],
        state: { ...RESTART, currentHash: "bbb" },
        then: "settle",
      },
    },
    {
      name: "under spec.paused it starts empty",
      world: worldOf({
        steps: STEPS,
        stable,
        templateHash: "bbb",
        status: settled,
        spec: { paused: true },
      }),
      verdict: {
        effects: ["create web-bbb 0", "note web revision=2"],
        state: { ...RESTART, currentHash: "bbb" },
        then: "settle",
      },
    },
  ]);
});

Deno.test("a new template in mid-update takes over pauses, aborts and full promotions", () => {
  const stable = { hash: "aaa", size: 5, revision: 1 };
  const born = (number: number) =>
    [
      `Scaled up ReplicaSet web-bbb (revision ${number}) from 0 to 1`,
    ].map((message) => `Normal ScalingReplicaSet: ${message}`);
  checkStage(revision, [
    {
      name: "in mid-update the abandoned canary counts, and its number too",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 4, revision: 1 },
        past: [{ hash: "old", size: 1, revision: 6 }],
        templateHash: "bbb",
        status: {
          stableRS: "aaa",
          currentPodHash: "old",
          currentStepIndex: 1,
          controllerPause: true,
          pauseConditions: [{ reason: "CanaryPauseStep", startTime: NOON }],
          promoteFull: true,
        },
      }),
      verdict: {
        effects: ["create web-bbb 1", "note web revision=7"],
        state: {
          ...RESTART,
          currentHash: "bbb",
          pauseConditions: [],
          controllerPause: false,
          promoteFull: false,
        },
        closingEvents: born(7),
        then: "settle",
      },
    },
    {
      name: "a new template lifts an abort",
      world: worldOf({
        steps: STEPS,
        stable,
        past: [{ hash: "old", size: 0, revision: 2 }],
        templateHash: "bbb",
        status: {
          stableRS: "aaa",
          currentPodHash: "old",
          currentStepIndex: 0,
          abort: true,
          abortedAt: NOON,
        },
      }),
      verdict: {
        effects: ["create web-bbb 1", "note web revision=3"],
        state: {
          abort: false,
          abortedAt: undefined,
          currentHash: "bbb",
          duration: { rolloutStartedAt: NOON },
        },
        closingEvents: born(3),
        then: "settle",
      },
    },
  ]);
});

Deno.test("revision() gives back a set that somebody deleted, and the update goes on", () => {
  const stable = { hash: "aaa", size: 4, revision: 1 };
  const status = { currentPodHash: "bbb", stableRS: "aaa" };
  checkStage(revision, [
    {
      name: "at the second step",
      world: worldOf({
        steps: [{ setWeight: 20 }, { setWeight: 60 }, { pause: {} }],
        stable,
        templateHash: "bbb",
        status: {
          ...status,
          currentStepIndex: 1,
          duration: { rolloutStartedAt: "2026-03-01T11:00:00Z" },
        },
      }),
      verdict: {
        effects: ["create web-bbb 3", "note web revision=2"],
        closingEvents: [
          "Normal ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 2) from 0 to 3",
        ],
        then: "settle",
        why: "revision 2 starts again with 3 pods",
      },
    },
    {
      name: "with the number that the Rollout bears already",
      world: worldOf({
        steps: STEPS,
        stable,
        templateHash: "bbb",
        annotations: { "rollout.argoproj.io/revision": "2" },
        status: { ...status, currentStepIndex: 0, abort: true, abortedAt: NOON },
      }),
      verdict: { effects: ["create web-bbb 0"], then: "settle" },
    },
    {
      name: "an aborted update stays aborted, with an empty canary",
      world: worldOf({
        steps: STEPS,
        stable: { ...stable, size: 5 },
        templateHash: "bbb",
        status: { ...status, currentStepIndex: 0, abort: true, abortedAt: NOON },
      }),
      verdict: { effects: ["create web-bbb 0", "note web revision=2"], then: "settle" },
    },
  ]);
});

Deno.test("revision() looks for another name when a stranger has the new set's", () => {
  const shape = {
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    templateHash: "bbb",
    isNameTaken: true,
  };
  const status = { stableRS: "aaa", currentPodHash: "aaa" };
  checkStage(revision, [
    {
      name: "the first collision",
      world: worldOf({ ...shape, status }),
      verdict: { state: { collisionCount: 1 }, then: "settle" },
    },
    {
      name: "one more",
      world: worldOf({ ...shape, status: { ...status, collisionCount: 4 } }),
      verdict: { state: { collisionCount: 5 }, then: "settle" },
    },
  ]);
});

Deno.test("revision() reuses the set of a template that comes back, with the next number", () => {
  const stable = { hash: "aaa", size: 4, revision: 1 };
  const status = { stableRS: "aaa", currentPodHash: "ccc", currentStepIndex: 1 };
  const state = { ...RESTART, currentHash: "bbb" };
  checkStage(revision, [
    {
      name: "its old number becomes history",
      world: worldOf({
        steps: STEPS,
        stable,
        next: { hash: "bbb", size: 0, revision: 2 },
        past: [{ hash: "ccc", size: 1, revision: 3 }],
        status,
        annotations: { "rollout.argoproj.io/revision": "3" },
      }),
      verdict: {
        then: "settle",
        effects: ["note web-bbb revision-history=2 revision=4", "note web revision=4"],
        state,
        why: "the pod template changed: update to revision 4 starts",
      },
    },
    {
      name: "a second time, after a longer history",
      world: worldOf({
        steps: STEPS,
        stable,
        next: {
          hash: "bbb",
          size: 0,
          revision: 4,
          annotations: { "rollout.argoproj.io/revision-history": "2" },
        },
        past: [{ hash: "ccc", size: 1, revision: 5 }],
        status,
        annotations: { "rollout.argoproj.io/revision": "5" },
      }),
      verdict: {
        then: "settle",
        effects: ["note web-bbb revision-history=2,4 revision=6", "note web revision=6"],
        state,
      },
    },
    {
      name: "a number is never lowered",
      world: worldOf({
        steps: STEPS,
        stable,
        next: { hash: "bbb", size: 0, revision: 9 },
        past: [{ hash: "ccc", size: 1, revision: 3 }],
        status,
      }),
      verdict: { then: "settle", state },
    },
  ]);
});

Deno.test("revision() skips the steps of an update that goes back to the stable template", () => {
  checkStage(revision, [{
    name: "to its end at once",
    world: worldOf({
      steps: STEPS,
      next: { hash: "aaa", size: 4, revision: 1 },
      past: [{ hash: "bbb", size: 1, revision: 2 }],
      status: { stableRS: "aaa", currentPodHash: "bbb", currentStepIndex: 1 },
    }),
    verdict: {
      effects: ["note web-aaa revision-history=1 revision=3", "note web revision=3"],
      state: { ...RESTART, stepIndex: 2, currentHash: "aaa" },
      events: ["Normal SkipSteps: Rollback to stable ReplicaSets"],
      then: "settle",
      why: "the pod template changed: update to revision 3 starts and skips its steps: " +
        "it goes back to stable",
    },
  }]);
});

Deno.test("revision() begins anew when the list of steps changes, also in mid-update", () => {
  const changed = { currentStepHash: stepHash([{ setWeight: 50 }]) };
  checkStage(revision, [
    {
      name: "in mid-update, at the first step",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 1 },
        status: {
          ...changed,
          currentStepIndex: 1,
          pauseConditions: [{ reason: "CanaryPauseStep", startTime: NOON }],
          controllerPause: true,
        },
      }),
      verdict: {
        state: {
          ...RESTART,
          stepHash: stepHash(STEPS),
          pauseConditions: [],
          controllerPause: false,
        },
        then: "settle",
        why: "the list of steps changed: update to revision 2 starts",
      },
    },
    {
      name: "after the end there is nothing to go through again",
      world: worldOf({
        steps: STEPS,
        next: { hash: "bbb", size: 5 },
        status: { ...changed, currentStepIndex: 1 },
      }),
      verdict: {
        state: {
          stepIndex: 2,
          stepHash: stepHash(STEPS),
          duration: { rolloutStartedAt: NOON },
        },
        events: ["Normal SkipSteps: Rollback to stable ReplicaSets"],
        then: "settle",
      },
    },
  ]);
});

Deno.test("revision() leaves a canary without steps without an index", () => {
  const changed = { currentStepHash: stepHash([{ setWeight: 50 }]) };
  checkStage(revision, [
    {
      name: "without steps there is no index",
      world: worldOf({
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 1 },
        status: { ...changed, currentStepIndex: 1 },
      }),
      verdict: {
        state: {
          stepIndex: undefined,
          stepHash: stepHash([]),
          duration: { rolloutStartedAt: NOON },
        },
        then: "settle",
      },
    },
  ]);
});
