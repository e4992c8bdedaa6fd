/** The account of an update in its status. */
import assert from "node:assert/strict";
import type { BlueGreenStrategy, RolloutDuration } from "../../../sdk/api/rollout.ts";
import { decide, type RolloutWorld } from "../../../core/rollout/mod.ts";
import { afterPass, edited, later, runPass, runUntilSettled } from "./cluster_model.ts";
import { NOON, worldOf, type WorldShape } from "./world.ts";

const STARTED = "2026-03-01T11:00:00Z";
const EARLIER = "2026-03-01T11:59:30Z";

const after = (world: RolloutWorld): RolloutDuration => decide(world).status?.duration ?? {};
const settled = (world: RolloutWorld) => runUntilSettled(world).world;

/** In mid-update, at a weight, with all pods that it asks for. */
const updating = (duration: RolloutDuration, shape: WorldShape = {}) =>
  worldOf({
    replicas: 2,
    steps: [{ setWeight: 50 }, { pause: {} }, { pause: { duration: 30 } }],
    stable: { hash: "aaa", size: 1 },
    next: { hash: "bbb", size: 1 },
    ...shape,
    status: { duration, ...shape.status },
  });

const atPause = (stepIndex: number) => ({
  currentStepIndex: stepIndex,
  controllerPause: true,
  pauseConditions: [{ reason: "CanaryPauseStep" as const, startTime: EARLIER }],
});

Deno.test("time that waits for people is on the manual account, also less than a second", () => {
  const started = { rolloutStartedAt: STARTED };
  const paused = { ...started, manualPauseStartedAt: EARLIER };
  const bySpec: WorldShape = { spec: { paused: true } };
  // The step is complete, and the next one is not for people.
  const timed: WorldShape = { steps: [{ setWeight: 50 }, { pause: { duration: 30 } }] };
  const rows: [string, RolloutWorld, RolloutDuration][] = [
    ["an indefinite pause", updating(started, { status: atPause(1) }), {
      ...started,
      manualPauseStartedAt: NOON,
    }],
    ["a step without work leads to it", updating(started), {
      ...started,
      manualPauseStartedAt: NOON,
    }],
    ["it goes on", updating(paused, { status: atPause(1) }), paused],
    ["a timed pause is nobody's", updating(started, { status: atPause(2) }), started],
    ["spec.paused", updating(started, bySpec), { ...started, manualPauseStartedAt: NOON }],
    ["over", updating(paused, timed), { ...started, totalManualPauseDurationSeconds: 30 }],
    [
      "over at once",
      updating({ ...started, manualPauseStartedAt: NOON }, {
        ...timed,
        now: "2026-03-01T12:00:00.900Z",
      }),
      { ...started, totalManualPauseDurationSeconds: 0 },
    ],
    [
      "a second one",
      updating({ ...paused, totalManualPauseDurationSeconds: 12 }, timed),
      { ...started, totalManualPauseDurationSeconds: 42 },
    ],
    [
      "spec.paused at an indefinite pause, taken back: that one goes on",
      updating(paused, { status: atPause(1) }),
      paused,
    ],
    ["an abort ends it", updating(paused, { status: { ...atPause(1), abort: true } }), {
      ...started,
      totalManualPauseDurationSeconds: 30,
      finishedAt: NOON,
      completionStatus: "Aborted",
    }],
    ["a finished update is not prolonged", updating({ ...started, finishedAt: NOON }, bySpec), {
      ...started,
      finishedAt: NOON,
    }],
  ];
  for (const [name, world, is] of rows) assert.deepEqual(after(world), is, name);
});

Deno.test("an update is finished in the status in which all its pods are stable", () => {
  const started = { rolloutStartedAt: STARTED, completionStatus: "Promoted" as const };
  const stable = (available: number, shape: WorldShape = {}) =>
    worldOf({
      replicas: 2,
      next: { hash: "bbb", size: 2, available },
      ...shape,
      status: { duration: started, ...shape.status },
    });
  assert.deepEqual(after(stable(1)), started);
  assert.deepEqual(after(stable(2)), { ...started, finishedAt: NOON });
  const paused = { duration: { ...started, manualPauseStartedAt: EARLIER } };
  assert.deepEqual(after(stable(2, { status: paused, spec: { paused: true } })), {
    ...started,
    totalManualPauseDurationSeconds: 30,
    finishedAt: NOON,
  });
});

/** Two pods of demo:1, then an update as far as its pause. */
function paused(blueGreen?: BlueGreenStrategy): RolloutWorld {
  const start = worldOf({
    replicas: 2,
    templateHash: "aaa",
    generation: 1,
    ...(blueGreen === undefined
      ? { steps: [{ setWeight: 50 }, { pause: {} }] }
      : { blueGreen, services: { active: { isManaged: false } } }),
    status: { observedGeneration: "0", stableRS: "", currentPodHash: "", currentStepHash: "" },
  });
  return settled(edited(later(settled(start), 60), { templateHash: "bbb" }));
}

Deno.test("going back to stable in a pause ends the update that was begun", () => {
  for (const blueGreen of [undefined, { activeService: "active", autoPromotionEnabled: false }]) {
    const waiting = paused(blueGreen);
    assert.equal(waiting.rollout.status?.phase, "Paused");
    const back = settled(edited(later(waiting, 10), { templateHash: "aaa" }));
    assert.deepEqual(back.rollout.status?.duration, {
      rolloutStartedAt: "2026-03-01T12:01:00Z",
      totalManualPauseDurationSeconds: 10,
      finishedAt: "2026-03-01T12:01:10Z",
      completionStatus: "FastRolledBack",
    });
  }
});

Deno.test("an update that was aborted stays told so after going back to stable", () => {
  const aborted = settled(edited(later(paused(), 10), { status: { abort: true } }));
  const { duration } = aborted.rollout.status ?? {};
  assert.equal(duration?.completionStatus, "Aborted");
  const back = settled(edited(later(aborted, 10), { templateHash: "aaa" }));
  assert.equal(back.rollout.status?.phase, "Healthy");
  assert.deepEqual(back.rollout.status?.duration, duration);
});

Deno.test("another template begins a new account, and so does a retry", () => {
  const other = runPass(edited(later(paused(), 10), { templateHash: "ccc" }));
  assert.deepEqual(afterPass(other).rollout.status?.duration, {
    rolloutStartedAt: "2026-03-01T12:01:10Z",
  });
  const aborted = settled(edited(paused(), { status: { abort: true } }));
  const retried = runPass(edited(later(aborted, 10), { status: { abort: undefined } }));
  assert.deepEqual(afterPass(retried).rollout.status?.duration, {
    rolloutStartedAt: "2026-03-01T12:01:10Z",
  });
});

Deno.test("another list of steps, or strategy, begins none while all pods of stable serve", () => {
  const finished = { rolloutStartedAt: STARTED, finishedAt: EARLIER };
  const rest = (available: number) =>
    worldOf({
      replicas: 2,
      steps: [{ setWeight: 50 }],
      next: { hash: "aaa", size: 2, available },
      status: { currentStepHash: "other", duration: finished },
    });
  assert.deepEqual(after(rest(2)), finished);
  assert.deepEqual(after(rest(1)), { rolloutStartedAt: NOON });
});

Deno.test("an update that comes under spec.paused is paused and on the account in one status", () => {
  const start = settled(edited(paused(), { status: { promoteFull: true } }));
  const world = edited(start, { templateHash: "ccc", spec: { paused: true } });
  const { status } = afterPass(runPass(world)).rollout;
  assert.equal(status?.phase, "Paused");
  assert.equal(status?.message, "manually paused");
  assert.equal(status?.duration?.manualPauseStartedAt, status?.duration?.rolloutStartedAt);
});
