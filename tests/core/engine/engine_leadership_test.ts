import assert from "node:assert/strict";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import type { Leadership } from "../../../core/engine/mod.ts";
import { decision, EngineWorld, patchGear } from "./engine_world.ts";
import { gear, GEARS, mill, MILLS, refTo } from "./objects.ts";

/** Leads when the test says so. */
class Seat implements Leadership {
  #terms = 0;
  #isLeading = false;
  readonly #listeners: (() => void)[] = [];
  ledUntil: number | undefined;

  ledUntilMs(): number | undefined {
    return this.ledUntil;
  }

  term(): number | undefined {
    return this.#isLeading ? this.#terms : undefined;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  take(): void {
    this.#terms++;
    this.#isLeading = true;
    for (const listener of this.#listeners) listener();
  }

  lose(): void {
    this.#isLeading = false;
    for (const listener of this.#listeners) listener();
  }
}

async function seated({ isLeading }: { isLeading: boolean }) {
  const seat = new Seat();
  const world = new EngineWorld({ leadership: seat });
  for (const name of ["m-1", "m-2"]) world.cluster.put(GEARS, gear(name, { spec: { teeth: 8 } }));
  if (isLeading) seat.take();
  await world.start("m");
  return { world, seat };
}

/** Each pass cuts both gears, one after the other, and says so. */
const cutBoth = ({ gears }: { gears: readonly { metadata: { name: string } }[] }) =>
  decision({
    effects: gears.map(({ metadata: { name } }) => patchGear(name, { spec: { teeth: 9 } })),
    status: { phase: "Done" },
  });

Deno.test("who stands by fills its caches and follows them, and does nothing", async () => {
  const { world } = await seated({ isLeading: false });
  world.decide(cutBoth);
  world.touch("m");
  await world.advance(60_000);
  assert.equal(world.engine.hasSynced, true);
  assert.deepEqual([world.passes.length, world.cluster.writes()], [0, []]);
  world.controller.eventsOfDeleted = () => [DELETED];
  world.cluster.remove(MILLS, refTo("m"));
  world.tell();
  await world.settle();
  assert.equal(world.cached(MILLS, "m"), undefined);
  assert.deepEqual(world.events, [], "that is told by who leads");
});

const DELETED: EventDraft = { type: "Normal", reason: "MillDeleted", message: "the mill is gone" };

Deno.test("who takes over lists everything anew before its first pass", async () => {
  const { world, seat } = await seated({ isLeading: false });
  world.decide(cutBoth);
  // The leader before has cut it already, and no watch has told of that.
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 9 } }));
  const held = world.cluster.hold("list", GEARS);
  seat.take();
  await world.settle();
  assert.equal(world.passes.length, 0);
  held.release();
  await world.settle();
  assert.ok(world.passes.length > 0);
  const seen = world.passes[0]?.world as { gears: { spec: unknown }[] };
  assert.deepEqual(seen.gears.map(({ spec }) => spec), [{ teeth: 9 }, { teeth: 8 }]);
});

Deno.test("who leads from the start lists everything once", async () => {
  const { world } = await seated({ isLeading: true });
  assert.ok(world.passes.length > 0);
  assert.deepEqual(world.cluster.said("list"), ["list mills ", "list gears "]);
});

Deno.test("a pass that began in one term writes nothing in another, nor between them", async () => {
  for (const isBack of [false, true]) {
    const { world, seat } = await seated({ isLeading: true });
    world.decide(cutBoth);
    const held = world.cluster.hold("patch", GEARS);
    world.touch("m");
    await world.settle();
    seat.lose();
    world.decide(() => decision({}));
    if (isBack) seat.take();
    held.release();
    await world.advance(1_000);
    assert.deepEqual(world.cluster.writes(), ["patch gears m-1"], `back: ${isBack}`);
    const [first] = world.passes;
    assert.equal(first?.applied.failure?.error.name, "OutdatedError");
    assert.deepEqual(world.events, []);
    assert.deepEqual(world.log.at("error"), []);
    assert.equal(world.passes.length > 1, isBack, "it decides again in its new term only");
  }
});

Deno.test("after a term what was to come is left to others, and taken up in the next one", async () => {
  const { world, seat } = await seated({ isLeading: true });
  world.decide(() => decision({ wakeAtMs: world.clock.now() + 1_000 }));
  world.touch("m");
  await world.settle();
  seat.lose();
  world.decide(cutBoth);
  world.cluster.put(MILLS, mill("n", { spec: { wheels: 1 } }));
  world.tell();
  await world.advance(10_000);
  assert.deepEqual([world.passes.length, world.cluster.writes()], [0, []]);
  seat.take();
  await world.settle();
  assert.deepEqual(
    new Set(world.passes.map(({ key }) => key)),
    new Set(["default/m", "default/n"]),
  );
});

Deno.test("time without a leader is time in which nobody acted, and all is looked at after it", async () => {
  const { world, seat } = await seated({ isLeading: true });
  const { clock, engine, passes } = world;
  const unseen = () => engine.caches.unseen([GEARS], clock.now());
  const startMs = clock.now();
  assert.deepEqual(unseen(), []);
  for (const [awayMs, counts] of [[9_000, false], [15_000, true]] as const) {
    seat.lose();
    seat.ledUntil = clock.now();
    await world.advance(awayMs);
    passes.length = 0;
    seat.take();
    await world.settle();
    assert.equal(passes.length > 0, counts);
    assert.equal(unseen().length, counts ? 1 : 0);
    await world.advance(20_000);
  }
  assert.deepEqual(unseen(), [{ fromMs: startMs + 29_000, toMs: startMs + 44_000 }]);
});
