import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../sdk/api/rollout.ts";
import { stateIn, statusFieldsOf } from "../../../core/rollout/update_state.ts";

const NOON = "2026-03-01T12:00:00Z";

Deno.test("what stages decide is read from the status and written as it was", () => {
  const status: RolloutStatus = {
    abort: true,
    abortedAt: NOON,
    promoteFull: true,
    pauseConditions: [{ reason: "CanaryPauseStep", startTime: NOON }],
    controllerPause: true,
    collisionCount: 2,
    currentPodHash: "new",
    currentStepHash: "steps",
    currentStepIndex: 0,
    stableRS: "old",
    duration: { rolloutStartedAt: NOON },
    restartedAt: NOON,
  };
  const state = { ...stateIn(status), activeHash: "", previewHash: "" };
  assert.deepEqual(statusFieldsOf(state), status);
});

Deno.test("an empty status stays empty", () => {
  const state = { ...stateIn({}), activeHash: "", previewHash: "" };
  assert.deepEqual(JSON.parse(JSON.stringify(statusFieldsOf(state))), {});
});
