import assert from "node:assert/strict";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { NOON, worldOf, type WorldShape } from "../world.ts";
import { planText } from "./plan_text.ts";

const STEPS = [{ setWeight: 20 }, { setWeight: 60 }];
const STABLE = { hash: "aaa", size: 5 };
const SERVICES = {
  canary: { stableService: "web-stable", canaryService: "web-canary" },
  services: { "web-stable": { selects: "aaa" }, "web-canary": { selects: "aaa" } },
};

function plan(shape: WorldShape) {
  return planText(situationOf(worldOf({ steps: STEPS, stable: STABLE, ...SERVICES, ...shape })));
}

Deno.test("the plan of a step says where pods should end, their next sizes, and who is selected", () => {
  assert.deepEqual(plan({ next: { hash: "bbb", size: 1 }, stable: { hash: "aaa", size: 4 } }), {
    goal: "1 updated, 4 stable",
    sizes: ["web-aaa 4", "web-bbb 1"],
    why: "setWeight 20 (1 of 5 pods)",
    users: "web-stable aaa",
    update: "web-canary bbb",
  });
});

Deno.test("a set that has yet to be created starts with its pods while no other gives way", () => {
  const world = worldOf({ steps: STEPS, stable: STABLE, next: undefined, templateHash: "bbb" });
  assert.equal(situationOf(world).plan().startSize, 1);
});

Deno.test("users leave stable in the plan that takes its last pods, and a pod waits for them", () => {
  const done = { currentStepIndex: 2 };
  const next = { hash: "bbb", size: 5 };
  assert.deepEqual(plan({ stable: { hash: "aaa", size: 1 }, next, status: done }), {
    goal: "5 updated, 0 stable",
    sizes: ["web-aaa 1", "web-bbb 5"],
    why: "setWeight 100 (5 of 5 pods)",
    users: "web-stable bbb",
    update: "web-canary bbb",
  });
});

Deno.test("the plan of an abort gives stable all pods and both Services", () => {
  const next = { hash: "bbb", size: 2 };
  const stable = { hash: "aaa", size: 3 };
  const services = { "web-stable": { selects: "aaa" }, "web-canary": { selects: "bbb" } };
  assert.deepEqual(plan({ stable, next, services, status: { abort: true, abortedAt: NOON } }), {
    goal: "0 updated, 5 stable",
    sizes: ["web-aaa 5", "web-bbb 1"],
    why: "aborted",
    users: "web-stable aaa",
    update: "web-canary aaa",
  });
});

Deno.test("an abort without a stable set takes no pod away: there is nothing to go back to", () => {
  const status = { abort: true, abortedAt: NOON, stableRS: "", currentPodHash: "bbb" };
  for (const size of [1, 5]) {
    const next = { hash: "bbb", size, available: 0 };
    const { sizes } = planText(situationOf(worldOf({ steps: STEPS, next, status })));
    assert.deepEqual(sizes, ["web-bbb 5"], `from ${size} pods`);
  }
});

Deno.test("the sizes of an abort change by themselves at its deadline, while other sets have pods", () => {
  const DEADLINE = Date.parse("2026-03-01T12:01:00Z");
  const changesAt = (shape: WorldShape) =>
    situationOf(worldOf({
      steps: STEPS,
      stable: STABLE,
      next: { hash: "bbb", size: 2 },
      ...shape,
      spec: { progressDeadlineSeconds: 60 },
      status: { abort: true, abortedAt: NOON, ...shape.status },
    })).plan().sizesChangeAtMs;
  const none = { hash: "bbb", size: 0 };
  const rows: [string, WorldShape, number[]][] = [
    ["the newest set has pods", {}, [DEADLINE]],
    ["nobody else has", { next: none }, []],
    ["a superseded set has one", { next: none, past: [{ hash: "old", size: 1 }] }, [DEADLINE]],
    ["superseded sets have none", { next: none, past: [{ hash: "old", size: 0 }] }, []],
    ["nothing is aborted", { status: { abort: false } }, []],
    ["the newest set is the stable one", { status: { stableRS: "bbb" } }, []],
  ];
  for (const [name, shape, expected] of rows) assert.deepEqual(changesAt(shape), expected, name);
});

Deno.test("without another stable set all pods are the newest set's", () => {
  const next = { hash: "bbb", size: 5 };
  const { goal } = planText(situationOf(worldOf({ steps: STEPS, next })));
  assert.equal(goal, "5 updated, 0 stable");
});

Deno.test("users do not move to a set that gives its last pods up in the same plan", () => {
  const shape = { replicas: 0, stable: { hash: "aaa", size: 2 }, next: { hash: "bbb", size: 1 } };
  const { sizes, users } = plan(shape);
  assert.deepEqual([sizes, users], [["web-aaa 1", "web-bbb 0"], undefined]);
});
