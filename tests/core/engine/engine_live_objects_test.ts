/** Objects that are read one by one, since their kind may not be listed. */
import assert from "node:assert/strict";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import { decision, type EngineWorld, type MillWorld, NOTHING } from "./engine_world.ts";
import { gear, GEARS, MILLS, refTo, WHEELS } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";
import { FORBIDDEN, NO_PERMISSION, seen, warnings, wheelWorld } from "./wheel_world.ts";

const REFS = { refs: [refTo("wet-1"), refTo("wet-2")] };

/** Wheels may not be listed so many times; there is one of the two that wet mills need. */
function unlisted(times = Infinity, options: Parameters<typeof wheelWorld>[0] = {}) {
  const world = wheelWorld(options, REFS);
  world.cluster.refuse("list", WHEELS, { error: FORBIDDEN, times });
  world.cluster.put(WHEELS, gear("wet-1", { spec: { teeth: 1 } }));
  return world;
}

function reads(world: EngineWorld): number {
  return world.cluster.said("get").length;
}

Deno.test("what may not be listed is read one by one, and nothing else is", async () => {
  const world = unlisted();
  world.cluster.put(WHEELS, gear("wet-3"));
  await world.start("dry", "wet");
  assert.deepEqual(seen(world), ["dry: loading", "wet: filled, wet-1"]);
  assert.deepEqual(world.cluster.said("get"), ["get wheels wet-1", "get wheels wet-2"]);
  assert.deepEqual(warnings(world), [NO_PERMISSION]);
  assert.equal(world.cached(WHEELS, "wet-1"), undefined, "no cache that lasts holds it");
});

Deno.test("what is listed is not read one by one", async () => {
  const world = unlisted(1);
  world.cluster.put(WHEELS, gear("wet-3"));
  await world.start("wet");
  assert.deepEqual(seen(world), ["wet: filled, wet-1"]);
  await world.advance(250);
  assert.deepEqual(seen(world), ["wet: filled, wet-1, wet-3"]);
  const before = reads(world);
  await world.advance(600_000);
  assert.equal(reads(world), before, "and not any more");
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("a change of what may not be listed is seen within 30 seconds, and by no other timer", async () => {
  const retryClock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  const world = unlisted(Infinity, { retryClock });
  await world.start("wet");
  assert.equal(world.clock.nextDueMs(), undefined);
  assert.deepEqual(seen(world), ["wet: filled, wet-1"]);
  const pass = async (ms: number) => {
    const endMs = retryClock.now() + ms;
    for (
      let due = retryClock.nextDueMs();
      (due ?? Infinity) <= endMs;
      due = retryClock.nextDueMs()
    ) {
      world.clock.advanceTo(due as number);
      retryClock.advanceTo(due as number);
      retryClock.runDue();
      await world.settle();
    }
    world.clock.advanceTo(endMs);
    retryClock.advanceTo(endMs);
  };
  await pass(10_000);
  world.cluster.put(WHEELS, gear("wet-2"));
  await pass(19_999);
  assert.deepEqual(seen(world), []);
  await pass(1);
  assert.deepEqual(seen(world), ["wet: filled, wet-1, wet-2"]);
  world.cluster.remove(WHEELS, refTo("wet-1"));
  await pass(30_000);
  assert.deepEqual(seen(world), ["wet: filled, wet-2"]);
  assert.deepEqual(warnings(world), [NO_PERMISSION]);
});

Deno.test("within 30 seconds nothing is read again, however often a pass comes", async () => {
  const world = unlisted();
  await world.start("wet");
  for (let index = 0; index < 5; index++) {
    await world.advance(5_000);
    world.touch("wet");
    await world.settle();
  }
  assert.equal(seen(world).length, 6);
  assert.equal(reads(world), 2);
});

Deno.test("after a write of ours the next pass sees what came of it", async () => {
  const world = unlisted();
  world.controller.decide = (mill: MillWorld) => {
    const { wheels } = mill as MillWorld & { wheels: readonly string[] };
    if (wheels.includes("wet-2")) return NOTHING;
    const object = gear("wet-2");
    const ref = refTo("wet-2");
    return decision({ effects: [{ kind: "write", verb: "create", type: WHEELS, ref, object }] });
  };
  await world.start("wet");
  assert.deepEqual(seen(world), ["wet: filled, wet-1", "wet: filled, wet-1, wet-2"]);
  assert.deepEqual(world.cluster.writes(), ["create wheels wet-2"]);
});

Deno.test("a write that leaves such an object as it is counts as without effect", async () => {
  const world = unlisted();
  world.controller.decide = () => {
    const patch = { type: "merge" as const, body: { spec: { teeth: 1 } } };
    const ref = refTo("wet-1");
    return decision({ effects: [{ kind: "write", verb: "patch", type: WHEELS, ref, patch }] });
  };
  await world.start("wet");
  assert.deepEqual(world.passes.map(({ applied }) => applied.withoutEffect), [1]);
});

Deno.test("a slow answer holds up its key alone, and that for 5 seconds", async () => {
  const world = unlisted();
  world.cluster.hold("get", WHEELS);
  await world.start("dry", "wet");
  assert.deepEqual(seen(world), ["dry: loading"]);
  await world.advance(4_999);
  world.touch("dry");
  await world.settle();
  assert.deepEqual(seen(world), ["dry: forbidden"]);
  await world.advance(1);
  assert.deepEqual(seen(world), ["wet: forbidden"], "nothing is said of its objects");
  await world.advance(1_000);
  assert.equal(seen(world).at(-1), "wet: filled, wet-1");
});

Deno.test("what was read while its key waited for another cache is read again", async () => {
  const world = unlisted();
  const one = { type: WHEELS, refs: [refTo("wet-1")] };
  const loose = { type: GEARS, labelSelector: "!mill" };
  const { controller } = world;
  Object.assign(controller, {
    sources: [...controller.sources, { ...loose, isOnDemand: true, wakes: () => [] }],
    needs: () => [one],
  });
  const read = world.cluster.hold("get", WHEELS);
  await world.start("wet");
  const listed = world.cluster.hold("list", GEARS);
  Object.assign(controller, { needs: () => [one, loose] });
  read.release();
  await world.settle();
  assert.deepEqual(seen(world), [], "the other cache is being filled");
  await world.advance(31_000);
  world.cluster.remove(WHEELS, refTo("wet-1"));
  listed.release();
  await world.settle();
  assert.deepEqual(seen(world), ["wet: filled"]);
});

Deno.test("what may not be read either is said to be unknown, and told once", async () => {
  const world = unlisted();
  world.cluster.refuse("get", WHEELS, { error: FORBIDDEN, times: 9, name: "wet-2" });
  await world.start("wet");
  assert.deepEqual(seen(world), ["wet: forbidden, wet-1"]);
  const told = [NO_PERMISSION, "cannot learn what a pass needs, trying again (undefined)"];
  await world.advance(600_000);
  assert.ok(seen(world).includes("wet: filled, wet-1"), "until it may be read");
  assert.deepEqual(warnings(world), told);
});

Deno.test("after standing still everything is read again", async () => {
  const world = unlisted(Infinity, { isGuarded: true });
  await world.start("wet");
  seen(world);
  world.cluster.put(WHEELS, gear("wet-2"));
  world.freeze(5_000);
  await world.advance(1_000);
  assert.equal(seen(world).at(-1), "wet: filled, wet-1, wet-2");
});

Deno.test("a key whose object is gone reads nothing any more", async () => {
  const world = unlisted();
  await world.start("wet");
  world.cluster.remove(MILLS, refTo("wet"));
  world.tell();
  await world.advance(600_000);
  assert.equal(reads(world), 2);
});

Deno.test("an engine that stops while an object is being read leaves nothing", async () => {
  const world = unlisted();
  const held = world.cluster.hold("get", WHEELS);
  await world.start("wet");
  world.engine.stop();
  held.release();
  await world.settle();
  assert.equal(world.engine.running, 0);
  assert.equal(world.passes.length, 0);
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("a server that is away while an object is read is no refusal that lasts", async () => {
  const world = unlisted();
  const error = new UnreachableError("Cannot get: reset");
  world.cluster.refuse("get", WHEELS, { error, times: 2 });
  world.cluster.refuse("get", WHEELS, { error: refusal(500, "InternalError"), times: 2 });
  await world.start("wet");
  await world.advance(10_000);
  assert.equal(seen(world).at(-1), "wet: filled, wet-1");
});
