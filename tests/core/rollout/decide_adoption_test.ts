import assert from "node:assert/strict";
import { decide, type RolloutWorld } from "../../../core/rollout/mod.ts";
import type { ReplicaSet } from "../../../core/sets/mod.ts";
import { writesIn } from "./verdict_text.ts";
import { deepFreeze, type SetShape, worldOf, type WorldShape } from "../rollout/world.ts";

const OWNER = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  name: "web",
  uid: "rollout-uid",
  controller: true,
  blockOwnerDeletion: true,
};

/** A world with sets that wait to be taken in or let go; its own set is "own". */
function worldWith(
  { orphans = [], strays = [], isConfirmed = true, ...shape }: WorldShape & {
    orphans?: SetShape[];
    strays?: SetShape[];
    isConfirmed?: boolean;
  },
): RolloutWorld {
  const world = worldOf({ next: { hash: "own", size: 5 }, ...shape });
  const made = (shapes: SetShape[]) =>
    worldOf({ past: shapes, next: undefined, templateHash: "none" }).replicaSets as ReplicaSet[];
  return deepFreeze({ ...world, orphans: made(orphans), strays: made(strays), isConfirmed });
}

Deno.test("a pass that claims sets does nothing else, and says nothing of the status", () => {
  // Without the orphan, this pass would create a set and switch the Services.
  const world = worldWith({
    next: undefined,
    orphans: [{ hash: "aaa", size: 5 }],
    canary: { stableService: "stable" },
    services: { stable: { selects: "aaa" } },
  });
  const { effects, status, events, why } = decide(world);
  assert.deepEqual(writesIn({ effects }).map(({ verb }) => verb), ["patch"]);
  assert.equal(status, undefined);
  assert.deepEqual(events, []);
  assert.match(why, /web-aaa/);
});

Deno.test("while nobody knows whether the Rollout stays, nothing is taken in and nothing begun", () => {
  const world = worldWith({
    next: undefined,
    orphans: [{ hash: "aaa", size: 5 }],
    strays: [{ hash: "bbb", size: 5, metadata: { ownerReferences: [OWNER] } }],
    isConfirmed: false,
  });
  const { effects, status, wakeAtMs, isRetry } = decide(world);
  assert.deepEqual(effects, []);
  assert.equal(status, undefined);
  assert.equal(wakeAtMs, world.nowMs + 1_000);
  assert.equal(isRetry, true);
});

Deno.test("a Rollout that is refused, or not served, takes nothing in and lets nothing go", () => {
  const orphans = [{ hash: "aaa", size: 5 }];
  const strays = [{ hash: "bbb", size: 5, metadata: { ownerReferences: [OWNER] } }];
  const refused = worldWith({ orphans, strays, invalid: "it is wrong" });
  assert.deepEqual(decide(refused).effects, []);
  const unserved = worldWith({ orphans, strays, canary: { pingPong: {} as never } });
  assert.deepEqual(decide(unserved).effects, []);
});

Deno.test("a paused Rollout takes its sets in", () => {
  const world = worldWith({ orphans: [{ hash: "aaa", size: 5 }], spec: { paused: true } });
  assert.equal(decide(world).effects.length, 1);
});
