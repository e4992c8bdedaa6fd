import { fullPromotion } from "../../../../core/rollout/full_promotion.ts";
import { promotion } from "../../../../core/rollout/stages/promotion.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { NOON, worldOf, type WorldShape } from "../world.ts";

const STEPS = [{ setWeight: 20 }, { pause: {} }];
const DURATION = { rolloutStartedAt: "2026-03-01T11:00:00Z" };
const CANARY_METADATA = { canaryMetadata: { labels: { role: "canary" } } };
const NOTED = { "rollout.argoproj.io/ephemeral-metadata": '{"labels":{"role":"canary"}}' };
const PAUSED = {
  controllerPause: true,
  pauseConditions: [{ reason: "CanaryPauseStep" as const, startTime: NOON }],
};

function updating(stepIndex: number, shape: WorldShape = {}) {
  return worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 0, revision: 1 },
    next: { hash: "bbb", size: 5, revision: 2 },
    ...shape,
    status: { currentStepIndex: stepIndex, duration: DURATION, ...shape.status },
  });
}

const completed = (reason: string) =>
  `Normal RolloutCompleted: Rollout completed update to revision 2 (bbb): ${reason}`;

Deno.test("promotion() makes the first set stable at once, finished with its pods", () => {
  const status = { stableRS: "", currentStepIndex: 0, duration: DURATION };
  const events = [
    "Normal RolloutCompleted: Rollout completed update to revision 1 (aaa): Initial deploy",
  ];
  checkStage(promotion, [
    {
      name: "no pod is available",
      world: worldOf({ steps: STEPS, next: { hash: "aaa", size: 5, available: 0 }, status }),
      verdict: {
        state: {
          stableHash: "aaa",
          stepIndex: 2,
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events,
        then: "settle",
        why: "Initial deploy: revision 1 is stable",
      },
    },
    {
      name: "all are",
      world: worldOf({ steps: STEPS, next: { hash: "aaa", size: 5 }, status }),
      verdict: {
        state: {
          stableHash: "aaa",
          stepIndex: 2,
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events,
        then: "settle",
      },
    },
    {
      name: "no steps, no index",
      world: worldOf({ next: { hash: "aaa", size: 5 }, status: { stableRS: "" } }),
      verdict: {
        state: { stableHash: "aaa", duration: { completionStatus: "Promoted" } },
        events,
        then: "settle",
      },
    },
  ]);
});

Deno.test("a first deployment cannot be aborted: there is nothing to go back to", () => {
  const status = { stableRS: "", currentStepIndex: 0, duration: DURATION };
  const events = [
    "Normal RolloutCompleted: Rollout completed update to revision 1 (aaa): Initial deploy",
  ];
  checkStage(promotion, [
    {
      name: "an abort cannot go back to anything",
      world: worldOf({
        steps: STEPS,
        next: { hash: "aaa", size: 5 },
        status: { ...status, abort: true, abortedAt: NOON },
      }),
      verdict: {
        state: {
          abort: false,
          abortedAt: undefined,
          stableHash: "aaa",
          stepIndex: 2,
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events,
        then: "settle",
      },
    },
  ]);
});

Deno.test("promotion() waits for all steps and all pods, and for no abort", () => {
  const rows: Row[] = [
    {
      name: "all steps, all pods",
      world: updating(2),
      verdict: {
        state: {
          stableHash: "bbb",
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events: [completed("Completed all 2 canary steps")],
        then: "settle",
        why: "Completed all 2 canary steps: revision 2 is stable",
      },
    },
    { name: "a step is left", world: updating(1), verdict: { then: "continue" } },
    {
      name: "a pod is missing",
      world: updating(2, { next: { hash: "bbb", size: 5, available: 4 } }),
      verdict: { then: "continue" },
    },
    {
      name: "aborted",
      world: updating(2, { status: { abort: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "its pods still carry the metadata of the update",
      world: updating(2, {
        canary: CANARY_METADATA,
        next: { hash: "bbb", size: 5, revision: 2, annotations: NOTED },
        pods: [],
      }),
      verdict: { then: "continue" },
    },
    {
      name: "the answer that lists its pods is on its way",
      world: updating(2, {
        canary: CANARY_METADATA,
        next: { hash: "bbb", size: 5, revision: 2, annotations: NOTED },
        arePodsPending: true,
      }),
      verdict: { then: "continue" },
    },
    {
      name: "nobody may list its pods, and its template has changed: it is not held up",
      world: updating(2, {
        canary: CANARY_METADATA,
        next: { hash: "bbb", size: 5, revision: 2, annotations: NOTED },
      }),
      verdict: {
        state: {
          stableHash: "bbb",
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events: [completed("Completed all 2 canary steps")],
        then: "settle",
      },
    },
    {
      name: "no steps to be done",
      world: updating(0, { steps: [], status: {} }),
      verdict: {
        state: {
          stableHash: "bbb",
          stepIndex: undefined,
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events: [completed("Completed all 0 canary steps")],
        then: "settle",
      },
    },
  ];
  checkStage(promotion, rows);
});

Deno.test("promotion() leaves no mark behind, and knows a rollback by the age of its set", () => {
  checkStage(promotion, [
    {
      name: "no pods are wanted: none are waited for",
      world: updating(2, { replicas: 0, next: { hash: "bbb", size: 0, revision: 2 } }),
      verdict: {
        state: {
          stableHash: "bbb",
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events: [completed("Completed all 2 canary steps")],
        then: "settle",
      },
    },
    {
      name: "the last pause was skipped by a user: its mark goes too",
      world: updating(2, { status: { ...PAUSED } }),
      verdict: {
        state: {
          stableHash: "bbb",
          duration: { ...DURATION, completionStatus: "Promoted" },
        },
        events: [completed("Completed all 2 canary steps")],
        then: "settle",
      },
    },
    {
      name: "the template of an older set: a rollback, all steps done",
      world: updating(2, {
        stable: { hash: "aaa", size: 0, revision: 2, createdAt: "2026-03-01T02:00:00Z" },
        next: { hash: "bbb", size: 5, revision: 2, createdAt: "2026-03-01T01:00:00Z" },
      }),
      verdict: {
        state: {
          stableHash: "bbb",
          duration: { ...DURATION, completionStatus: "RolledBack" },
        },
        events: [completed("Completed all 2 canary steps")],
        then: "settle",
      },
    },
  ]);
});

Deno.test("a full promotion leaves out what remains, but waits for the pods", () => {
  const asked = { promoteFull: true };
  checkStage(fullPromotion, [
    { name: "not asked for", world: updating(0), verdict: { then: "continue" } },
    {
      name: "in a pause",
      world: updating(1, {
        status: {
          ...asked,
          ...PAUSED,
        },
      }),
      verdict: {
        state: {
          controllerPause: false,
          pauseConditions: [],
          stepIndex: 2,
        },
        then: "continue",
        why: "full promotion requested",
      },
    },
    {
      name: "it lifts an abort",
      world: updating(0, { status: { ...asked, abort: true, abortedAt: NOON } }),
      verdict: {
        state: { abort: false, abortedAt: undefined, stepIndex: 2 },
        then: "continue",
      },
    },
    {
      name: "nothing is left to promote",
      world: worldOf({ steps: STEPS, next: { hash: "bbb", size: 5 }, status: asked }),
      verdict: { then: "continue" },
    },
  ]);
  checkStage(promotion, [
    {
      name: "pods are missing",
      world: updating(2, { next: { hash: "bbb", size: 5, available: 3 }, status: asked }),
      verdict: { then: "continue" },
    },
    {
      name: "all pods are available",
      world: updating(2, { status: asked }),
      verdict: {
        state: {
          promoteFull: false,
          stableHash: "bbb",
          duration: { ...DURATION, completionStatus: "FastPromoted" },
        },
        events: [completed("Full promotion requested")],
        then: "settle",
      },
    },
  ]);
});

Deno.test("promotion() keeps a finished update finished", () => {
  const settled = (status: WorldShape["status"], available = 5) =>
    worldOf({ steps: STEPS, next: { hash: "bbb", size: 5, available }, status: { ...status } });
  checkStage(promotion, [
    { name: "nothing to mend", world: settled({}), verdict: { then: "continue" } },
    {
      name: "an abort, a full promotion, a pause and an index that came later",
      world: settled({
        abort: true,
        abortedAt: NOON,
        promoteFull: true,
        currentStepIndex: 1,
        ...PAUSED,
      }),
      verdict: {
        state: {
          abort: false,
          abortedAt: undefined,
          promoteFull: false,
          pauseConditions: [],
          controllerPause: false,
          stepIndex: 2,
        },
        then: "continue",
      },
    },
  ]);
});
