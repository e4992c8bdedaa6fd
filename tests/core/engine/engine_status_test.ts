import assert from "node:assert/strict";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import { annotateMill, create, decision, EngineWorld, NOTHING } from "./engine_world.ts";
import { gear, GEARS, mill, MILLS, refTo } from "./objects.ts";

const DONE: EventDraft = { type: "Normal", reason: "Done", message: "done" };

function statusOf(world: EngineWorld): unknown {
  return world.cluster.present(MILLS, refTo("m"))?.["status"];
}

/** The bodies of the status patches, in order. */
function patches(world: EngineWorld): unknown[] {
  return world.cluster.calls.filter(({ subresource }) => subresource === "status")
    .map(({ body }) => body);
}

/** The phase of the mill's status, which somebody's `abort` in it overrules. */
function phaseUnlessAborted(world: EngineWorld): void {
  world.decide(({ mill, gears }) => {
    const status = (mill["status"] ?? {}) as { abort?: boolean };
    const phase = status.abort ? "Aborted" : "Done";
    const effects = gears.length === 0 ? [create(gear("m-1"))] : [];
    return decision({ effects, status: { ...status, phase } });
  });
}

Deno.test("a status is one patch of what differs, with the version it was decided on", async () => {
  const world = new EngineWorld();
  world.cluster.put(MILLS, mill("m", { status: { phase: "New", step: 1, old: true } }));
  world.controller.decide = () => decision({ status: { phase: "Done", step: 1 }, events: [DONE] });
  await world.start();
  assert.deepEqual(patches(world), [
    { metadata: { resourceVersion: "101" }, status: { phase: "Done", old: null } },
  ]);
  assert.deepEqual(statusOf(world), { phase: "Done", step: 1 });
  assert.equal(world.passes.length, 2);
});

Deno.test("a pass whose effects write the object reports once, on their answer", async () => {
  const world = new EngineWorld();
  world.controller.decide = ({ mill }) =>
    mill.metadata.annotations?.["note"] === "seen"
      ? decision({ status: { phase: "Done" } })
      : decision({ effects: [annotateMill("m", "seen")], status: { phase: "Done" } });
  await world.start("m");
  assert.deepEqual(world.cluster.writes(), ["patch mills m", "patch mills/status m"]);
  assert.deepEqual(patches(world), [
    { metadata: { resourceVersion: "102" }, status: { phase: "Done" } },
  ]);
  assert.equal(world.passes.length, 2);
});

Deno.test("a status that differs only in the times of conditions is not written", async () => {
  const at = (time: string) => ({
    conditions: [{ type: "Ready", status: "True", lastUpdateTime: time, lastTransitionTime: time }],
  });
  const world = new EngineWorld();
  world.cluster.put(MILLS, mill("m", { status: at("2030-01-01T00:00:00Z") }));
  world.controller.decide = () => decision({ status: at("2030-01-01T00:05:00Z"), events: [DONE] });
  await world.start();
  assert.deepEqual(world.cluster.writes(), []);
  assert.equal(world.passes.length, 1);
  assert.equal(world.events.length, 1, "its events are recorded all the same");
});

Deno.test("a decision without a status leaves the status alone", async () => {
  const world = new EngineWorld();
  world.cluster.put(MILLS, mill("m", { status: { phase: "Kept" } }));
  world.controller.decide = () => decision({ events: [DONE] });
  await world.start();
  assert.deepEqual(statusOf(world), { phase: "Kept" });
  assert.deepEqual(world.cluster.writes(), []);
  assert.equal(world.events.length, 1);
});

Deno.test("an abort heard of while a pass acts is not overwritten by its status", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const held = world.cluster.hold("create", GEARS);
  phaseUnlessAborted(world);
  world.touch("m");
  await world.settle();
  const present = world.cluster.present(MILLS, refTo("m"));
  assert.ok(present);
  world.cluster.put(MILLS, { ...present, status: { abort: true } });
  world.tell();
  held.release();
  await world.advance(60_000);
  assert.deepEqual(statusOf(world), { abort: true, phase: "Aborted" });
  assert.equal(patches(world).length, 1, "the stale status was not even sent");
});

Deno.test("an abort not yet heard of makes the status a conflict, and is not lost", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const held = world.cluster.hold("create", GEARS);
  phaseUnlessAborted(world);
  world.touch("m");
  await world.settle();
  const present = world.cluster.present(MILLS, refTo("m"));
  assert.ok(present);
  world.cluster.put(MILLS, { ...present, status: { abort: true } });
  held.release();
  await world.advance(60_000);
  assert.deepEqual(statusOf(world), { abort: true, phase: "Aborted" });
  assert.deepEqual(world.cluster.said("get"), ["get mills m"]);
});

Deno.test("an abort that an effect's answer brings along is not overwritten either", async () => {
  const world = new EngineWorld();
  await world.start("m");
  world.decide(({ mill }) => {
    const status = (mill["status"] ?? {}) as { abort?: boolean };
    const effects = mill.metadata.annotations === undefined ? [annotateMill("m", "seen")] : [];
    return decision({ effects, status: { ...status, phase: status.abort ? "Aborted" : "Done" } });
  });
  const present = world.cluster.present(MILLS, refTo("m"));
  assert.ok(present);
  world.touch("m");
  world.cluster.put(MILLS, { ...present, status: { abort: true } });
  await world.advance(60_000);
  assert.deepEqual(statusOf(world), { abort: true, phase: "Aborted" });
});

Deno.test("a status decided on an older spec is not written", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const held = world.cluster.hold("create", GEARS);
  world.decide(({ mill, gears }) =>
    decision({
      effects: gears.length === 0 ? [create(gear("m-1"))] : [],
      status: { observed: mill.metadata.generation },
    })
  );
  world.touch("m");
  await world.settle();
  world.touch("m", { wheels: 2 });
  held.release();
  await world.settle();
  assert.deepEqual(patches(world).map((body) => (body as { status: unknown }).status), [
    { observed: 3 },
  ]);
});

Deno.test("a status is not written to another object of the same name", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const held = world.cluster.hold("create", GEARS);
  world.decide(({ mill, gears }) =>
    decision({
      effects: gears.length === 0 ? [create(gear("m-1"))] : [],
      status: { of: mill.metadata.uid ?? "" },
    })
  );
  world.touch("m");
  await world.settle();
  const { uid } = world.cluster.present(MILLS, refTo("m"))?.metadata ?? {};
  world.cluster.remove(MILLS, refTo("m"));
  const again = (wheels: number) => mill("m", { uid: "second", spec: { wheels } });
  world.cluster.put(MILLS, again(1));
  const second = world.cluster.put(MILLS, again(2));
  assert.equal(second.metadata.generation, 2, "as that of the first");
  world.tell();
  held.release();
  await world.settle();
  assert.notEqual(uid, "second");
  assert.deepEqual(statusOf(world), { of: "second" });
  assert.equal(patches(world).length, 1);
});

Deno.test("events are recorded once their status is written, on the object as it is", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const held = world.cluster.hold("patch", MILLS);
  world.decide(({ mill }) =>
    mill["status"] === undefined ? decision({ status: { phase: "Done" }, events: [DONE] }) : NOTHING
  );
  world.touch("m");
  await world.settle();
  assert.equal(world.events.length, 0);
  held.release();
  await world.settle();
  assert.deepEqual(world.reasons(), ["Done"]);
  assert.deepEqual(world.events[0]?.object["status"], { phase: "Done" });
});
