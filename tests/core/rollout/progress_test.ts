import assert from "node:assert/strict";
import { findCondition } from "../../../core/api/values/conditions.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { hashOf, type ReplicaSet } from "../../../core/sets/mod.ts";
import { afterPass, edited, runPass, runUntilSettled } from "./cluster_model.ts";
import { worldOf } from "./world.ts";

const STARTED = "2026-03-01T12:00:00Z";

/** Two of four pods are to be new; how many of the two are ready is the test's to say. */
function halfWay(): RolloutWorld {
  const { world } = runUntilSettled(
    worldOf({
      replicas: 4,
      steps: [{ setWeight: 50 }],
      stable: { hash: "aaa", size: 2 },
      next: { hash: "bbb", size: 2, available: 0 },
      status: {
        duration: { rolloutStartedAt: STARTED },
        replicas: 4,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
      },
    }),
    { health: (hash) => hash === "aaa" },
  );
  return world;
}

function withReady(world: RolloutWorld, ready: number): RolloutWorld {
  const replicaSets = world.replicaSets.map((set): ReplicaSet =>
    hashOf(set) === "bbb"
      ? { ...set, status: { ...set.status, readyReplicas: ready, availableReplicas: ready } }
      : set
  );
  const nextSet = replicaSets.find((set) => hashOf(set) === "bbb");
  return { ...world, replicaSets, nextSet };
}

/** Lets counts follow one another every half minute; passes run until nothing is written. */
function follow(start: RolloutWorld, counts: readonly number[]) {
  let world = start;
  let effects = 0;
  const updates: string[] = [];
  for (const ready of counts) {
    world = withReady({ ...world, nowMs: world.nowMs + 30_000 }, ready);
    for (let rounds = 0;; rounds++) {
      assert.ok(rounds < 5, "comes to rest");
      const pass = runPass(world);
      if (pass.decision.effects.length === 0 && !pass.isStatusWritten) break;
      effects += pass.decision.effects.length;
      world = afterPass(pass);
    }
    const progressing = findCondition(world.rollout.status?.conditions, "Progressing");
    updates.push(`${progressing?.lastUpdateTime.slice(11, 19)} ${progressing?.reason}`);
  }
  return { world, effects, updates };
}

const alternating = (length: number) => Array.from({ length }, (_, index) => (index + 1) % 2);

Deno.test("readiness that comes and goes is progress once: the deadline is kept", () => {
  const { world, effects, updates } = follow(halfWay(), alternating(25));
  assert.equal(updates[0], "12:00:30 ReplicaSetUpdated");
  assert.deepEqual([...new Set(updates.slice(0, 21))], [updates[0]]);
  assert.match(updates.at(-1) ?? "", /ProgressDeadlineExceeded$/);
  assert.equal(world.rollout.status?.phase, "Degraded");
  assert.equal(effects, 1, "what was best is noted once");
});

Deno.test("more than the best so far is progress, also after a loss", () => {
  const { updates } = follow(halfWay(), [1, 0, 1, 0]);
  const { updates: better } = follow(halfWay(), [1, 0, 1, 2]);
  assert.equal(updates.at(-1), "12:00:30 ReplicaSetUpdated");
  assert.notEqual(better.at(-1), updates.at(-1));
});

Deno.test("a Rollout that is stuck stays so while readiness flaps, and leaves it by getting on", () => {
  const stuck = follow(halfWay(), [...alternating(30)]).world;
  const flapping = follow(stuck, [1, 0, 1, 0]);
  assert.deepEqual(
    flapping.updates.map((text) => text.split(" ")[1]),
    Array(4).fill("ProgressDeadlineExceeded"),
  );
  const { world } = follow(stuck, [2]);
  assert.notEqual(world.rollout.status?.phase, "Degraded");
});

Deno.test("what was best of another step, or of another scale, does not count", () => {
  const { world } = follow(halfWay(), [1, 0]);
  const scaled = edited(world, { spec: { replicas: 8 } });
  const { updates } = follow(scaled, [1]);
  assert.match(updates[0] ?? "", /^12:01:30 /);
});

Deno.test("after the update each pod that comes back is progress", () => {
  const { world } = runUntilSettled(worldOf({
    replicas: 4,
    next: { hash: "bbb", size: 4 },
    status: { duration: { rolloutStartedAt: STARTED, finishedAt: STARTED } },
  }));
  const { updates, effects } = follow(world, [2, 3, 2, 3]);
  assert.deepEqual(updates.map((text) => text.slice(0, 8)), [
    "12:00:30",
    "12:01:00",
    "12:01:00",
    "12:02:00",
  ]);
  assert.equal(effects, 0);
});
