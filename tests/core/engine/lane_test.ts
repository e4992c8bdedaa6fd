/** Kinds do not wait for each other, and a key that is held is tried when its own wait is over. */
import assert from "node:assert/strict";
import { Engine, type Key } from "../../../core/engine/mod.ts";
import {
  create,
  decision,
  EngineWorld,
  MillController,
  NOTHING,
  wantGear,
  wantTeeth,
} from "./engine_world.ts";
import { gear, GEARS, mill, MILLS, WHEELS } from "./objects.ts";
import { settle } from "./virtual_time.ts";

/** Counts how often each key is tried: a try asks first what the key needs. */
function countTries(world: EngineWorld, needs: Parameters<typeof Object.assign>[1] = {}) {
  const tries = new Map<Key, number>();
  const wanted = (needs as { needs?: (key: Key) => readonly [] }).needs;
  Object.assign(world.controller, needs, {
    needs(key: Key) {
      tries.set(key, (tries.get(key) ?? 0) + 1);
      return wanted?.(key) ?? [];
    },
  });
  return tries;
}

Deno.test("a kind whose passes are all stuck keeps no other kind from its passes", async () => {
  const world = new EngineWorld();
  const { cluster, clock, log, recorder } = world;
  const engine = new Engine({ cluster, clock, log, recorder, concurrency: 2 });
  const stuck = new MillController();
  stuck.decide = ({ mill }) => decision({ effects: [create(gear(`${mill.metadata.name}-1`))] });
  const other = new MillController();
  const seen: string[] = [];
  other.decide = ({ mill }) => {
    seen.push(mill.metadata.name);
    return NOTHING;
  };
  for (const name of ["a", "b", "c"]) cluster.put(MILLS, mill(name));
  const held = [cluster.hold("create", GEARS), cluster.hold("create", GEARS)];
  engine.add(stuck);
  engine.add(other);
  engine.start();
  await settle(clock);
  assert.deepEqual(seen, ["a", "b", "c"]);
  engine.stop();
  for (const answer of held) answer.release();
  await settle(clock);
});

Deno.test("keys that wait for a cache are tried once when it is filled, whatever else happens", async () => {
  const world = new EngineWorld();
  const { controller } = world;
  Object.assign(controller, {
    sources: [...controller.sources, { type: WHEELS, isOnDemand: true, wakes: () => [] }],
  });
  const isWaiting = (key: Key) => key !== "default/busy";
  const tries = countTries(world, {
    needs: (key: Key) => (isWaiting(key) ? [{ type: WHEELS }] : []),
  });
  const held = world.cluster.hold("list", WHEELS);
  const names = Array.from({ length: 500 }, (_, index) => `m${index}`);
  await world.start("busy", ...names);
  tries.clear();
  for (let update = 0; update < 10; update++) {
    world.touch("busy");
    await world.settle();
  }
  assert.deepEqual([...tries], [["default/busy", 10]]);
  held.release();
  await world.settle();
  const waiting = [...tries].filter(([key]) => isWaiting(key));
  assert.equal(waiting.length, 500);
  assert.ok(waiting.every(([, count]) => count === 1));
});

Deno.test("keys in doubt are tried once each, when the stream has caught up with their writes", async () => {
  const world = new EngineWorld();
  const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
  for (const name of names) world.cluster.put(GEARS, gear(`${name}-1`, { spec: { teeth: 8 } }));
  await world.start(...names);
  world.decide(wantTeeth(9));
  for (const name of names) world.touch(name);
  await world.settle();
  world.decide(() => NOTHING);
  await world.advance(2_000);
  world.cluster.watchOf(GEARS).end();
  for (const name of names) world.touch(name);
  await world.settle();
  assert.equal(world.passes.length, 0);
  const tries = countTries(world);
  const versions = world.cluster.objects(GEARS)
    .map(({ metadata }) => Number(metadata.resourceVersion));
  const seen: number[] = [];
  for (const version of versions.slice(0, 3)) {
    // A bookmark is about no object: nobody is woken by what it says.
    world.cluster.watchOf(GEARS).bookmark(version);
    await world.settle();
    seen.push(world.passes.length);
  }
  assert.deepEqual(seen, [1, 2, 3]);
  world.cluster.watchOf(GEARS).bookmark(world.cluster.version);
  await world.settle();
  assert.equal(world.passes.length, 50);
  assert.ok([...tries.values()].every((count) => count === 1));
});

Deno.test("a read that ends a doubt takes no slot", async () => {
  const world = new EngineWorld();
  const { cluster, clock, log, recorder, controller } = world;
  const engine = new Engine({ cluster, clock, log, recorder, concurrency: 1 });
  const seen: string[] = [];
  cluster.put(MILLS, mill("m"));
  cluster.put(MILLS, mill("other"));
  const build = wantGear("m-1", gear("m-1"));
  controller.decide = (seen) => (seen.mill.metadata.name === "m" ? build(seen) : NOTHING);
  engine.add(controller);
  engine.start();
  await world.advance(2_000);
  cluster.watchOf(GEARS).end();
  controller.decide = ({ mill }) => {
    seen.push(mill.metadata.name);
    return NOTHING;
  };
  const held = cluster.hold("get", GEARS);
  for (const name of ["m", "other"]) cluster.put(MILLS, mill(name, { spec: { touched: true } }));
  cluster.watchOf(MILLS).tell();
  await world.advance(3_000);
  assert.equal(cluster.said("get").length, 1);
  cluster.put(MILLS, mill("other", { spec: { touched: "again" } }));
  cluster.watchOf(MILLS).tell();
  await settle(clock);
  assert.deepEqual(seen, ["other", "other"], "the read is still under way");
  assert.equal(engine.running, 1);
  held.release();
  await settle(clock);
  assert.deepEqual(seen, ["other", "other", "m"]);
  assert.equal(engine.running, 0);
});
