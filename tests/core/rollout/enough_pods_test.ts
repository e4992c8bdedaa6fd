import assert from "node:assert/strict";
import { hasEnoughPods, missingPods } from "../../../core/rollout/enough_pods.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import { worldOf } from "./world.ts";

function situation(available: number, threshold?: { type: "Percent" | "Pods"; value: number }) {
  const world = worldOf({
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 4, available },
  });
  const { rollout } = world;
  const canary = { ...rollout.spec.strategy?.canary, replicaProgressThreshold: threshold };
  const spec = { ...rollout.spec, replicas: 10, strategy: { canary } };
  return situationOf({ ...world, rollout: { ...rollout, spec } as typeof rollout });
}

Deno.test("missingPods() is content with all pods, or with what the threshold asks for", () => {
  const percent = (value: number) => ({ type: "Percent", value }) as const;
  const pods = (value: number) => ({ type: "Pods", value }) as const;
  const rows: [Parameters<typeof situation>[1], number, string | undefined][] = [
    [undefined, 4, undefined],
    [undefined, 3, "waiting for the canary: 3 of 4 pods available"],
    [percent(75), 3, undefined],
    [percent(76), 3, "waiting for the canary: 3 of 4 pods available, 76 % are enough"],
    [percent(0), 0, undefined],
    [percent(200), 4, undefined],
    [pods(2), 2, undefined],
    [pods(2), 1, "waiting for the canary: 1 of 4 pods available, 2 are enough"],
    [pods(9), 3, "waiting for the canary: 3 of 4 pods available, 9 are enough"],
    [pods(9), 4, undefined],
    [percent(-1), 3, "waiting for the canary: 3 of 4 pods available"],
  ];
  for (const [threshold, available, missing] of rows) {
    assert.equal(missingPods(situation(available, threshold), 4), missing);
  }
});

Deno.test("hasEnoughPods() measures by all the Rollout's pods", () => {
  assert.equal(hasEnoughPods(situation(4)), false);
  assert.equal(hasEnoughPods(situation(4, { type: "Percent", value: 40 })), true);
  assert.equal(hasEnoughPods(situation(4, { type: "Percent", value: 41 })), false);
  assert.equal(hasEnoughPods(situation(4, { type: "Pods", value: 4 })), true);
  assert.equal(hasEnoughPods(situation(10)), true);
});
