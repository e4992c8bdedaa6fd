import assert from "node:assert/strict";
import { selectedHash } from "../../../../core/rollout/service.ts";
import { services } from "../../../../core/rollout/stages/services.ts";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { type ServiceShape, worldOf, type WorldShape } from "../world.ts";

const CANARY = { canaryService: "web-canary", stableService: "web-stable" };
const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 100 }];

/** A world with both Services, as they select now. */
function steered(
  canary: ServiceShape | string,
  stable: ServiceShape | string,
  shape: WorldShape,
) {
  const shaped = (service: ServiceShape | string) =>
    typeof service === "string" ? { selects: service } : service;
  return worldOf({
    steps: STEPS,
    canary: CANARY,
    services: { "web-canary": shaped(canary), "web-stable": shaped(stable) },
    ...shape,
  });
}

const switched = (service: string, from: string, to: string) =>
  `Switched selector for service '${service}' from '${from}' to '${to}'`;

Deno.test("services() points the canary Service to the newest set once it has a pod", () => {
  const stable = { hash: "aaa", size: 4 };
  const rows: Row[] = [
    {
      name: "none is available",
      world: steered("aaa", "aaa", { stable, next: { hash: "bbb", size: 2, available: 0 } }),
      verdict: { then: "continue" },
    },
    {
      name: "one of two is available",
      world: steered("aaa", "aaa", { stable, next: { hash: "bbb", size: 2, available: 1 } }),
      verdict: { effects: ["select web-canary bbb"], then: "continue" },
    },
    {
      name: "it does already",
      world: steered("bbb", "aaa", { stable, next: { hash: "bbb", size: 2 } }),
      verdict: { then: "continue" },
    },
    {
      name: "it stays when the pods go",
      world: steered("bbb", "aaa", { stable, next: { hash: "bbb", size: 2, available: 0 } }),
      verdict: { then: "continue" },
    },
    {
      name: "an abort takes it back to stable",
      world: steered("bbb", "aaa", {
        stable,
        next: { hash: "bbb", size: 1 },
        status: { abort: true },
      }),
      verdict: { effects: ["select web-canary aaa"], then: "continue" },
    },
  ];
  checkStage(services, rows);
});

Deno.test("services() takes over a Service that nobody steered once a set is complete", () => {
  const fresh: ServiceShape = { isManaged: false };
  checkStage(services, [
    {
      name: "4 of 5 pods",
      world: steered(fresh, fresh, { next: { hash: "aaa", size: 5, available: 4 } }),
      verdict: { then: "continue" },
    },
    {
      name: "all pods",
      world: steered(fresh, fresh, { next: { hash: "aaa", size: 5 } }),
      verdict: {
        effects: ["select web-stable aaa (taken over)", "select web-canary aaa (taken over)"],
        then: "continue",
        why: "pods are available: web-stable selects revision 1, web-canary selects revision 1",
      },
    },
    {
      name: "stable has no pods, and the canary not all that users are to have",
      world: steered({ selects: "bbb" }, fresh, {
        stable: { hash: "aaa", size: 3, available: 0 },
        next: { hash: "bbb", size: 2 },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "stable has no pods, and the canary all that users are to have",
      world: steered({ selects: "bbb" }, fresh, {
        stable: { hash: "aaa", size: 1, available: 0 },
        next: { hash: "bbb", size: 5 },
      }),
      verdict: { effects: ["select web-stable bbb (taken over)"], then: "continue" },
    },
    {
      name: "no pods are wanted, and none are there",
      world: steered(fresh, fresh, { replicas: 0, next: { hash: "aaa", size: 0 } }),
      verdict: { then: "continue" },
    },
    {
      name: "right selector, but not marked as ours",
      world: steered({ selects: "aaa", isManaged: false }, "aaa", {
        next: { hash: "aaa", size: 5 },
      }),
      verdict: { effects: ["select web-canary aaa (taken over)"], then: "continue" },
    },
  ]);
});

Deno.test("services() leaves the stable Service at the stable set while that keeps pods", () => {
  checkStage(services, [
    {
      name: "in mid-update",
      world: steered("bbb", "aaa", {
        stable: { hash: "aaa", size: 3 },
        next: { hash: "bbb", size: 2 },
        status: { currentStepIndex: 0 },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "it comes back when stable has pods again",
      world: steered("bbb", "bbb", {
        stable: { hash: "aaa", size: 4, available: 1 },
        next: { hash: "bbb", size: 4 },
        status: { currentStepIndex: 0 },
      }),
      verdict: { effects: ["select web-stable aaa"], then: "continue" },
    },
  ]);
});

Deno.test("the stable Service leaves a set before its last pods do (S6)", () => {
  const last = { currentStepIndex: 2 };
  checkStage(services, [
    {
      name: "stable is about to lose its last pod",
      world: steered("bbb", "aaa", {
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 5 },
        status: last,
      }),
      verdict: { effects: ["select web-stable bbb"], then: "continue" },
    },
    {
      name: "under spec.paused it does not lose it",
      world: steered("bbb", "aaa", {
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 5 },
        spec: { paused: true },
        status: last,
      }),
      verdict: { then: "continue" },
    },
    {
      name: "under spec.paused it does not come back to the last pod either",
      world: steered("bbb", "bbb", {
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 5 },
        spec: { paused: true },
        status: last,
      }),
      verdict: { then: "continue" },
    },
    {
      name: "under spec.paused, pods lost",
      world: steered("bbb", "bbb", {
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 5, available: 0 },
        spec: { paused: true },
        status: last,
      }),
      verdict: { effects: ["select web-stable aaa"], then: "continue" },
    },
    {
      name: "under spec.paused, without pods",
      world: steered("bbb", "aaa", {
        stable: { hash: "aaa", size: 0, present: 1, available: 1 },
        next: { hash: "bbb", size: 5 },
        spec: { paused: true },
        status: last,
      }),
      verdict: { effects: ["select web-stable bbb"], then: "continue" },
    },
    {
      name: "not yet: the canary cannot carry the load",
      world: steered("bbb", "aaa", {
        stable: { hash: "aaa", size: 2 },
        next: { hash: "bbb", size: 5, available: 2 },
        status: last,
      }),
      verdict: { then: "continue" },
    },
    {
      name: "stable lost all its pods: whoever has some serves",
      world: steered("bbb", "aaa", {
        stable: { hash: "aaa", size: 3, available: 0 },
        next: { hash: "bbb", size: 2 },
        status: last,
      }),
      verdict: { effects: ["select web-stable bbb"], then: "continue" },
    },
    {
      name: "nobody has pods",
      world: steered("bbb", "aaa", {
        stable: { hash: "aaa", size: 3, available: 0 },
        next: { hash: "bbb", size: 2, available: 0 },
        status: last,
      }),
      verdict: { then: "continue" },
    },
    {
      name: "all is scaled to nothing: a canary on its way out is no refuge",
      world: steered("bbb", "aaa", {
        replicas: 0,
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 0, present: 1, available: 1 },
        status: { currentStepIndex: 0 },
      }),
      verdict: { then: "continue" },
    },
  ]);
});

Deno.test("services() tells of a switch with its write, and touches only its own fields", () => {
  const world = steered("aaa", "aaa", {
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
  });
  const [effect] = services(situationOf(world)).effects ?? [];
  assert.ok(effect?.kind === "write" && effect.verb === "patch");
  assert.deepEqual(effect.events, [
    { type: "Normal", reason: "SwitchService", message: switched("web-canary", "aaa", "bbb") },
  ]);
  assert.deepEqual(effect.patch, {
    type: "merge",
    body: { spec: { selector: { "rollouts-pod-template-hash": "bbb" } } },
  });
  assert.equal(effect.decidedOn, "300");
});

Deno.test("services() leaves Services alone that are not named, or not there", () => {
  const sets = { stable: { hash: "aaa", size: 4 }, next: { hash: "bbb", size: 1 } };
  checkStage(services, [
    {
      name: "none named",
      world: worldOf({ steps: STEPS, ...sets }),
      verdict: { then: "continue" },
    },
    {
      name: "named, not there",
      world: worldOf({ steps: STEPS, canary: CANARY, ...sets }),
      verdict: { then: "continue" },
    },
    {
      name: "only a canary Service",
      world: worldOf({
        steps: STEPS,
        canary: { canaryService: "web-canary" },
        services: { "web-canary": { selects: "aaa" } },
        ...sets,
      }),
      verdict: { effects: ["select web-canary bbb"], then: "continue" },
    },
  ]);
});

Deno.test("selectedHash() is empty for a Service that selects no revision", () => {
  const world = steered({}, "aaa", { next: { hash: "aaa", size: 5 } });
  const [canary, stable] = [...world.services.values()];
  assert.equal(selectedHash(canary!), "");
  assert.equal(selectedHash(stable!), "aaa");
});
