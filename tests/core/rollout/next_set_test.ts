import assert from "node:assert/strict";
import type { AntiAffinity } from "../../../sdk/api/rollout.ts";
import { newNextSet, nextSetSpec } from "../../../core/rollout/next_set.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import { worldOf, type WorldShape } from "./world.ts";

const REQUIRED: AntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: {} };
const NEXT = { hash: "bbb", size: 1 };
const STABLE = { hash: "aaa", size: 4 };

/** The hashes that the newest pods keep away from. */
function avoided(shape: WorldShape): string[] {
  const world = worldOf({ stable: STABLE, next: NEXT, ...shape });
  const situation = situationOf(world);
  const { template } = world.nextSet === undefined
    ? newNextSet(situation, { name: "web-bbb", size: 1, number: 2 }).spec
    : nextSetSpec(situation, world.nextSet);
  return JSON.stringify(template.spec).match(/(?<="values":\[")\w+/g) ?? [];
}

Deno.test("the newest set keeps away from the nodes of the stable one, if that is asked for", () => {
  const canary = { antiAffinity: REQUIRED };
  assert.deepEqual(avoided({ canary }), ["aaa"]);
  assert.deepEqual(avoided({ canary, next: undefined, templateHash: "bbb" }), ["aaa"]);
  assert.deepEqual(avoided({}), []);
});

Deno.test("without a stable set, or when it is stable itself, the newest keeps away from none", () => {
  const canary = { antiAffinity: REQUIRED };
  assert.deepEqual(avoided({ canary, status: { stableRS: "" } }), []);
  assert.deepEqual(avoided({ canary, status: { stableRS: "bbb" } }), []);
});

Deno.test("a blue-green asks for anti-affinity in its own field", () => {
  const blueGreen = { activeService: "web", antiAffinity: REQUIRED };
  assert.deepEqual(avoided({ blueGreen }), ["aaa"]);
});
