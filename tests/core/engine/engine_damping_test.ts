import assert from "node:assert/strict";
import { MINUTE_MS, mostWritesPerMinute, withGears } from "./damped_world.ts";
import { decision, EngineWorld, NOTHING, patchGear, wantTeeth } from "./engine_world.ts";
import { gear, GEARS, MILLS, refTo } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";

for (const isLate of [false, true]) {
  const when = isLate ? "a moment later" : "at once";
  Deno.test(`what somebody undoes ${when} is written ever more slowly`, async () => {
    const world = await withGears("m-1");
    world.cluster.undo(GEARS, { isLate });
    world.decide(wantTeeth(9));
    world.touch("m");
    const most = await mostWritesPerMinute(world, 5);
    assert.ok(most >= 4 && most <= 20, `${most} writes in a minute`);
    assert.match(
      String(world.log.at("warn").at(-1)?.fields["cause"]),
      /^Cannot patch gears "m-1": this was written several times and does not last/,
    );
  });
}

Deno.test("three writes that are undone are together no more than twenty a minute", async () => {
  const world = await withGears("m-1", "m-2", "m-3");
  world.cluster.undo(GEARS);
  world.decide(({ gears }) =>
    decision({
      effects: gears.map(({ metadata: { name, resourceVersion } }) =>
        patchGear(name, { metadata: { resourceVersion }, spec: { teeth: 9 } })
      ),
    })
  );
  world.touch("m");
  const most = await mostWritesPerMinute(world, 5);
  assert.ok(most <= 20, `${most} writes in a minute`);
  const counts = ["m-1", "m-2", "m-3"].map((name) =>
    world.cluster.writes().filter((call) => call.endsWith(name)).length
  );
  assert.deepEqual(counts, Array(3).fill(counts[0]), "no write hides behind another");
});

Deno.test("a patch without effect of a kind that is not cached is no loop", async () => {
  const world = await withGears();
  const COGS = { ...GEARS, kind: "Cog", plural: "cogs", singular: "cog" };
  world.cluster.put(COGS, { ...gear("m-1"), kind: "Cog" });
  world.decide(() =>
    decision({ effects: [{ ...patchGear("m-1", { metadata: { labels: {} } }), type: COGS }] })
  );
  world.touch("m");
  const most = await mostWritesPerMinute(world, 2);
  assert.ok(most <= 20, `${most} writes in a minute`);
});

Deno.test("writes that change the world are never slowed, however often they come", async () => {
  const world = await withGears("m-1");
  // Up by one at a time, and down again, with an annotation that says the same each time.
  let wanted = 9;
  let direction = 1;
  world.decide(({ gears: [seen] }) => {
    const teeth = (seen?.["spec"] as { teeth: number }).teeth;
    if (teeth === wanted || seen === undefined) return NOTHING;
    const { resourceVersion } = seen.metadata;
    const metadata = { resourceVersion, annotations: { goal: "20" } };
    const body = { metadata, spec: { teeth: teeth + Math.sign(wanted - teeth) } };
    return decision({ effects: [patchGear("m-1", body)] });
  });
  for (let turn = 0; turn < 50; turn++) {
    world.touch("m");
    await world.settle();
    if (wanted === 30 || wanted === 8) direction = -direction;
    wanted += direction;
  }
  const changes = world.cluster.writes().filter((call) => call.endsWith("gears m-1"));
  assert.equal(changes.length, 50);
  assert.deepEqual(world.log.at("warn"), []);
});

Deno.test("what was undone long ago, or twice, is put right at once", async () => {
  const world = await withGears("m-1");
  world.decide(wantTeeth(9));
  world.touch("m");
  await world.settle();
  const teeth = () => world.cluster.present(GEARS, refTo("m-1"))?.["spec"];
  const undo = async () => {
    const present = world.cluster.present(GEARS, refTo("m-1"));
    assert.ok(present);
    world.cluster.put(GEARS, { ...present, spec: { teeth: 8 } });
    world.tell();
    await world.settle();
  };
  for (let turn = 0; turn < 6; turn++) {
    await undo();
    await undo();
    assert.deepEqual(teeth(), { teeth: 9 });
    await world.advance(5 * MINUTE_MS);
  }
});

Deno.test("other writes of a key go on while one of them does not last", async () => {
  const world = await withGears("m-1", "m-2");
  world.cluster.undo(GEARS);
  world.decide(wantTeeth(9));
  world.touch("m");
  await world.advance(2 * MINUTE_MS);
  world.decide(({ mill }) =>
    mill.metadata.annotations?.["note"] === "new" ? NOTHING : decision({
      effects: [{
        ...patchGear("m", { metadata: { annotations: { note: "new" } } }),
        type: MILLS,
      }],
    })
  );
  world.touch("m");
  await world.settle();
  assert.equal(world.cluster.present(MILLS, refTo("m"))?.metadata.annotations?.["note"], "new");
});

Deno.test("a time that is put back to an older one is written ever more slowly", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { until: "2030-01-01T00:00:10Z" } }));
  await world.start("m");
  world.cluster.undo(GEARS);
  world.decide(() =>
    decision({ effects: [patchGear("m-1", { spec: { until: "2030-01-01T00:00:40Z" } })] })
  );
  world.touch("m");
  const most = await mostWritesPerMinute(world, 5);
  assert.ok(most >= 4 && most <= 20, `${most} writes in a minute`);
});

Deno.test("what is refused again and again is not asked at every event", async () => {
  const world = await withGears("m-1");
  const error = refusal(403, "Forbidden");
  world.cluster.refuse("patch", GEARS, { error, times: Infinity });
  const want = wantTeeth(9);
  world.decide(want);
  const messages: string[] = [];
  world.controller.decideAfterFailure = (_, { error }) => {
    messages.push(error.message);
    return { events: [] };
  };
  const tries = () => world.cluster.writes().filter((call) => call.endsWith("gears m-1")).length;
  for (let turn = 0; turn < 10; turn++) {
    world.touch("m");
    await world.settle();
  }
  assert.equal(tries(), 3, "events at the same moment");
  assert.deepEqual(messages, Array(10).fill(error.message), "that it is refused is told each time");
  world.decide(wantTeeth(10));
  world.touch("m");
  await world.settle();
  assert.equal(tries(), 4, "another write is tried at once");
  assert.ok(await mostWritesPerMinute(world, 5) <= 20);
});

for (const [code, reason] of [[503, "ServiceUnavailable"], [409, "Conflict"]] as const) {
  Deno.test(`a server that answers ${code} all the time is not asked at every event`, async () => {
    const world = await withGears("m-1");
    const error = refusal(code, reason);
    world.cluster.refuse("patch", GEARS, { error, times: Infinity });
    world.decide(wantTeeth(9));
    for (let turn = 0; turn < 10; turn++) {
      world.touch("m");
      await world.settle();
    }
    assert.equal(world.cluster.writes().filter((call) => call.endsWith("gears m-1")).length, 3);
  });
}
