import assert from "node:assert/strict";
import { type CacheName, type Key, keyOf, type Sight } from "../../../core/engine/mod.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  annotateMill,
  decision,
  EngineWorld,
  millOf,
  type MillWorld,
  NOTHING,
} from "./engine_world.ts";
import { gear, GEARS, MILLS, refTo, WHEELS } from "./objects.ts";

/** Wheels, by the labels that they must have; gears are cached from the start. */
const WHEELS_ON_DEMAND: CacheName = { type: WHEELS };
const LOOSE_GEARS: CacheName = { type: GEARS, labelSelector: "!mill" };

/** Mills of which those named `wet…` need wheels. */
function worldWith(cache: CacheName = WHEELS_ON_DEMAND, { isEager = false } = {}) {
  const world = new EngineWorld();
  const { controller } = world;
  const observe = controller.observe.bind(controller);
  Object.assign(controller, {
    sources: [...controller.sources, {
      ...cache,
      isOnDemand: true,
      isEager,
      wakes: ({ metadata }: KubeObject): Key[] => [
        keyOf(metadata.namespace, millOf(metadata.name)),
      ],
    }],
    needs: (key: Key) => (key.startsWith("default/wet") ? [cache] : []),
    observe(key: Key, sight: Sight) {
      const seen = observe(key, sight);
      if (seen === undefined || !key.startsWith("default/wet")) return seen;
      return { ...seen, gears: [...sight.caches.of(cache).all()] };
    },
  });
  return world;
}

function lists(world: EngineWorld, plural: string): number {
  return world.cluster.calls.filter((call) => call.verb === "list" && call.plural === plural)
    .length;
}

function seen(world: EngineWorld): string[] {
  return world.passes.map((pass) => {
    const { gears } = pass.world as MillWorld;
    return `${pass.key}: ${gears.map(({ metadata: { name } }) => name)}`;
  });
}

Deno.test("an eager source is filled though no key needs it, and holds up none that does not", async () => {
  const world = worldWith(WHEELS_ON_DEMAND, { isEager: true });
  world.cluster.refuse("list", WHEELS, { error: new UnreachableError("reset"), times: 2 });
  await world.start("dry");
  assert.deepEqual(seen(world), ["default/dry: "], "it did not wait");
  await world.advance(60_000);
  world.cluster.put(WHEELS, gear("dry-1"));
  world.cluster.watchOf(WHEELS).tell();
  await world.settle();
  assert.deepEqual(seen(world), ["default/dry: ", "default/dry: "], "its objects wake keys");
});

Deno.test("a source on demand costs nothing before a key needs it", async () => {
  const world = worldWith();
  await world.start("dry");
  await world.advance(3_600_000);
  assert.equal(world.engine.hasSynced, true);
  assert.equal(lists(world, "wheels"), 0);
  assert.ok(world.cluster.watches.every(({ plural }) => plural !== "wheels"));
});

Deno.test("a key waits for the source that it needs, and no other key does", async () => {
  const world = worldWith();
  const held = world.cluster.hold("list", WHEELS);
  world.cluster.put(WHEELS, gear("wet-1"));
  await world.start("dry", "wet", "wetter");
  assert.deepEqual(seen(world), ["default/dry: "]);
  assert.ok(world.engine.running > 0, "the list is under way");
  await world.advance(60_000);
  world.touch("dry");
  await world.settle();
  assert.deepEqual(seen(world), ["default/dry: ", "default/dry: "]);
  held.release();
  await world.settle();
  assert.deepEqual(seen(world).slice(2), ["default/wet: wet-1", "default/wetter: wet-1"]);
  assert.equal(lists(world, "wheels"), 1, "one list for all keys");
  assert.equal(world.engine.running, 0);
});

Deno.test("what comes into a source on demand wakes the keys that it is about", async () => {
  const world = worldWith();
  await world.start("dry", "wet");
  world.passes.length = 0;
  world.cluster.put(WHEELS, gear("wet-1"));
  world.cluster.watchOf(WHEELS).tell();
  await world.settle();
  assert.deepEqual(seen(world), ["default/wet: wet-1"]);
});

Deno.test("a source on demand that cannot be listed holds its keys until it can", async () => {
  const world = worldWith();
  const error = new UnreachableError("Cannot list wheels: reset");
  world.cluster.refuse("list", WHEELS, { error, times: 3 });
  await world.start("dry", "wet");
  assert.deepEqual(seen(world), ["default/dry: "]);
  await world.advance(10_000);
  assert.deepEqual(seen(world), ["default/dry: ", "default/wet: "]);
  const { fields } = world.log.lines.find(({ message }) => message.startsWith("cannot list")) ?? {};
  assert.equal(fields?.["resource"], "wheels");
});

Deno.test("two caches of a type hold what their label selectors say", async () => {
  const world = worldWith(LOOSE_GEARS);
  world.cluster.put(GEARS, gear("wet-1"));
  await world.start("wet");
  const selectors = world.cluster.watches.filter(({ plural }) => plural === "gears")
    .map(({ options }) => options.labelSelector);
  assert.deepEqual(selectors, [undefined, "!mill"]);
  const { caches } = world.engine;
  assert.notEqual(caches.of(GEARS), caches.of(LOOSE_GEARS));
});

Deno.test("a key that waits for its source is not held by writes of its own", async () => {
  const world = worldWith();
  const held = world.cluster.hold("list", WHEELS);
  let isNoted = false;
  world.controller.decide = () => {
    if (isNoted) return NOTHING;
    isNoted = true;
    return decision({ effects: [annotateMill("wet", "seen")] });
  };
  await world.start("wet");
  held.release();
  await world.settle();
  assert.deepEqual(world.cluster.writes(), ["patch mills wet"]);
  assert.equal(world.passes.length, 2);
  assert.equal(world.cluster.present(MILLS, refTo("wet"))?.metadata.annotations?.["note"], "seen");
});

Deno.test("an engine that stops while a source on demand is being filled leaves nothing", async () => {
  const world = worldWith();
  const held = world.cluster.hold("list", WHEELS);
  await world.start("wet");
  world.engine.stop();
  held.release();
  await world.settle();
  assert.equal(world.engine.running, 0);
  assert.equal(world.passes.length, 0);
  assert.ok(world.cluster.watches.every(({ isStopped }) => isStopped));
  assert.equal(world.clock.nextDueMs(), undefined);
});
