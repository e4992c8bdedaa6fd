import type { PauseCondition, RolloutStatus } from "../../../../sdk/api/rollout.ts";
import { halt, pause } from "../../../../core/rollout/stages/pause.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { NOON, worldOf, type WorldShape } from "../world.ts";

const STABLE = { hash: "aaa", size: 4 };
const NEXT = { hash: "bbb", size: 1 };
const STEPS = [
  { setWeight: 20 },
  { pause: {} },
  { pause: { duration: 30 } },
  { setWeight: 60, pause: { duration: "1m30s" } },
];

function at(stepIndex: number, status: RolloutStatus = {}, shape: WorldShape = {}) {
  return worldOf({
    steps: STEPS,
    stable: STABLE,
    next: NEXT,
    status: { currentStepIndex: stepIndex, ...status },
    ...shape,
  });
}

const since = (startTime: string): PauseCondition[] => [{ reason: "CanaryPauseStep", startTime }];
const paused = (startTime: string) => ({
  controllerPause: true,
  pauseConditions: since(startTime),
});
const completed = (text: string) => `Normal RolloutStepCompleted: Rollout step ${text}`;

Deno.test("pause() enters the pause of the current step, and of no other", () => {
  const rows: Row[] = [
    { name: "a weight is no pause", world: at(0), verdict: { then: "continue" } },
    { name: "all steps are done", world: at(4), verdict: { then: "continue" } },
    {
      name: "without duration: until somebody promotes",
      world: at(1),
      verdict: {
        state: paused(NOON),
        then: "settle",
        why: "pause without duration: waiting for promotion",
      },
    },
    {
      name: "with one: for that time",
      world: at(2),
      verdict: { state: paused(NOON), then: "settle", why: "pause of 30 s starts" },
    },
    {
      name: "its start never lies in the future",
      world: at(2, {}, { now: "2026-03-01T12:00:00.999Z" }),
      verdict: { state: paused(NOON), then: "settle" },
    },
    {
      name: "a step that combines a weight and a pause is judged by its pause",
      world: at(3),
      verdict: { state: paused(NOON), then: "settle", why: "pause of 90 s starts" },
    },
    {
      name: "an aborted update does not pause",
      world: at(1, { abort: true }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(pause, rows);
});

Deno.test("pause() is never shorter than asked for, a second longer at most, and waits for a user for ever", () => {
  checkStage(pause, [
    {
      name: "just begun",
      world: at(2, paused(NOON)),
      verdict: {
        then: "settle",
        wakeAt: "2026-03-01T12:00:31Z",
        why: "paused until 2026-03-01T12:00:31Z",
      },
    },
    {
      name: "a moment before its end",
      world: at(2, paused(NOON), { now: "2026-03-01T12:00:30.999Z" }),
      verdict: { then: "settle", wakeAt: "2026-03-01T12:00:31Z" },
    },
    {
      name: "over",
      world: at(2, paused(NOON), { now: "2026-03-01T12:00:31Z" }),
      verdict: {
        state: { stepIndex: 3, controllerPause: false, pauseConditions: [] },
        events: [completed("3/4 completed (pause: 30)")],
        then: "settle",
        why: "step 3/4 (pause: 30) completed: the pause of 30 s has ended",
      },
    },
    {
      name: "a year without anybody",
      world: at(1, paused("2025-03-01T12:00:00Z")),
      verdict: { then: "settle", why: "paused: waiting for promotion" },
    },
    {
      name: "another controller's pause condition is none of this step's",
      world: at(2, {
        pauseConditions: [{ reason: "InconclusiveAnalysisRun", startTime: NOON }],
      }),
      verdict: {
        state: {
          controllerPause: true,
          pauseConditions: [
            { reason: "InconclusiveAnalysisRun", startTime: NOON },
            ...since(NOON),
          ],
        },
        then: "settle",
      },
    },
  ]);
});

Deno.test("pause() takes a condition that a user removed for a promotion", () => {
  checkStage(pause, [
    {
      name: "of an indefinite pause",
      world: at(1, {
        controllerPause: true,
      }),
      verdict: {
        state: {
          stepIndex: 2,
          controllerPause: false,
        },
        events: [completed("2/4 completed (pause)")],
        then: "settle",
        why: "step 2/4 (pause) completed: promoted by a user",
      },
    },
    {
      name: "of a timed one, before its time",
      world: at(2, { controllerPause: true }),
      verdict: {
        state: { stepIndex: 3, controllerPause: false },
        events: [completed("3/4 completed (pause: 30)")],
        then: "settle",
      },
    },
  ]);
});

Deno.test("halt() stops everything after it while spec.paused or an analysis says so, and nothing else", () => {
  const shape: WorldShape = { spec: { paused: true } };
  const why = "paused by spec.paused until it is unset";
  const inconclusive: RolloutStatus = {
    pauseConditions: [{ reason: "InconclusiveAnalysisRun", startTime: NOON }],
    controllerPause: true,
  };
  checkStage(halt, [
    {
      name: "an analysis without result",
      world: at(0, inconclusive),
      verdict: {
        then: "settle",
        why: "an analysis is inconclusive: waiting for promotion or abort",
      },
    },
    { name: "not set", world: at(1), verdict: { then: "continue" } },
    { name: "set", world: at(1, {}, shape), verdict: { then: "settle", why } },
  ]);
});
