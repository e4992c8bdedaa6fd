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
      name: "without duration: until somebody promotes, and on the manual account",
      world: at(1),
      verdict: {
        progress: { ...paused(NOON), duration: { manualPauseStartedAt: NOON } },
        then: "settle",
        why: "pause without duration: waiting for promotion",
      },
    },
    {
      name: "with one: for that time",
      world: at(2),
      verdict: { progress: paused(NOON), then: "settle", why: "pause of 30 s starts" },
    },
    {
      name: "never shorter than asked for: it starts with the next whole second",
      world: at(2, {}, { now: "2026-03-01T12:00:00.001Z" }),
      verdict: { progress: paused("2026-03-01T12:00:01Z"), then: "settle" },
    },
    {
      name: "a step that combines a weight and a pause is judged by its pause",
      world: at(3),
      verdict: { progress: paused(NOON), then: "settle", why: "pause of 90 s starts" },
    },
    {
      name: "an aborted update does not pause",
      world: at(1, { abort: true }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(pause, rows);
});

Deno.test("pause() waits for its time, to the second, and for a user for ever", () => {
  checkStage(pause, [
    {
      name: "just begun",
      world: at(2, paused(NOON)),
      verdict: {
        then: "settle",
        wakeAt: "2026-03-01T12:00:30Z",
        why: "paused until 2026-03-01T12:00:30Z",
      },
    },
    {
      name: "a moment before its end",
      world: at(2, paused(NOON), { now: "2026-03-01T12:00:29.999Z" }),
      verdict: { then: "settle", wakeAt: "2026-03-01T12:00:30Z" },
    },
    {
      name: "over",
      world: at(2, paused(NOON), { now: "2026-03-01T12:00:30Z" }),
      verdict: {
        progress: { stepIndex: 3, controllerPause: false, pauseConditions: [] },
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
        progress: {
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
      name: "of an indefinite pause, whose time is accounted",
      world: at(1, {
        controllerPause: true,
        duration: {
          rolloutStartedAt: "2026-03-01T11:00:00Z",
          manualPauseStartedAt: "2026-03-01T11:59:00Z",
          totalManualPauseDurationSeconds: 5,
        },
      }),
      verdict: {
        progress: {
          stepIndex: 2,
          controllerPause: false,
          duration: {
            rolloutStartedAt: "2026-03-01T11:00:00Z",
            totalManualPauseDurationSeconds: 65,
          },
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
        progress: { stepIndex: 3, controllerPause: false },
        events: [completed("3/4 completed (pause: 30)")],
        then: "settle",
      },
    },
  ]);
});

Deno.test("halt() stops everything after it while spec.paused is set, and nothing else", () => {
  const shape: WorldShape = { spec: { paused: true } };
  const started = { rolloutStartedAt: "2026-03-01T11:00:00Z" };
  const why = "paused by spec.paused until it is unset";
  checkStage(halt, [
    { name: "not set", world: at(1), verdict: { then: "continue" } },
    { name: "set", world: at(1, {}, shape), verdict: { then: "settle", why } },
    {
      name: "set in an update: a manual pause begins",
      world: at(0, { duration: started }, shape),
      verdict: {
        progress: { duration: { ...started, manualPauseStartedAt: NOON } },
        then: "settle",
        why,
      },
    },
    {
      name: "it has begun already",
      world: at(
        0,
        { duration: { ...started, manualPauseStartedAt: "2026-03-01T11:30:00Z" } },
        shape,
      ),
      verdict: { then: "settle", why },
    },
    {
      name: "a finished update is not prolonged",
      world: at(0, { duration: { ...started, finishedAt: NOON } }, shape),
      verdict: { then: "settle", why },
    },
    {
      name: "taken back: the manual pause ends",
      world: at(0, { duration: { ...started, manualPauseStartedAt: "2026-03-01T11:59:30Z" } }),
      verdict: {
        progress: { duration: { ...started, totalManualPauseDurationSeconds: 30 } },
        then: "continue",
      },
    },
    {
      name: "taken back at an indefinite pause: that one goes on",
      world: at(1, {
        ...paused(NOON),
        duration: { ...started, manualPauseStartedAt: "2026-03-01T11:59:30Z" },
      }),
      verdict: { then: "continue" },
    },
  ]);
});
