import assert from "node:assert/strict";
import type { PauseCondition, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { promote, type PromoteOptions } from "../../../core/command/mod.ts";
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

/** Flags that Argo Rollouts calls deprecated: they move the index and nothing else. */
const SKIPS: [
  flag: "skipsCurrentStep" | "skipsAllSteps",
  index: number | undefined,
  after: number,
][] = [
  ["skipsCurrentStep", undefined, 1],
  ["skipsCurrentStep", 1, 2],
  ["skipsCurrentStep", 2, 2],
  ["skipsAllSteps", 0, 2],
];
for (const [flag, index, after] of SKIPS) {
  Deno.test(`promote: ${flag} at ${index ?? "no step"} goes to ${after} and lifts no pause`, async () => {
    const status = { ...UPDATING, pauseConditions: PAUSE, controllerPause: true };
    const world = await worldWith({
      spec: { paused: true },
      status: { ...status, ...(index === undefined ? {} : { currentStepIndex: index }) },
    });
    const sentence = await promote(world.client, WEB, { [flag]: true, isFull: true });
    assert.equal(sentence, "rollout 'web' promoted");
    const rollout = await world.rollout();
    assert.equal(rollout.spec.paused, true);
    assert.deepEqual(rollout.status, { ...status, currentStepIndex: after });
  });
}

const BLUE_GREEN = { blueGreen: { activeService: "web" } };
const REFUSALS: [flags: PromoteOptions, strategy: unknown, message: string][] = [
  [
    { skipsCurrentStep: true, skipsAllSteps: true },
    { canary: {} },
    "Cannot use skip-current-step and skip-all-steps flags at the same time",
  ],
  [
    { skipsCurrentStep: true },
    BLUE_GREEN,
    "Cannot skip steps of a bluegreen rollout. Run without a flags",
  ],
  [
    { skipsAllSteps: true },
    BLUE_GREEN,
    "Cannot skip steps of a bluegreen rollout. Run without a flags",
  ],
  [
    { skipsCurrentStep: true },
    { canary: {} },
    "Cannot skip steps of a rollout without steps",
  ],
  [
    { skipsAllSteps: true },
    { canary: { steps: [] } },
    "Cannot skip steps of a rollout without steps",
  ],
];
for (const [flags, strategy, message] of REFUSALS) {
  Deno.test(`promote with ${Object.keys(flags)} of ${JSON.stringify(strategy)} is refused`, async () => {
    const world = await worldWith({ status: UPDATING });
    const patch = [{ op: "replace", path: "/spec/strategy", value: strategy }];
    await world.client.patch(ROLLOUTS, WEB, { type: "json", body: patch });
    world.writes.length = 0;
    await assert.rejects(promote(world.client, WEB, flags), { name: "CommandRefused", message });
    assert.deepEqual(world.writes, []);
  });
}

Deno.test("promote of a blue-green Rollout clears its pause, and has nothing else to skip", async () => {
  const world = await worldWith({ spec: { strategy: BLUE_GREEN } });
  await promote(world.client, WEB);
  assert.deepEqual(world.writes, []);
  const body = { status: { pauseConditions: [{ reason: "BlueGreenPause", startTime: "" }] } };
  await world.client.patch(ROLLOUTS, WEB, { type: "merge", body }, { subresource: "status" });
  await promote(world.client, WEB);
  assert.deepEqual((await world.rollout()).status, {});
});

Deno.test("promote of a Rollout that is not there is refused", async () => {
  await assert.rejects(promote(emptyWorld().client, WEB), {
    name: "CommandRefused",
    message: 'rollout "web" not found in namespace "default"',
  });
});
