/** Caches on demand whose kind is not installed, or that we may not list. */
import assert from "node:assert/strict";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import type { Key } from "../../../core/engine/mod.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import { decision, NOTHING } from "./engine_world.ts";
import { gear, GEARS, MILLS, refTo, WHEELS } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";
import {
  FORBIDDEN,
  MISSING,
  NO_PERMISSION,
  NOT_INSTALLED,
  seen,
  warnings,
  wheelWorld,
} from "./wheel_world.ts";

Deno.test("a kind that is not installed holds up nobody: a pass sees that it is missing", async () => {
  const world = wheelWorld();
  world.cluster.refuse("list", WHEELS, { error: MISSING, times: Infinity });
  await world.start("dry", "wet");
  assert.deepEqual(seen(world), ["dry: loading", "wet: missing"]);
  await world.advance(600_000);
  assert.deepEqual(seen(world), [], "that it is still missing is no news");
  world.touch("wet");
  await world.settle();
  assert.deepEqual(seen(world), ["wet: missing"]);
  assert.deepEqual(warnings(world), [NOT_INSTALLED]);
});

Deno.test("a kind that is installed late wakes the keys that went on without it, and no other", async () => {
  for (const wheels of [[], ["wet-1"]]) {
    const world = wheelWorld();
    world.cluster.refuse("list", WHEELS, { error: MISSING, times: 9 });
    await world.start("dry", "wet");
    seen(world);
    for (const name of wheels) world.cluster.put(WHEELS, gear(name));
    await world.advance(100_000);
    assert.deepEqual(seen(world), [`wet: ${["filled", ...wheels].join(", ")}`]);
    assert.deepEqual(warnings(world), [NOT_INSTALLED]);
    await world.advance(600_000);
    assert.deepEqual(seen(world), []);
  }
});

Deno.test("a kind that is installed is seen within 30 seconds", async () => {
  const world = wheelWorld();
  world.cluster.refuse("list", WHEELS, { error: MISSING, times: 120 });
  await world.start("wet");
  await world.advance(3_600_000);
  assert.deepEqual(seen(world), ["wet: missing", "wet: filled"]);
});

Deno.test("what may not be listed holds up nobody either, and is told once", async () => {
  const world = wheelWorld();
  world.cluster.put(WHEELS, gear("wet-1"));
  world.cluster.refuse("list", WHEELS, { error: FORBIDDEN, times: 9 });
  await world.start("wet");
  assert.deepEqual(seen(world), ["wet: forbidden"]);
  await world.advance(100_000);
  assert.deepEqual(seen(world), ["wet: filled, wet-1"]);
  assert.deepEqual(warnings(world), [NO_PERMISSION]);
});

Deno.test("a change from one answer to the other wakes the key and is told", async () => {
  const world = wheelWorld();
  world.cluster.refuse("list", WHEELS, { error: FORBIDDEN });
  world.cluster.refuse("list", WHEELS, { error: MISSING, times: 3 });
  world.cluster.refuse("list", WHEELS, { error: FORBIDDEN, times: Infinity });
  await world.start("wet");
  await world.advance(100_000);
  assert.deepEqual(seen(world), ["wet: forbidden", "wet: missing", "wet: forbidden"]);
  assert.deepEqual(warnings(world), [NO_PERMISSION, NOT_INSTALLED, NO_PERMISSION]);
});

Deno.test("a server that fails says nothing about a kind: its keys wait, or stay as they are", async () => {
  const failures = [new UnreachableError("Cannot list: reset"), refusal(500, "InternalError")];
  for (const error of failures) {
    const world = wheelWorld();
    world.cluster.refuse("list", WHEELS, { error, times: 2 });
    world.cluster.refuse("list", WHEELS, { error: MISSING });
    world.cluster.refuse("list", WHEELS, { error, times: Infinity });
    await world.start("wet");
    assert.deepEqual(seen(world), []);
    await world.advance(600_000);
    assert.deepEqual(seen(world), ["wet: missing"]);
  }
});

Deno.test("tries for a kind that is not installed keep no simulation from its end", async () => {
  const retryClock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  const world = wheelWorld({ retryClock });
  world.cluster.refuse("list", WHEELS, { error: MISSING, times: 3 });
  await world.start("wet");
  assert.equal(world.clock.nextDueMs(), undefined);
  assert.equal(world.engine.running, 0);
  for (let due = retryClock.nextDueMs(); due !== undefined; due = retryClock.nextDueMs()) {
    retryClock.advanceTo(due);
    retryClock.runDue();
    await world.settle();
  }
  assert.deepEqual(seen(world), ["wet: missing", "wet: filled"]);
});

Deno.test("a standing cache that cannot be listed holds every pass, as ever", async () => {
  const world = wheelWorld();
  world.cluster.refuse("list", GEARS, { error: FORBIDDEN, times: 9 });
  await world.start("dry", "wet");
  await world.advance(60_000);
  assert.deepEqual(seen(world), []);
  await world.advance(60_000);
  assert.deepEqual(seen(world), ["dry: loading", "wet: filled"]);
  assert.deepEqual(warnings(world), Array(9).fill("cannot list, trying again (gears)"));
});

Deno.test("a key whose object is gone is not woken by a kind that is installed", async () => {
  const world = wheelWorld();
  world.cluster.refuse("list", WHEELS, { error: MISSING, times: 3 });
  await world.start("wet", "wetter");
  world.cluster.remove(MILLS, refTo("wet"));
  world.tell();
  await world.settle();
  const asked: Key[] = [];
  Object.assign(world.controller, {
    needs: (key: Key) => {
      asked.push(key);
      return [{ type: WHEELS }];
    },
  });
  await world.advance(60_000);
  assert.deepEqual(asked, ["default/wetter"]);
});

Deno.test("a write to what may not be listed holds no pass at the next tries", async () => {
  const world = wheelWorld();
  world.cluster.put(WHEELS, gear("wet-1"));
  world.cluster.refuse("list", WHEELS, { error: FORBIDDEN, times: Infinity });
  let writes = 0;
  world.controller.decide = () => {
    if (writes++ > 0) return NOTHING;
    const patch = { type: "merge" as const, body: { spec: { teeth: 7 } } };
    const ref = refTo("wet-1");
    return decision({ effects: [{ kind: "write", verb: "patch", type: WHEELS, ref, patch }] });
  };
  await world.start("wet");
  assert.deepEqual(seen(world), ["wet: forbidden", "wet: forbidden"], "nothing of it is cached");
  for (let index = 0; index < 5; index++) {
    await world.advance(1_000);
    world.touch("wet");
    await world.settle();
    assert.deepEqual(seen(world), ["wet: forbidden"], "at once");
  }
  assert.deepEqual(world.cluster.said("get"), []);
});

Deno.test("a write while its kind appears is in doubt until the cache has caught up with it", async () => {
  const world = wheelWorld();
  world.cluster.refuse("list", WHEELS, { error: MISSING });
  await world.start("wet");
  const held = world.cluster.hold("list", WHEELS);
  await world.advance(250);
  let writes = 0;
  world.decide(() => {
    if (writes++ > 0) return NOTHING;
    const object = gear("wet-1");
    const ref = refTo("wet-1");
    return decision({ effects: [{ kind: "write", verb: "create", type: WHEELS, ref, object }] });
  });
  world.touch("wet");
  await world.settle();
  seen(world);
  held.release();
  await world.settle();
  assert.deepEqual(seen(world), [], "the list is from before the write");
  world.cluster.watchOf(WHEELS).tell();
  await world.settle();
  assert.deepEqual(seen(world), ["wet: filled, wet-1"]);
});

Deno.test("after standing still a key waits until it is known anew that a kind is missing", async () => {
  const world = wheelWorld({ isGuarded: true });
  world.cluster.refuse("list", WHEELS, { error: MISSING });
  await world.start("wet");
  assert.deepEqual(seen(world), ["wet: missing"]);
  // One answer to the try that is due, one to the list after standing still.
  world.cluster.refuse("list", WHEELS, { error: MISSING });
  const held = world.cluster.hold("list", WHEELS);
  world.freeze(60_000);
  await world.settle();
  world.touch("wet");
  await world.settle();
  assert.deepEqual(seen(world), [], "everything is listed again first");
  held.fail(MISSING);
  await world.settle();
  assert.deepEqual(seen(world), ["wet: missing"]);
  assert.deepEqual(warnings(world).filter((line) => line === NOT_INSTALLED).length, 1);
});

Deno.test("after standing still a cache that is filled as before wakes nobody", async () => {
  const world = wheelWorld({ isGuarded: true });
  await world.start("wet");
  assert.deepEqual(seen(world), ["wet: filled"]);
  world.freeze(60_000);
  await world.advance(1_000);
  assert.equal(world.cluster.said("list").filter((call) => call.includes("wheels")).length, 2);
  assert.deepEqual(seen(world), []);
});

Deno.test("a kind that goes takes its objects along, and they may come back as they were", async () => {
  for (const [error, state] of [[MISSING, "missing"], [FORBIDDEN, "forbidden"]] as const) {
    const world = wheelWorld();
    world.cluster.put(WHEELS, gear("wet-1"));
    await world.start("wet");
    assert.deepEqual(seen(world), ["wet: filled, wet-1"]);
    world.cluster.refuse("list", WHEELS, { error, times: 2 });
    world.cluster.watchOf(WHEELS).end(error);
    await world.advance(250);
    assert.deepEqual(seen(world), [`wet: ${state}`]);
    assert.equal(world.cached(WHEELS, "wet-1"), undefined);
    await world.advance(60_000);
    assert.deepEqual(seen(world), ["wet: filled, wet-1"], "the same object in the same version");
    assert.deepEqual(warnings(world), [state === "missing" ? NOT_INSTALLED : NO_PERMISSION]);
  }
});

Deno.test("a kind that goes is noticed when everything is listed again, too", async () => {
  const world = wheelWorld();
  world.cluster.put(WHEELS, gear("wet-1"));
  await world.start("wet");
  seen(world);
  world.cluster.refuse("list", WHEELS, { error: MISSING, times: Infinity });
  world.cluster.watchOf(WHEELS).end(refusal(410, "Expired"));
  await world.advance(0);
  assert.deepEqual(seen(world), ["wet: missing"]);
});

Deno.test("a watch that is refused while its kind is there is told, and its list goes on", async () => {
  const world = wheelWorld();
  await world.start("wet");
  for (const name of ["wet-1", "wet-2"]) {
    seen(world);
    world.cluster.put(WHEELS, gear(name));
    world.cluster.watchOf(WHEELS).end(FORBIDDEN);
    await world.advance(500);
    world.touch("wet");
    await world.settle();
  }
  assert.deepEqual(seen(world), ["wet: filled, wet-1, wet-2"]);
  assert.deepEqual(warnings(world), ["cannot watch, trying again (wheels)"]);
});

Deno.test("a standing cache whose relist is refused keeps what it has", async () => {
  const world = wheelWorld();
  world.cluster.put(GEARS, gear("wet-9"));
  await world.start("wet");
  world.cluster.refuse("list", GEARS, { error: MISSING, times: Infinity });
  world.cluster.watchOf(GEARS).end(refusal(410, "Expired"));
  await world.advance(60_000);
  seen(world);
  world.touch("wet");
  await world.settle();
  assert.deepEqual(seen(world), ["wet: filled"]);
  assert.notEqual(world.cached(GEARS, "wet-9"), undefined);
});
