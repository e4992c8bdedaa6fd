import assert from "node:assert/strict";
import { UnreachableError } from "../../../core/ports/mod.ts";
import { EngineWorld, NOTHING, wantGear, wantTeeth } from "./engine_world.ts";
import { gear, GEARS, refTo } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";

const GONE = refusal(410, "Expired");

/** A world in which the key `default/m` has patched its gear, and no event has told of it yet. */
async function withUntoldWrite(): Promise<EngineWorld> {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  world.controller.decide = wantTeeth(9);
  await world.start("m", "n");
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1"]);
  world.decide(() => NOTHING);
  return world;
}

/** The same, and then the watch of gears ended and began anew: 2 s after the write. */
async function withRestartedWatch(): Promise<EngineWorld> {
  const world = await withUntoldWrite();
  await world.advance(2_000);
  world.cluster.watchOf(GEARS).end();
  return world;
}

Deno.test("in the normal state, events merely late, no key waits and nothing is read", async () => {
  const world = await withUntoldWrite();
  world.touch("m");
  await world.settle();
  assert.equal(world.passes.length, 1);
  await world.advance(60_000);
  assert.deepEqual(world.cluster.said("get"), []);
});

Deno.test("while a restarted watch may be older than our write, the key waits", async () => {
  const world = await withRestartedWatch();
  world.touch("m");
  await world.advance(2_999);
  assert.equal(world.passes.length, 0);
  assert.equal(world.engine.running, 0, "it waits for clock or world");
});

Deno.test("as soon as events have caught up with our write, the key goes on, once", async () => {
  const world = await withRestartedWatch();
  world.touch("m");
  await world.settle();
  world.cluster.watchOf(GEARS).tell();
  await world.settle();
  assert.equal(world.passes.length, 1);
  await world.advance(60_000);
  assert.equal(world.passes.length, 1);
  assert.deepEqual(world.cluster.said("get"), []);
});

Deno.test("an event older than our write is not enough to go on", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  world.controller.decide = wantTeeth(9);
  const held = world.cluster.hold("list", GEARS);
  await world.start("m");
  const older = world.cluster.put(GEARS, gear("n-1"));
  held.release();
  await world.settle();
  world.decide(() => NOTHING);
  await world.advance(2_000);
  world.cluster.watchOf(GEARS).end();
  world.touch("m");
  world.cluster.watchOf(GEARS).tell(Number(older.metadata.resourceVersion));
  await world.settle();
  assert.equal(world.passes.length, 0);
  world.cluster.watchOf(GEARS).tell();
  await world.settle();
  assert.equal(world.passes.length, 1);
});

Deno.test("as soon as a bookmark has caught up with our write, the key goes on", async () => {
  const world = await withRestartedWatch();
  world.touch("m");
  await world.settle();
  world.cluster.watchOf(GEARS).bookmark(world.cluster.version);
  await world.settle();
  assert.equal(world.passes.length, 1);
});

Deno.test("other keys are not held up", async () => {
  const world = await withRestartedWatch();
  world.touch("m");
  world.touch("n");
  await world.settle();
  assert.deepEqual(world.passes.map(({ key }) => key), ["default/n"]);
});

Deno.test("five seconds after its write the key reads the object and goes on", async () => {
  const world = await withRestartedWatch();
  world.touch("m");
  await world.advance(2_999);
  assert.deepEqual(world.cluster.said("get"), []);
  await world.advance(1);
  assert.deepEqual(world.cluster.said("get"), ["get gears m-1"]);
  assert.equal(world.passes.length, 1);
  world.touch("m");
  await world.settle();
  assert.equal(world.passes.length, 2, "the doubt is over");
  assert.equal(world.cluster.said("get").length, 1);
});

Deno.test("what the read shows is in the cache", async () => {
  const world = await withRestartedWatch();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 33 } }));
  world.touch("m");
  await world.advance(3_000);
  assert.deepEqual(world.cached(GEARS, "m-1")?.["spec"], { teeth: 33 });
});

Deno.test("when the read finds nothing, the object is gone and the key goes on", async () => {
  const world = await withRestartedWatch();
  world.cluster.remove(GEARS, refTo("m-1"));
  world.touch("m");
  await world.advance(3_000);
  assert.equal(world.cached(GEARS, "m-1"), undefined);
  assert.equal(world.passes.at(-1)?.key, "default/m");
});

Deno.test("a read that is not answered is asked again, ever more slowly", async () => {
  const world = await withRestartedWatch();
  const error = new UnreachableError("Cannot get: reset");
  world.cluster.refuse("get", GEARS, { error, times: 3 });
  world.touch("m");
  const gets = () => world.cluster.said("get").length;
  const seen: number[] = [];
  for (const ms of [3_000, 10, 20, 39]) {
    await world.advance(ms);
    seen.push(gets());
  }
  assert.deepEqual(seen, [1, 2, 3, 3]);
  assert.equal(world.passes.length, 0);
  await world.advance(1);
  assert.equal(gets(), 4);
  assert.equal(world.passes.length, 1);
});

Deno.test("a key whose read is not answered goes on when the stream has caught up", async () => {
  const world = await withRestartedWatch();
  const error = new UnreachableError("Cannot get: reset");
  world.cluster.refuse("get", GEARS, { error, times: Infinity });
  world.touch("m");
  await world.advance(10_000);
  assert.equal(world.passes.length, 0);
  world.cluster.watchOf(GEARS).tell();
  await world.settle();
  assert.equal(world.passes.length, 1);
});

Deno.test("a write that was told before the watch ended holds nobody", async () => {
  const world = await withUntoldWrite();
  world.cluster.watchOf(GEARS).tell();
  world.cluster.watchOf(GEARS).end();
  world.decide(() => NOTHING);
  world.touch("m");
  await world.settle();
  assert.equal(world.passes.length, 1);
});

Deno.test("while a list older than our write is loaded after 410, the key waits", async () => {
  const world = await withUntoldWrite();
  const held = world.cluster.hold("list", GEARS);
  world.cluster.watchOf(GEARS).end(GONE);
  world.touch("m");
  await world.advance(1_000);
  assert.equal(world.passes.length, 0);
  held.release();
  await world.settle();
  assert.equal(world.passes.length, 1, "the list knew of it");
});

Deno.test("an older list does not undo our write, and the key waits for the events", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  await world.start("m");
  const held = world.cluster.hold("list", GEARS);
  world.cluster.watchOf(GEARS).end(GONE);
  world.decide(wantTeeth(9));
  world.touch("m");
  await world.settle();
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1"]);
  held.release();
  await world.settle();
  assert.deepEqual(world.cached(GEARS, "m-1")?.["spec"], { teeth: 9 });
  world.decide(() => NOTHING);
  world.touch("m");
  await world.settle();
  assert.equal(world.passes.length, 0);
  world.cluster.watchOf(GEARS).tell();
  await world.settle();
  assert.equal(world.passes.length, 1);
});

Deno.test("an object that we created and an older list lacks stays, and is made once", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const held = world.cluster.hold("list", GEARS);
  world.cluster.watchOf(GEARS).end(GONE);
  world.decide(wantGear("m-1", gear("m-1")));
  world.touch("m");
  await world.settle();
  held.release();
  await world.settle();
  world.touch("m");
  await world.advance(60_000);
  assert.ok(world.cached(GEARS, "m-1"));
  assert.deepEqual(world.cluster.writes(), ["create gears m-1"]);
});

Deno.test("a read ends the doubt about what was read, not about what is loaded later", async () => {
  const world = await withRestartedWatch();
  world.decide(wantTeeth(10));
  world.touch("m");
  await world.advance(3_000);
  assert.equal(world.cluster.writes().length, 2, "a new write, still untold");
  world.decide(() => NOTHING);
  await world.advance(1_000);
  world.cluster.watchOf(GEARS).end();
  world.touch("m");
  await world.settle();
  assert.equal(world.passes.length, 0);
});
