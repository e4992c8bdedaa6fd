import assert from "node:assert/strict";
import type { CanaryStep } from "../../../../sdk/api/rollout.ts";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { completeStep, step } from "../../../../core/rollout/stages/step.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { worldOf, type WorldShape } from "../world.ts";

const STEPS: CanaryStep[] = [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, {
  setWeight: 100,
}];
const STABLE = { hash: "aaa", size: 4 };
const NEXT = { hash: "bbb", size: 1 };

function at(stepIndex: number, shape: WorldShape = {}) {
  return worldOf({
    steps: STEPS,
    stable: STABLE,
    next: NEXT,
    ...shape,
    status: { currentStepIndex: stepIndex, ...shape.status },
  });
}

Deno.test("step() goes on once canary, stable and all others have the sizes of the weight", () => {
  const waiting = (name: string, shape: WorldShape, why: string): Row => ({
    name,
    world: at(0, shape),
    verdict: { then: "settle", why },
  });
  checkStage(step, [
    {
      name: "all is there",
      world: at(0),
      verdict: {
        state: { stepIndex: 1 },
        events: ["Normal RolloutStepCompleted: Rollout step 1/4 completed (setWeight: 20)"],
        then: "settle",
        why: "step 1/4 (setWeight: 20) completed: all pods are available",
      },
    },
    waiting(
      "the canary's pod is not available",
      { next: { ...NEXT, available: 0 } },
      "waiting for the canary: 0 of 1 pods available",
    ),
    waiting(
      "the canary wants another number",
      { next: { ...NEXT, size: 2, available: 1 } },
      "waiting for the canary to be scaled from 2 to 1",
    ),
    waiting(
      "a pod of stable is still leaving",
      { stable: { ...STABLE, present: 5 } },
      "waiting for stable: 5 pods, 4 wanted",
    ),
    waiting(
      "stable wants another number",
      { stable: { ...STABLE, size: 5, present: 4 } },
      "waiting for stable to be scaled from 5 to 4",
    ),
    waiting(
      "pods of other revisions serve yet",
      { past: [{ hash: "old", size: 0, present: 2 }, { hash: "older", size: 1 }] },
      "waiting for 3 pods of other revisions to terminate",
    ),
  ]);
});

Deno.test("step() does not ask for the availability of stable, and ends with the last step", () => {
  checkStage(step, [
    {
      name: "stable's pods need not be available",
      world: at(0, { stable: { ...STABLE, available: 0 } }),
      verdict: {
        state: { stepIndex: 1 },
        events: ["Normal RolloutStepCompleted: Rollout step 1/4 completed (setWeight: 20)"],
        then: "settle",
      },
    },
    {
      name: "the last step",
      world: at(3, { stable: { hash: "aaa", size: 0 }, next: { hash: "bbb", size: 5 } }),
      verdict: {
        state: { stepIndex: 4 },
        events: ["Normal RolloutStepCompleted: Rollout step 4/4 completed (setWeight: 100)"],
        then: "settle",
      },
    },
  ]);
});

Deno.test("step() does nothing when there is no step to be done", () => {
  checkStage(step, [
    { name: "all are done", world: at(4), verdict: { then: "continue" } },
    {
      name: "there are none",
      world: worldOf({ stable: STABLE, next: NEXT }),
      verdict: { then: "continue" },
    },
    { name: "aborted", world: at(0, { status: { abort: true } }), verdict: { then: "continue" } },
    {
      name: "the first deployment takes no steps",
      world: worldOf({ steps: STEPS, next: NEXT, status: { stableRS: "", currentStepIndex: 0 } }),
      verdict: { then: "continue" },
    },
  ]);
});

Deno.test("a step whose plugin nobody has is never complete", () => {
  const unknown: CanaryStep = { plugin: { name: "org/check" } };
  checkStage(step, [{
    name: "plugin",
    world: at(2, { steps: [{ setWeight: 20 }, { pause: {} }, unknown, { setWeight: 40 }] }),
    verdict: { then: "settle", why: "plugin org/check not configured in configmap" },
  }]);
});

Deno.test("completeStep() has nothing to complete past the end", () => {
  assert.equal(completeStep(situationOf(at(4)), { why: "" }).then, "continue");
});
