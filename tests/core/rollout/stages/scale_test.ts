import assert from "node:assert/strict";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { scale } from "../../../../core/rollout/stages/scale.ts";
import { checkStage } from "../verdict_text.ts";
import { NOON, worldOf } from "../world.ts";

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { setWeight: 100 }];

Deno.test("scale() sizes stable, canary and old sets for the weight of the step", () => {
  const stable = { hash: "aaa", size: 5 };
  checkStage(scale, [
    {
      name: "the first weight",
      world: worldOf({ steps: STEPS, stable, next: { hash: "bbb", size: 0 } }),
      verdict: {
        effects: ["size web-aaa 4", "size web-bbb 1"],
        then: "settle",
        why: "setWeight 20 (1 of 5 pods): scale " +
          "revision 1 from 5 to 4, revision 2 from 0 to 1",
      },
    },
    {
      name: "a pause keeps the weight before it",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 1 },
        status: { currentStepIndex: 1 },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a later weight",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 1 },
        status: { currentStepIndex: 2 },
      }),
      verdict: {
        effects: ["size web-aaa 3", "size web-bbb 3"],
        then: "settle",
        why: "setWeight 60 (3 of 5 pods): scale revision 1 from 4 to 3, revision 2 from 1 to 3",
      },
    },
    {
      name: "before the first weight nothing moves",
      world: worldOf({
        steps: [{ pause: {} }, ...STEPS],
        stable,
        next: { hash: "bbb", size: 0 },
      }),
      verdict: { then: "continue" },
    },
  ]);
});

Deno.test("scale() keeps to aborts, full promotions and what other revisions still have", () => {
  const stable = { hash: "aaa", size: 5 };
  checkStage(scale, [
    {
      name: "the abandoned canary gives up its pods before stable does",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 4 },
        next: { hash: "ccc", size: 0 },
        past: [{ hash: "bbb", size: 1 }],
      }),
      verdict: { effects: ["size web-ccc 1", "size web-bbb 0"], then: "settle" },
    },
    {
      name: "of several the newest gives first",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 1, revision: 1 },
        next: { hash: "ddd", size: 1, revision: 4 },
        past: [{ hash: "bbb", size: 2, revision: 2 }, { hash: "ccc", size: 3, revision: 3 }],
      }),
      verdict: { effects: ["size web-ccc 0"], then: "settle" },
    },
    {
      name: "an abort with nothing under way",
      world: worldOf({
        replicas: 3,
        steps: STEPS,
        next: { hash: "aaa", size: 5, desired: 5 },
        status: { abort: true },
      }),
      verdict: { effects: ["size web-aaa 3"], then: "settle" },
    },
    {
      name: "the pass that first sees an abort only makes room in stable",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 1 },
        status: { abort: true, currentStepIndex: 0 },
      }),
      verdict: {
        effects: ["size web-aaa 5"],
        then: "settle",
        why: "aborted: scale revision 1 from 4 to 5",
      },
    },
    {
      name: "the next one empties the canary, stable's new pod available or not",
      world: worldOf({
        steps: STEPS,
        stable: { hash: "aaa", size: 5, present: 4 },
        next: { hash: "bbb", size: 1 },
        status: { abort: true, abortedAt: NOON, currentStepIndex: 0 },
      }),
      verdict: { effects: ["size web-bbb 0"], then: "settle" },
    },
    {
      name: "a full promotion needs no steps",
      world: worldOf({
        steps: STEPS,
        stable,
        next: { hash: "bbb", size: 0 },
        status: { promoteFull: true },
      }),
      verdict: {
        effects: ["size web-aaa 4", "size web-bbb 3"],
        then: "settle",
        why: "full promotion: scale " +
          "revision 1 from 5 to 4, revision 2 from 0 to 3",
      },
    },
    {
      name: "all pods are stable's",
      world: worldOf({ steps: STEPS, next: { hash: "aaa", size: 5 } }),
      verdict: { then: "continue" },
    },
  ]);
});

Deno.test("scale() notes for which number of replicas a size was chosen", () => {
  checkStage(scale, [
    {
      name: "the size stays, the note does not",
      world: worldOf({ steps: STEPS, next: { hash: "aaa", size: 5, desired: 4 } }),
      verdict: { effects: ["note web-aaa desired-replicas=5"], then: "settle" },
    },
    {
      name: "an empty set needs no note",
      world: worldOf({
        steps: STEPS,
        next: { hash: "aaa", size: 5 },
        past: [{ hash: "old", size: 0, desired: 4 }],
      }),
      verdict: { then: "continue" },
    },
  ]);
  const world = worldOf({ steps: STEPS, next: { hash: "aaa", size: 3, desired: 3 } });
  const [write] = scale(situationOf(world)).effects ?? [];
  assert.ok(write?.kind === "write" && write.verb === "patch");
  assert.deepEqual(write.patch.body, {
    metadata: { annotations: { "rollout.argoproj.io/desired-replicas": "5" } },
    spec: { replicas: 5 },
  });
  assert.equal(write.decidedOn, "200");
  assert.deepEqual(write.events?.map(({ message }) => message), [
    "Scaled up ReplicaSet web-aaa (revision 1) from 3 to 5",
  ]);
});

Deno.test("scale() keeps one pod where the stable Service points, while others serve (S6)", () => {
  const canary = { stableService: "web-stable", maxSurge: 0, maxUnavailable: 1 };
  const shape = { steps: STEPS, canary, status: { currentStepIndex: 3 } };
  const selects = (hash: string) => ({ services: { "web-stable": { selects: hash } } });
  checkStage(scale, [
    {
      name: "selected: it keeps the pod, and the canary cannot have its place (S7)",
      world: worldOf({
        ...shape,
        ...selects("aaa"),
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 4 },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "selected, with more than one pod to lose",
      world: worldOf({
        ...shape,
        ...selects("aaa"),
        canary: { ...canary, maxSurge: 5 },
        stable: { hash: "aaa", size: 3 },
        next: { hash: "bbb", size: 5 },
      }),
      verdict: { effects: ["size web-aaa 1"], then: "settle" },
    },
    {
      name: "no longer selected: the last pod goes",
      world: worldOf({
        ...shape,
        ...selects("bbb"),
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 4 },
      }),
      verdict: { effects: ["size web-aaa 0", "size web-bbb 5"], then: "settle" },
    },
    {
      name: "nobody else has pods: one pod without surge has to go first",
      world: worldOf({
        ...shape,
        ...selects("aaa"),
        replicas: 1,
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 0 },
      }),
      verdict: { effects: ["size web-aaa 0", "size web-bbb 1"], then: "settle" },
    },
    {
      name: "an old set that the Service still selects, too",
      world: worldOf({
        ...shape,
        ...selects("old"),
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 1 },
        past: [{ hash: "old", size: 2 }],
      }),
      verdict: { effects: ["size web-old 1"], then: "settle" },
    },
  ]);
});
