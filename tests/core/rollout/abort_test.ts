import { abort } from "../../../core/rollout/abort.ts";
import { checkStage } from "./verdict_text.ts";
import { NOON, worldOf } from "./world.ts";
import type { RolloutStatus } from "../../../sdk/api/rollout.ts";

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }];
const STARTED = { rolloutStartedAt: "2026-03-01T11:00:00Z" };
const EARLIER = "2026-03-01T11:30:00Z";

function updating(status: RolloutStatus) {
  return worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, revision: 2 },
    status: { duration: STARTED, ...status },
  });
}

Deno.test("abort() takes an update back to its first step, once", () => {
  const why = "the update to revision 2 was aborted";
  checkStage(abort, [
    {
      name: "nobody aborted",
      world: updating({ currentStepIndex: 2 }),
      verdict: { then: "continue" },
    },
    {
      name: "a user did, in a pause",
      world: updating({
        abort: true,
        currentStepIndex: 1,
        controllerPause: true,
        pauseConditions: [{ reason: "CanaryPauseStep", startTime: EARLIER }],
        duration: { ...STARTED, manualPauseStartedAt: EARLIER },
      }),
      verdict: {
        state: {
          abortedAt: NOON,
          pauseConditions: [],
          controllerPause: false,
          stepIndex: 0,
          duration: {
            ...STARTED,
            manualPauseStartedAt: EARLIER,
            finishedAt: NOON,
            completionStatus: "Aborted",
          },
        },
        events: ["Warning RolloutAborted: Rollout aborted update to revision 2"],
        then: "continue",
        why,
      },
    },
    {
      name: "it stays aborted, and is told of no more",
      world: updating({
        abort: true,
        abortedAt: EARLIER,
        currentStepIndex: 0,
        duration: { ...STARTED, finishedAt: EARLIER, completionStatus: "Aborted" },
      }),
      verdict: { then: "continue", why },
    },
    {
      name: "whoever moves the index of an aborted update moves nothing",
      world: updating({ abort: true, abortedAt: EARLIER, currentStepIndex: 2 }),
      verdict: { state: { stepIndex: 0 }, then: "continue", why },
    },
  ]);
});

Deno.test("a retry starts the update anew, its time too", () => {
  checkStage(abort, [{
    name: "abort is taken back",
    world: updating({
      abort: false,
      abortedAt: EARLIER,
      currentStepIndex: 0,
      duration: { ...STARTED, finishedAt: EARLIER, completionStatus: "Aborted" },
    }),
    verdict: {
      state: { abortedAt: undefined, duration: { rolloutStartedAt: NOON } },
      then: "continue",
      why: "retrying the update",
    },
  }]);
});

Deno.test("abort() drops the abort of an update that is over", () => {
  const over = { steps: STEPS, next: { hash: "bbb", size: 5 } };
  checkStage(abort, [
    {
      name: "all is stable",
      world: worldOf({ ...over, status: { abort: true, abortedAt: EARLIER } }),
      verdict: { state: { abort: false, abortedAt: undefined }, then: "continue" },
    },
    { name: "nobody aborted", world: worldOf(over), verdict: { then: "continue" } },
  ]);
});

Deno.test("abort() of a canary without steps leaves it without an index", () => {
  checkStage(abort, [{
    name: "no steps",
    world: worldOf({
      stable: { hash: "aaa", size: 4 },
      next: { hash: "bbb", size: 1, revision: 7 },
      status: { abort: true, abortedAt: EARLIER },
    }),
    verdict: { then: "continue", why: "the update to revision 7 was aborted" },
  }]);
});
