/** Two controllers, of which one leads: it is killed, frozen or stopped in the middle of updates. */
import assert from "node:assert/strict";
import { LEASES, REPLICA_SETS } from "../../../core/api/names/resources.ts";
import type { Held } from "./freezer.ts";
import { World } from "./two_controllers.ts";

const HEALTHY = Array(3).fill("Healthy");

/** After an update that two controllers had a part in. */
function checkSettled(world: World, what: string): void {
  assert.deepEqual(world.phases(), HEALTHY, what);
  for (const [name, hashes] of world.selected) {
    assert.equal(new Set(hashes).size, hashes.length, `${name} goes back: ${hashes}, ${what}`);
  }
  assert.equal(new Set(world.made).size, world.made.length, `made twice: ${world.made}, ${what}`);
  const sizes = world.cluster.objects(REPLICA_SETS)
    .map(({ spec }) => (spec as { replicas: number }).replicas);
  assert.deepEqual(sizes.sort(), [0, 0, 0, 4, 4, 4], what);
}

/** The steps of the update alone. */
function checkSteps(world: World, before: number, what: string): void {
  const steps = world.steps.slice(before).filter((step) => step.startsWith("one "))
    .map((step) => Number(step.slice("one ".length)));
  assert.deepEqual(steps, [0, 1, 2, 3, 4], `each step once: ${what}`);
}

Deno.test("of two controllers the one that leads acts; when it stops, the other is at work within 2 s", async () => {
  const world = new World({ areElected: true });
  await world.start();
  assert.deepEqual(world.phases(), HEALTHY);
  const [leader, other] = world.elections;
  assert.deepEqual([leader?.term(), other?.term()], [1, undefined]);
  assert.deepEqual(world.controllers.map(({ isReady }) => isReady), [true, true]);
  const acting = new Set(world.acting);
  assert.deepEqual(acting, new Set(["first"]));

  await world.update();
  await world.advance(1_000);
  const [steps, before] = [world.steps.length, world.acting.length];
  assert.ok(before > 0);
  const stopped = world.controllers[0]?.stop();
  await world.advance(2_000, () => world.acting.length > before);
  assert.equal(world.acting[before], "second", "it is at work");
  await stopped;
  await world.advance(60_000);
  checkSettled(world, "stopped");
  assert.ok(!world.acting.slice(before).includes("first"));
  assert.ok(world.steps.length > steps);
  const [lease] = world.cluster.objects(LEASES);
  const { holderIdentity, leaseTransitions } = lease?.["spec"] as Record<string, unknown>;
  assert.deepEqual([holderIdentity, leaseTransitions], ["second", 1]);
});

Deno.test("a leader that is killed at any write is followed: no object twice, no step repeated", async () => {
  let count = 0;
  for (let nth = 1; nth <= 40; nth += 4) {
    const world = new World({ areElected: true });
    await world.start();
    const before = world.steps.length;
    if (!await world.freezeAt(nth)) break;
    await world.advance(14_000);
    assert.equal(world.elections[1]?.term(), undefined, "the Lease still holds");
    await world.advance(90_000);
    checkSettled(world, `killed at write ${nth}`);
    checkSteps(world, before, `killed at write ${nth}`);
    count++;
  }
  assert.ok(count >= 8, `${count} moments were tried`);
});

/** What a process may hear of first when it wakes. */
const ORDERS: readonly (readonly Held[])[] = [
  ["call", "answer", "services", "timer"],
  ["answer", "call", "timer"],
  ["timer", "services", "rollouts", "answer", "call"],
  ["call", "replicasets", "timer", "answer"],
  ["rollouts", "call", "timer", "answer"],
];

Deno.test("a leader that wakes after its Lease has run out writes nothing", async () => {
  let count = 0;
  for (let nth = 1; nth <= 24; nth += 4) {
    // The other has just begun, is in the middle of it, or has finished.
    for (const frozenMs of [17_000, 19_000, 90_000]) {
      const world = new World({ areElected: true });
      await world.start();
      if (!await world.freezeAt(nth)) continue;
      await world.advance(frozenMs);
      const written = world.written.length;
      const order = ORDERS[count % ORDERS.length] ?? [];
      await world.freezer.thaw(order, () => world.settle());
      await world.advance(90_000);
      const what = `frozen at write ${nth} for ${frozenMs} ms`;
      assert.deepEqual(world.written.slice(written), [], what);
      checkSettled(world, what);
      assert.deepEqual(world.elections.map((one) => one.term()), [undefined, 1], what);
      count++;
    }
  }
  assert.ok(count >= 12, `${count} moments were tried`);
});

Deno.test("a leader alone that was frozen past its Lease leads again, and finishes its work", async () => {
  const world = new World({ areElected: true });
  await world.start();
  await world.controllers[1]?.stop();
  assert.ok(await world.freezeAt(3));
  await world.advance(60_000);
  const written = world.written.length;
  await world.freezer.thaw(ORDERS[0] ?? [], () => world.settle());
  await world.advance(90_000);
  checkSettled(world, "alone");
  assert.ok(world.written.length > written);
  assert.equal(world.elections[0]?.term(), 2);
});
