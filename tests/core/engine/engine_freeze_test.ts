import assert from "node:assert/strict";
import { UnreachableError } from "../../../core/ports/mod.ts";
import { decision, EngineWorld, patchGear, wantGear, wantTeeth } from "./engine_world.ts";
import { gear, GEARS, MILLS, refTo } from "./objects.ts";

async function guarded(...gears: string[]): Promise<EngineWorld> {
  const world = new EngineWorld({ isGuarded: true });
  for (const name of gears) world.cluster.put(GEARS, gear(name, { spec: { teeth: 8 } }));
  await world.start("m");
  return world;
}

Deno.test("after a freeze no pass begins before every cache is listed anew", async () => {
  const world = await guarded();
  world.decide(wantGear("m-1", gear("m-1")));
  // Meanwhile somebody else has made it, and that is not heard of yet.
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 7 } }));
  const held = world.cluster.hold("list", GEARS);
  world.freeze(10_000);
  world.touch("m");
  await world.settle();
  assert.equal(world.passes.length, 0);
  assert.equal(world.engine.hasSynced, false);
  held.release();
  await world.settle();
  assert.ok(world.passes.length > 0);
  assert.deepEqual(world.cluster.writes(), []);
  assert.deepEqual(world.cluster.said("list"), [
    "list mills ",
    "list gears ",
    "list mills ",
    "list gears ",
  ]);
});

Deno.test("what was decided before a freeze is not written after it", async () => {
  const world = await guarded("m-1", "m-2");
  world.decide(({ gears }) =>
    decision({
      effects: gears
        .filter(({ spec }) => (spec as { teeth: number }).teeth === 8)
        .map(({ metadata: { name } }) => patchGear(name, { spec: { teeth: 9 } })),
      status: { phase: "Done" },
    })
  );
  const held = world.cluster.hold("patch", GEARS);
  world.touch("m");
  await world.settle();
  world.cluster.put(GEARS, gear("m-2", { spec: { teeth: 20 } }));
  world.freeze(4_000);
  held.release();
  await world.settle();
  await world.advance(1_000);
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1", "patch mills/status m"]);
  assert.deepEqual(world.cluster.present(GEARS, refTo("m-2"))?.["spec"], { teeth: 20 });
  assert.equal(world.passes[0]?.applied.failure?.error.name, "OutdatedError");
});

Deno.test("a status that was decided before a freeze is not written after it", async () => {
  const world = await guarded("m-1");
  let phase = "Stale";
  world.decide(({ gears: [seen] }) => {
    const isCut = (seen?.["spec"] as { teeth: number }).teeth === 9;
    const effects = isCut ? [] : [patchGear("m-1", { spec: { teeth: 9 } })];
    return decision({ effects, status: { phase } });
  });
  const held = world.cluster.hold("patch", GEARS);
  world.touch("m");
  await world.settle();
  phase = "Fresh";
  world.freeze(10_000);
  held.release();
  await world.settle();
  await world.advance(1_000);
  const bodies = world.cluster.calls.filter(({ subresource }) => subresource === "status")
    .map(({ body }) => (body as { status: unknown }).status);
  assert.deepEqual(bodies, [{ phase: "Fresh" }]);
});

Deno.test("a pass that takes longer than 5 s decides again", async () => {
  const world = await guarded("m-1", "m-2");
  world.decide(({ gears }) =>
    decision({
      effects: gears
        .filter((seen) => seen["cut"] === undefined)
        .map(({ metadata: { name } }) => patchGear(name, { cut: true })),
    })
  );
  const held = world.cluster.hold("patch", GEARS);
  world.touch("m");
  await world.advance(5_500);
  held.release();
  await world.settle();
  const [first, second] = world.passes;
  assert.equal(first?.applied.done.length, 1);
  assert.equal(first?.applied.failure?.error.name, "OutdatedError");
  assert.equal(second?.applied.done.length, 1);
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1", "patch gears m-2"]);
  assert.equal(world.cluster.said("list").length, 2, "nothing stood still");
});

Deno.test("an idle process does not take its rest for a freeze", async () => {
  const world = await guarded("m-1");
  await world.advance(600_000);
  world.decide(wantTeeth(9));
  world.touch("m");
  await world.settle();
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1"]);
  assert.equal(world.cluster.said("list").length, 2);
  assert.deepEqual(world.log.at("warn"), []);
});

Deno.test("a freeze is said once in the log, with its length", async () => {
  const world = await guarded();
  world.freeze(10_000);
  await world.advance(60_000);
  const [line, ...more] = world.log.at("warn");
  assert.match(line?.message ?? "", /^the process was suspended/);
  assert.equal(line?.fields["gapMs"], 10_000);
  assert.deepEqual(more, []);
  assert.equal(world.cached(MILLS, "m")?.metadata.name, "m");
});

Deno.test("a freeze is time in which nobody acted", async () => {
  const world = await guarded("m-1");
  const startMs = world.clock.now();
  world.freeze(20_000);
  world.touch("m");
  await world.settle();
  const unseen = world.engine.caches.unseen([MILLS], world.clock.now());
  assert.deepEqual(unseen, [{ fromMs: startMs, toMs: startMs + 20_000 }]);
});

Deno.test("a watch that could not be opened for long is told to passes, and wakes all keys", async () => {
  const world = await guarded("m-1");
  const { clock, cluster } = world;
  const startMs = clock.now();
  const down = new UnreachableError("Cannot watch: connection refused");
  while (clock.now() < startMs + 20_000) {
    cluster.watchOf(GEARS).end(down);
    await world.advance(2_000);
  }
  world.decide(() => decision({}));
  const unseen = (type: typeof GEARS) => world.engine.caches.unseen([type], clock.now());
  assert.deepEqual([unseen(GEARS), unseen(MILLS)], [[{ fromMs: startMs }], []]);
  cluster.watchOf(GEARS).sink.opened?.();
  await world.settle();
  assert.deepEqual(world.passes.map(({ key }) => key), ["default/m"]);
  assert.deepEqual(unseen(GEARS), [{ fromMs: startMs, toMs: startMs + 20_000 }]);
});
