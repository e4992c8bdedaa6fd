import assert from "node:assert/strict";
import { CONFIG_MAPS, EVENTS } from "../../../core/api/names/resources.ts";
import { Engine, keyOfObject, type PassReport } from "../../../core/engine/mod.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  create,
  decision,
  EngineWorld,
  MillController,
  NOTHING,
  wantGear,
  wantTeeth,
} from "./engine_world.ts";
import { gear, GEARS, mill, MILLS, refTo } from "./objects.ts";
import { settle, turns } from "./virtual_time.ts";

function keysOf(passes: readonly PassReport[]): string[] {
  return passes.map(({ key }) => key);
}

Deno.test("no pass starts before every cache has been filled", async () => {
  const world = new EngineWorld();
  const held = world.cluster.hold("list", GEARS);
  world.cluster.put(GEARS, gear("m-1"));
  await world.start("m");
  assert.equal(world.engine.hasSynced, false);
  await world.advance(60_000);
  assert.equal(world.passes.length, 0);
  held.release();
  await world.settle();
  assert.equal(world.engine.hasSynced, true);
  assert.deepEqual(keysOf(world.passes), ["default/m"]);
  const { gears } = world.passes[0]?.world as { gears: KubeObject[] };
  assert.equal(gears.length, 1);
});

Deno.test("a settled world is looked at once and not written", async () => {
  const world = new EngineWorld();
  await world.start("a", "b");
  await world.advance(3_600_000);
  assert.deepEqual(keysOf(world.passes), ["default/a", "default/b"]);
  assert.deepEqual(world.cluster.writes(), []);
});

Deno.test("after a write the key is looked at again at once, and then no more", async () => {
  const world = new EngineWorld();
  world.controller.decide = wantGear("m-1", gear("m-1"));
  await world.start("m");
  assert.deepEqual(world.cluster.writes(), ["create gears m-1"]);
  assert.equal(world.passes.length, 2);
  assert.equal((world.passes[1]?.world as { gears: KubeObject[] }).gears.length, 1);
  // The event of our own write says nothing new.
  world.tell();
  await world.advance(60_000);
  assert.equal(world.passes.length, 2);
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("after a write of what is not cached, the key is looked at again too", async () => {
  const world = new EngineWorld();
  let isDone = false;
  world.controller.decide = () => {
    if (isDone) return NOTHING;
    isDone = true;
    return decision({ effects: [{ ...create(gear("m-1")), type: CONFIG_MAPS }] });
  };
  await world.start("m");
  assert.equal(world.passes.length, 2);
});

Deno.test("the pass after a write sees its answer, though the event is late", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  world.controller.decide = wantTeeth(9);
  await world.start("m");
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1"]);
  assert.equal(world.passes.length, 2);
  assert.equal(world.cluster.watchOf(GEARS).toldUpTo, 102, "nothing was told");
});

Deno.test("answers are as slim in the cache as events, so that memory does not grow", async () => {
  const slim = ({ metadata: { managedFields: _, ...metadata }, ...rest }: KubeObject) =>
    ({ ...rest, metadata }) as KubeObject;
  const world = new EngineWorld({ slim });
  const fat = gear("m-1", { metadata: { managedFields: [{}] } });
  world.controller.decide = wantGear("m-1", fat);
  await world.start("m");
  assert.equal(world.cached(GEARS, "m-1")?.metadata.managedFields, undefined);
});

Deno.test("what somebody writes wakes the keys that it is about, and no others", async () => {
  const world = new EngineWorld();
  await world.start("a", "b");
  world.decide(() => NOTHING);
  world.cluster.put(GEARS, gear("b-1"));
  world.tell();
  await world.settle();
  assert.deepEqual(keysOf(world.passes), ["default/b"]);
});

Deno.test("all that happens at one instant is seen by one pass", async () => {
  const world = new EngineWorld();
  await world.start("m");
  world.decide(() => NOTHING);
  for (const name of ["m-1", "m-2", "m-3"]) world.cluster.put(GEARS, gear(name));
  world.tell();
  await world.settle();
  assert.equal(world.passes.length, 1);
});

Deno.test("a wake-up comes when it was wanted, unless a pass before wants another", async () => {
  const world = new EngineWorld();
  const startMs = world.clock.now();
  let wakeAtMs: number | undefined = startMs + 1_000;
  world.controller.decide = () => decision(wakeAtMs === undefined ? {} : { wakeAtMs });
  await world.start("m");
  await world.advance(999);
  assert.equal(world.passes.length, 1);
  wakeAtMs = startMs + 5_000;
  world.touch("m");
  await world.advance(4_000);
  assert.equal(world.passes.length, 2, "the first wake-up is replaced");
  wakeAtMs = undefined;
  await world.advance(1);
  assert.equal(world.passes.length, 3);
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("an object that is gone is looked at once more, and then forgotten", async () => {
  const world = new EngineWorld();
  world.controller.decide = ({ nowMs }) => decision({ wakeAtMs: nowMs + 1_000 });
  await world.start("m");
  world.decide(({ nowMs }) => decision({ wakeAtMs: nowMs + 1_000 }));
  world.cluster.remove(MILLS, refTo("m"));
  world.tell();
  await world.advance(60_000);
  assert.equal(world.passes.length, 0);
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("failures are not held against a later object of the same name", async () => {
  const world = new EngineWorld();
  world.controller.decide = () => {
    throw new Error("Cannot decide: odd");
  };
  await world.start("m");
  await world.advance(30);
  world.cluster.remove(MILLS, refTo("m"));
  world.tell();
  await world.advance(60_000);
  world.cluster.put(MILLS, mill("m"));
  world.tell();
  await world.settle();
  const delays = world.log.at("error").map(({ fields }) => fields["delayMs"]);
  assert.deepEqual(delays, [10, 20, 40, 10]);
});

Deno.test("a throwing decision is logged and tried again, and holds up nobody else", async () => {
  const world = new EngineWorld();
  let isBroken = true;
  world.controller.decide = ({ mill }) => {
    if (isBroken && mill.metadata.name === "bad") throw new Error("Cannot decide: odd");
    return NOTHING;
  };
  await world.start("bad", "good");
  assert.deepEqual(keysOf(world.passes), ["default/good"]);
  await world.advance(1_000);
  const errors = world.log.at("error");
  assert.deepEqual(errors.slice(0, 4).map(({ fields }) => fields["delayMs"]), [10, 20, 40, 80]);
  assert.match(String(errors[0]?.fields["cause"]), /odd/);
  assert.equal(errors[0]?.fields["key"], "default/bad");
  isBroken = false;
  await world.advance(10_000);
  assert.deepEqual(keysOf(world.passes), ["default/good", "default/bad"]);
});

Deno.test("a throwing observation is logged and tried again, and holds up nobody", async () => {
  const world = new EngineWorld();
  const observe = world.controller.observe.bind(world.controller);
  world.controller.observe = (key, ...rest) => {
    if (key === "default/bad") throw new Error("Cannot observe: odd");
    return observe(key, ...rest);
  };
  await world.start("bad", "good");
  assert.deepEqual(keysOf(world.passes), ["default/good"]);
  assert.deepEqual(world.log.at("error").map(({ fields }) => fields["delayMs"]), [10]);
  assert.equal(world.clock.nextDueMs(), world.clock.now() + 10);
});

Deno.test("an object that nobody can place keeps no other from its cache", async () => {
  const world = new EngineWorld();
  const [mills] = world.controller.sources;
  assert.ok(mills);
  const { wakes } = mills;
  mills.wakes = (object) => {
    if (object.metadata.name === "bad") throw new Error("Cannot wake: odd");
    return wakes(object);
  };
  await world.start("bad", "good");
  assert.deepEqual(keysOf(world.passes), ["default/good"]);
  assert.equal(world.cluster.said("list").length, 2);
  assert.equal(world.log.at("error").length, 1);
});

Deno.test("running is 0 exactly when all is waiting for the clock or the world", async () => {
  const world = new EngineWorld();
  const list = world.cluster.hold("list", MILLS);
  await world.start("m");
  assert.equal(world.engine.running, 1, "a list");
  list.release();
  await world.settle();
  assert.equal(world.engine.running, 0, "settled");

  const write = world.cluster.hold("create", GEARS);
  const event = { type: "Normal", reason: "Built", message: "built" } as const;
  world.decide(({ gears }) =>
    gears.length > 0 ? NOTHING : decision({ effects: [create(gear("m-1"), [event])] })
  );
  world.touch("m");
  assert.equal(world.engine.running, 0, "a pass that is due at this instant");
  await world.settle();
  assert.equal(world.engine.running, 1, "a write");
  const post = world.cluster.hold("create", EVENTS);
  write.release();
  await world.settle();
  assert.equal(world.engine.running, 1, "an event");
  post.release();
  await world.settle();
  assert.equal(world.engine.running, 0, "settled again");
});

Deno.test("no more passes run at a time than allowed, and never two of one key", async () => {
  const world = new EngineWorld();
  const { cluster, clock, log, recorder } = world;
  const engine = new Engine({ cluster, clock, log, recorder, concurrency: 2 });
  const controller = new MillController();
  const under = new Set<string>();
  let most = 0;
  controller.decide = ({ mill, gears }) => {
    const key = keyOfObject(mill);
    if (gears.length > 0) {
      under.delete(key);
      return NOTHING;
    }
    assert.ok(!under.has(key), "twice at a time");
    under.add(key);
    most = Math.max(most, under.size);
    return decision({ effects: [create(gear(`${mill.metadata.name}-1`))] });
  };
  for (const name of ["a", "b", "c", "d", "e"]) cluster.put(MILLS, mill(name));
  const held = [cluster.hold("create", GEARS), cluster.hold("create", GEARS)];
  engine.add(controller);
  engine.start();
  await settle(clock);
  assert.equal(most, 2);
  assert.equal(engine.running, 2);
  for (const name of ["a", "b"]) cluster.put(MILLS, mill(name, { spec: { touched: true } }));
  cluster.watchOf(MILLS).tell();
  await settle(clock);
  assert.equal(engine.running, 2);
  for (const answer of held) answer.release();
  await settle(clock);
  assert.equal(cluster.writes().length, 5);
});

Deno.test("a controller with many keys does not keep another's waiting", async () => {
  const world = new EngineWorld();
  const { cluster, clock, log, recorder } = world;
  const engine = new Engine({ cluster, clock, log, recorder, concurrency: 1 });
  const order: string[] = [];
  for (const name of ["busy", "idle"]) {
    const controller = new MillController();
    Object.assign(controller, { name });
    controller.decide = ({ mill }) => {
      order.push(`${name} ${mill.metadata.name}`);
      return NOTHING;
    };
    engine.add(controller);
  }
  for (const name of ["a", "b", "c"]) cluster.put(MILLS, mill(name));
  engine.start();
  await settle(clock);
  assert.deepEqual(order.slice(0, 4), ["busy a", "idle a", "busy b", "idle b"]);
});

Deno.test("a controller without keys takes nothing from what may run at a time", async () => {
  const world = new EngineWorld();
  const { cluster, clock, engine } = world;
  const busy = new MillController();
  busy.decide = () => decision({ effects: [create(gear("m-1"))] });
  const idle = new MillController();
  for (const source of idle.sources) source.wakes = () => [];
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) cluster.put(MILLS, mill(name));
  const held = names.map(() => cluster.hold("create", GEARS));
  engine.add(busy);
  engine.add(idle);
  engine.start();
  await settle(clock);
  assert.equal(engine.running, 5);
  engine.stop();
  for (const answer of held) answer.release();
  await settle(clock);
});

Deno.test("a stopped engine leaves no watch, no timer, and starts no pass", async () => {
  const world = new EngineWorld();
  world.controller.decide = ({ nowMs }) => decision({ wakeAtMs: nowMs + 1_000 });
  await world.start("m", "n");
  const held = world.cluster.hold("create", GEARS);
  world.decide(() => decision({ effects: [create(gear("m-1"))], wakeAtMs: 1e15 }));
  world.touch("m");
  const error = new UnreachableError("Cannot post: reset");
  world.cluster.refuse("create", EVENTS, { error, times: Infinity });
  world.recorder.record(mill("m"), [{ type: "Normal", reason: "Turned", message: "turned" }]);
  await world.settle();
  world.engine.stop();
  await turns();
  assert.equal(world.engine.running, 1, "the pass under way");
  held.release();
  await world.settle();
  assert.equal(world.engine.running, 0);
  assert.equal(world.passes.length, 1);
  assert.ok(world.cluster.watches.every(({ isStopped }) => isStopped));
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("an engine stopped with a pass planned does not begin it", async () => {
  const world = new EngineWorld();
  await world.start("m");
  world.decide(() => NOTHING);
  world.touch("m");
  await turns();
  world.engine.stop();
  await world.settle();
  assert.equal(world.passes.length, 0);
});

Deno.test("a report of a pass says what was seen, decided and done", async () => {
  const world = new EngineWorld();
  const built = create(gear("m-1"));
  const decided = decision({ effects: [built], status: { phase: "Built" }, why: "it is new" });
  world.controller.decide = ({ gears }) => (gears.length === 0 ? decided : NOTHING);
  await world.start("m");
  const [first, second] = world.passes;
  assert.equal(first?.controller, "mills");
  assert.equal(first?.key, "default/m");
  assert.equal(first?.decision, decided);
  const { applied } = first ?? {};
  assert.deepEqual({ done: applied?.done, writes: applied?.writes }, { done: [built], writes: 1 });
  assert.equal(first?.status, "written");
  assert.equal(second?.status, "unchanged");
});

Deno.test("a recorder's own rest does not count as running", async () => {
  const world = new EngineWorld();
  world.cluster.refuse("create", EVENTS, {
    error: new UnreachableError("Cannot post: reset"),
  });
  await world.start("m");
  world.recorder.record(mill("m"), [{ type: "Normal", reason: "Turned", message: "turned" }]);
  await world.settle();
  assert.equal(world.engine.running, 0);
});

Deno.test("an object that is gone is told of once, also when another took its name", async () => {
  const world = new EngineWorld();
  const gone = { type: "Normal", reason: "Gone", message: "is gone" } as const;
  Object.assign(world.controller, { eventsOfDeleted: () => [gone] });
  await world.start("m", "n");
  world.cluster.remove(MILLS, refTo("m"));
  world.cluster.put(MILLS, mill("n", { uid: "another" }));
  world.tell();
  await world.advance(60_000);
  assert.deepEqual(
    world.events.map(({ object, message }) => `${object.metadata.name} ${message}`),
    ["m is gone", "n is gone"],
  );
});
