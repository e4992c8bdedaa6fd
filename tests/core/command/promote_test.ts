import assert from "node:assert/strict";
import type { PauseCondition, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { promote } from "../../../core/command/mod.ts";
import { emptyWorld, WEB, worldWith } from "./world.ts";

const PAUSE: PauseCondition[] = [{ reason: "CanaryPauseStep", startTime: "2030-01-01T00:00:00Z" }];
const UPDATING: RolloutStatus = { currentPodHash: "new", stableRS: "old" };

interface Row {
  readonly when: string;
  readonly status: RolloutStatus;
  readonly isPaused?: boolean;
  readonly isFull?: boolean;
  readonly steps?: readonly unknown[];
  /** The status afterwards, as far as the verb may touch it. */
  readonly after: RolloutStatus;
  readonly writes: string[];
}

const STATUS = "patch rollouts/status";
const SPEC = "patch rollouts";

const ROWS: Row[] = [
  {
    when: "full, in an update",
    status: { ...UPDATING, currentStepIndex: 0, pauseConditions: PAUSE, controllerPause: true },
    isFull: true,
    after: {
      promoteFull: true,
      currentStepIndex: 0,
      pauseConditions: PAUSE,
      controllerPause: true,
    },
    writes: [STATUS],
  },
  {
    when: "full, in an update paused by hand",
    status: { ...UPDATING, currentStepIndex: 0 },
    isPaused: true,
    isFull: true,
    after: { promoteFull: true, currentStepIndex: 0 },
    writes: [STATUS, SPEC],
  },
  {
    when: "full, all promoted",
    status: { currentPodHash: "old", stableRS: "old", currentStepIndex: 2 },
    isFull: true,
    after: { currentStepIndex: 2 },
    writes: [],
  },
  {
    when: "full, before any status",
    status: {},
    isFull: true,
    after: {},
    writes: [],
  },
  {
    when: "paused by an inconclusive analysis",
    status: {
      ...UPDATING,
      currentStepIndex: 0,
      pauseConditions: PAUSE,
      controllerPause: true,
      canary: { currentStepAnalysisRunStatus: { name: "run", status: "Inconclusive" } },
    },
    after: { currentStepIndex: 1, controllerPause: false },
    writes: [STATUS],
  },
  {
    when: "paused by a step: the controller is left to see that the condition is gone",
    status: { ...UPDATING, currentStepIndex: 1, pauseConditions: PAUSE, controllerPause: true },
    after: { currentStepIndex: 1, controllerPause: true },
    writes: [STATUS],
  },
  {
    when: "paused by a step and by hand",
    status: { ...UPDATING, currentStepIndex: 1, pauseConditions: PAUSE, controllerPause: true },
    isPaused: true,
    after: { currentStepIndex: 1, controllerPause: true },
    writes: [STATUS, SPEC],
  },
  {
    when: "in a step that is not paused: on to the next",
    status: { ...UPDATING, currentStepIndex: 0 },
    after: { currentStepIndex: 1 },
    writes: [STATUS],
  },
  {
    when: "without an index: the first step is the present one",
    status: UPDATING,
    after: { currentStepIndex: 1 },
    writes: [STATUS],
  },
  {
    when: "in the last step: on to the end and no further",
    status: { ...UPDATING, currentStepIndex: 1 },
    after: { currentStepIndex: 2 },
    writes: [STATUS],
  },
  {
    when: "after the last step",
    status: { ...UPDATING, currentStepIndex: 2 },
    after: { currentStepIndex: 2 },
    writes: [],
  },
  {
    when: "after the last step, paused by hand",
    status: { ...UPDATING, currentStepIndex: 2 },
    isPaused: true,
    after: { currentStepIndex: 2 },
    writes: [SPEC],
  },
  { when: "without steps", status: UPDATING, steps: [], after: {}, writes: [] },
];

const TOUCHED = ["promoteFull", "pauseConditions", "controllerPause", "currentStepIndex"] as const;

for (const { when, status, isPaused = false, isFull = false, steps, after, writes } of ROWS) {
  Deno.test(`promote: ${when}`, async () => {
    const world = await worldWith({
      spec: {
        ...(isPaused ? { paused: true } : {}),
        ...(steps === undefined ? {} : { strategy: { canary: { steps } } }),
      },
      status,
    });
    const sentence = await promote(world.client, WEB, { isFull });
    assert.equal(sentence, `rollout 'web' ${isFull ? "fully promoted" : "promoted"}`);
    assert.deepEqual(world.writes, writes);
    const rollout = await world.rollout();
    assert.notEqual(rollout.spec.paused, true);
    for (const field of TOUCHED) assert.deepEqual(rollout.status?.[field], after[field], field);
    assert.equal(rollout.status?.currentPodHash, status.currentPodHash);
  });
}

Deno.test("promote of a Rollout that is not there is refused", async () => {
  await assert.rejects(promote(emptyWorld().client, WEB), {
    name: "CommandRefused",
    message: 'there is no rollout "web" in namespace "default"',
  });
});
