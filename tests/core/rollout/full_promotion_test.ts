import { fullPromotion } from "../../../core/rollout/full_promotion.ts";
import { checkStage } from "./verdict_text.ts";
import { NOON, worldOf, type WorldShape } from "./world.ts";

const STEPS = [{ setWeight: 20 }, { pause: {} }];

function updating(shape: WorldShape = {}) {
  return worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 4, createdAt: "2026-03-01T05:00:00Z" },
    next: { hash: "bbb", size: 1, createdAt: "2026-03-01T06:00:00Z" },
    ...shape,
  });
}

Deno.test("fullPromotion(): the later word counts, of an abort and a full promotion", () => {
  checkStage(fullPromotion, [
    {
      name: "an abort after it: the promotion is taken back",
      world: updating({ status: { promoteFull: true, abort: true } }),
      verdict: { state: { promoteFull: false }, then: "continue" },
    },
    {
      name: "an abort before it, which was told: it is lifted",
      world: updating({ status: { promoteFull: true, abort: true, abortedAt: NOON } }),
      verdict: {
        state: { abort: false, abortedAt: undefined, stepIndex: 2 },
        then: "continue",
        why: "full promotion requested",
      },
    },
  ]);
});

Deno.test("fullPromotion() leaves out the steps of a rollback within the window", () => {
  const back: WorldShape = {
    next: { hash: "bbb", size: 0, createdAt: "2026-03-01T01:00:00Z" },
    spec: { rollbackWindow: { revisions: 1 } },
  };
  checkStage(fullPromotion, [
    {
      name: "going back",
      world: updating(back),
      verdict: { state: { stepIndex: 2 }, then: "continue" },
    },
    {
      name: "aborted on the way: nothing overrules that",
      world: updating({ ...back, status: { abort: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "aborted and told: likewise",
      world: updating({ ...back, status: { abort: true, abortedAt: NOON } }),
      verdict: { then: "continue" },
    },
    {
      name: "going forward",
      world: updating({ spec: { rollbackWindow: { revisions: 1 } } }),
      verdict: { then: "continue" },
    },
  ]);
});
