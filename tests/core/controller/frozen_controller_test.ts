/** A controller that stood still while another one went on, and wakes with what it knew. */
import assert from "node:assert/strict";
import { REPLICA_SETS } from "../../../core/api/names/resources.ts";
import type { Held } from "./freezer.ts";
import { World } from "./two_controllers.ts";

/** What a process may hear of first when it wakes. */
const ORDERS: readonly (readonly Held[])[] = [
  ["answer", "call", "services", "timer"],
  ["services", "timer", "answer", "call"],
  ["timer", "services", "rollouts", "answer", "call"],
  ["call", "answer", "replicasets", "timer"],
  ["rollouts", "timer", "call", "answer"],
];

Deno.test("a controller that wakes after another has finished writes nothing", async () => {
  let count = 0;
  for (let nth = 1; nth <= 24; nth += 2) {
    const world = new World();
    await world.start();
    assert.deepEqual(world.phases(), Array(3).fill("Healthy"));
    if (!await world.freezeAt(nth)) break;
    await world.advance(90_000);
    assert.deepEqual(world.phases(), Array(3).fill("Healthy"), `the second goes on at ${nth}`);
    const before = world.written.length;
    await world.freezer.thaw(ORDERS[nth % ORDERS.length] ?? [], () => world.settle());
    await world.advance(60_000);
    assert.deepEqual(world.written.slice(before), [], `frozen at write ${nth}`);
    await world.stop();
    count++;
  }
  assert.ok(count >= 6, `${count} moments were tried`);
});

Deno.test("a controller that wakes in the middle of what another does takes nothing back", async () => {
  let count = 0;
  for (let nth = 1; nth <= 24; nth += 4) {
    for (const frozenMs of [3_500, 5_000, 9_000]) {
      const world = new World();
      await world.start();
      if (!await world.freezeAt(nth)) continue;
      await world.advance(frozenMs);
      const order = ORDERS[(nth + frozenMs) % ORDERS.length] ?? [];
      await world.freezer.thaw(order, () => world.settle());
      await world.advance(90_000);
      assert.deepEqual(world.phases(), Array(3).fill("Healthy"));
      for (const [name, hashes] of world.selected) {
        assert.equal(new Set(hashes).size, hashes.length, `${name}: ${hashes}, frozen at ${nth}`);
      }
      const sizes = world.cluster.objects(REPLICA_SETS)
        .map(({ spec }) => (spec as { replicas: number }).replicas);
      assert.deepEqual(sizes.sort(), [0, 0, 0, 4, 4, 4]);
      await world.stop();
      count++;
    }
  }
  assert.ok(count >= 9, `${count} moments were tried`);
});
