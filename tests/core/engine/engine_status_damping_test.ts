import assert from "node:assert/strict";
import { mostWritesPerMinute, withGears } from "./damped_world.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  decision,
  type EngineWorld,
  type MillWorld,
  patchGear,
  wantTeeth,
} from "./engine_world.ts";
import { GEARS, MILLS, refTo } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";

Deno.test("a status that is undone is written ever more slowly", async () => {
  const world = await withGears();
  world.cluster.undo(MILLS);
  world.decide(({ nowMs }) => {
    const conditions = [{ type: "Done", lastUpdateTime: new Date(nowMs).toISOString() }];
    return decision({ status: { phase: "Done", conditions } });
  });
  world.touch("m");
  const most = await mostWritesPerMinute(world, 5);
  assert.ok(most >= 4 && most <= 20, `${most} writes in a minute`);
});

Deno.test("two statuses that take turns and are both undone are written ever more slowly", async () => {
  const world = await withGears();
  world.cluster.undo(MILLS);
  let turn = 0;
  world.decide(() => {
    const isEven = turn++ % 2 === 0;
    return decision({ status: isEven ? { phase: "Done", step: 1 } : { phase: "Busy", hash: "a" } });
  });
  world.touch("m");
  const most = await mostWritesPerMinute(world, 5);
  assert.ok(most >= 4 && most <= 40, `${most} writes in a minute`);
});

Deno.test("a word that users say again and again is taken back again and again", async () => {
  const world = await withGears();
  world.decide(({ mill }) => decision({ status: { ...(mill["status"] as object), asked: null } }));
  const asked = () =>
    (world.cluster.present(MILLS, refTo("m"))?.["status"] as { asked?: boolean }).asked;
  for (let turn = 0; turn < 9; turn++) {
    const present = world.cluster.present(MILLS, refTo("m"));
    assert.ok(present);
    world.cluster.put(MILLS, { ...present, status: { phase: "Busy", asked: true } });
    world.tell();
    await world.settle();
    assert.equal(asked(), undefined);
    await world.advance(21_000);
  }
});

Deno.test("a word that a webhook says again and again is taken back ever more slowly", async () => {
  const world = await withGears();
  const present = world.cluster.present(MILLS, refTo("m"));
  assert.ok(present);
  world.cluster.put(MILLS, { ...present, status: { phase: "Busy", asked: true } });
  world.cluster.undo(MILLS, { isLate: true });
  world.decide(({ mill }) => decision({ status: { ...(mill["status"] as object), asked: null } }));
  const most = await mostWritesPerMinute(world, 5);
  assert.ok(most >= 4 && most <= 20, `${most} writes in a minute`);
});

Deno.test("two statuses in turn, with the time of now and counted seconds, are written ever more slowly", async () => {
  const world = await withGears();
  world.cluster.undo(MILLS);
  let turn = 0;
  world.decide(({ nowMs }) => {
    const at = { finishedAt: new Date(nowMs).toISOString(), seconds: nowMs / 1000 };
    const isEven = turn++ % 2 === 0;
    const said = isEven ? { phase: "Done", step: 1, hash: "a" } : { phase: "Busy", pods: 4 };
    return decision({ status: { ...at, ...said } });
  });
  world.touch("m");
  const most = await mostWritesPerMinute(world, 5);
  assert.ok(most >= 4 && most <= 20, `${most} writes in a minute`);
});

Deno.test("a status that is refused is not asked at every event, though its time is another one", async () => {
  const world = await withGears();
  const error = refusal(403, "Forbidden");
  world.cluster.refuse("patch", MILLS, { error, times: Infinity });
  world.decide(({ nowMs }) =>
    decision({ status: { phase: "Done", hash: "a", finishedAt: new Date(nowMs).toISOString() } })
  );
  for (let second = 0; second < 120; second++) {
    world.tell();
    annotate(world, String(second));
    await world.advance(1_000);
  }
  const before = world.cluster.writes().length;
  for (let second = 0; second < 60; second++) {
    annotate(world, String(second));
    await world.advance(1_000);
  }
  const count = world.cluster.writes().length - before;
  assert.ok(count >= 3 && count <= 10, `${count} tries in a minute, with 60 events`);
});

Deno.test("what a user says between two statuses that do not last is told at once", async () => {
  const world = await withGears();
  let isUndoing = true;
  world.decide(({ mill, nowMs }) => {
    const isAborted = (mill["status"] as { abort?: boolean } | undefined)?.abort === true;
    if (!isAborted) return decision({ status: { phase: "Busy", step: 1, hash: "a" } });
    const abortedAt = new Date(nowMs).toISOString();
    return decision({ status: { abort: true, phase: "Degraded", message: "aborted", abortedAt } });
  });
  const status = () =>
    world.cluster.present(MILLS, refTo("m"))?.["status"] as Record<string, unknown>;
  const put = async (status: Record<string, unknown>) => {
    const present = world.cluster.present(MILLS, refTo("m"));
    assert.ok(present);
    world.cluster.put(MILLS, { ...present, status });
    world.tell();
    await world.settle();
    await world.advance(1_000);
    // A webhook takes it back.
    if (!isUndoing) return;
    for (let turn = 0; turn < 6; turn++) {
      const written = world.cluster.present(MILLS, refTo("m"));
      assert.ok(written);
      world.cluster.put(MILLS, { ...written, status });
      world.tell();
      await world.settle();
    }
  };
  await put({ abort: true });
  await put({ phase: "Old" });
  isUndoing = false;
  await put({ abort: true });
  assert.equal(status()["phase"], "Degraded");
});

/** Wants more teeth, and, as soon as they are there, fewer: what it found out it cannot keep. */
const toAndFro = ({ gears: [seen], mill }: MillWorld) => {
  const { teeth } = seen?.["spec"] as { teeth: number };
  const { metadata: { resourceVersion } } = seen as KubeObject;
  const body = { metadata: { resourceVersion }, spec: { teeth: teeth === 8 ? 9 : 8 } };
  const { turns = 0 } = (mill["status"] ?? {}) as { turns?: number };
  return decision({ effects: [patchGear("m-1", body)], status: { turns: turns + 1 } });
};

Deno.test("who goes to and fro since no status is kept does so ever more slowly", async () => {
  const world = await withGears("m-1");
  world.cluster.refuse("patch", MILLS, { error: refusal(403, "Forbidden"), times: Infinity });
  world.decide(toAndFro);
  world.touch("m");
  const most = await mostWritesPerMinute(world, 5);
  assert.ok(most >= 4 && most <= 20, `${most} writes in a minute`);
});

Deno.test("who goes to and fro as users wish is not slowed", async () => {
  const world = await withGears("m-1");
  world.decide(({ gears: [seen], mill }) => {
    const { wheels } = mill["spec"] as { wheels: number };
    return wantTeeth(wheels)({ gears: [seen as KubeObject], mill, nowMs: 0 });
  });
  for (let turn = 0; turn < 20; turn++) {
    world.touch("m", { wheels: 8 + turn % 2 });
    await world.settle();
    assert.deepEqual(world.cluster.present(GEARS, refTo("m-1"))?.["spec"], { teeth: 8 + turn % 2 });
  }
});

/** An event that changes nothing a status is decided on. */
function annotate({ cluster }: EngineWorld, note: string): void {
  const present = cluster.present(MILLS, refTo("m"));
  assert.ok(present);
  const annotations = { ...present.metadata.annotations, note };
  cluster.put(MILLS, { ...present, metadata: { ...present.metadata, annotations } });
  cluster.watchOf(MILLS).tell();
}
