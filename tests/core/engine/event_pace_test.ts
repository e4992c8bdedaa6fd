import assert from "node:assert/strict";
import { EVENTS } from "../../../core/api/names/resources.ts";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { EventRecorder } from "../../../core/engine/event_recorder.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import { decision, EngineWorld } from "./engine_world.ts";
import { mill, MILLS } from "./objects.ts";
import { RecordingLog } from "./recording_log.ts";
import { ScriptedCluster } from "./scripted_cluster.ts";
import { advance, settle } from "./virtual_time.ts";

const START_MS = Date.parse("2030-01-01T00:00:00Z");
const BURST = 20;

/** A recorder whose events give way to passes; they are under way until it is quiet. */
function newRecorder() {
  const clock = new VirtualClock(START_MS);
  const cluster = new ScriptedCluster();
  const log = new RecordingLog();
  const recorder = new EventRecorder({ cluster, clock, log, component: "rollouts-controller" });
  let quietSinceMs = Infinity;
  recorder.yieldTo({
    get quietMs() {
      return Math.max(0, clock.monotonic() - quietSinceMs);
    },
  });
  return {
    clock,
    log,
    recorder,
    record: (index: number, drafts: readonly EventDraft[]) =>
      recorder.record(mill(`m${index}`, { uid: `u${index}` }), drafts),
    beQuiet() {
      quietSinceMs = clock.monotonic();
    },
    posted: () =>
      cluster.objects(EVENTS).map(({ involvedObject, reason }) =>
        `${(involvedObject as { name: string }).name} ${reason}`
      ),
    times: () => cluster.objects(EVENTS).map(({ lastTimestamp }) => lastTimestamp),
  };
}

function normal(...reasons: readonly string[]): EventDraft[] {
  return reasons.map((reason) => ({ type: "Normal", reason, message: "turned" }));
}

function warning(reason: string): EventDraft {
  return { type: "Warning", reason, message: "turned" };
}

Deno.test("the events of a few updates are there at once, also while passes are under way", async () => {
  const { clock, record, posted } = newRecorder();
  for (let index = 0; index < 4; index++) record(index, normal("A", "B", "C", "D", "E"));
  await settle(clock);
  assert.equal(posted().length, BURST);
});

Deno.test("while passes are under way, 20 events a second go after the first 20", async () => {
  const { clock, recorder, record, posted } = newRecorder();
  for (let index = 0; index < 100; index++) record(index, normal("A", "B", "C"));
  await settle(clock);
  assert.equal(posted().length, BURST);
  assert.equal(recorder.running, 0, "the others wait for the clock");
  await advance(clock, 49);
  assert.equal(posted().length, BURST);
  await advance(clock, 1);
  assert.equal(posted().length, BURST + 1);
  await advance(clock, 4_950);
  assert.equal(posted().length, BURST + 100);
});

Deno.test("once there was a second of quiet, all that wait go as fast as they are taken", async () => {
  const { clock, record, posted, beQuiet } = newRecorder();
  for (let index = 0; index < 100; index++) record(index, normal("A", "B", "C"));
  await advance(clock, 1_000);
  beQuiet();
  await advance(clock, 999);
  assert.ok(posted().length <= BURST + 40, `${posted().length}`);
  await advance(clock, 51);
  assert.equal(posted().length, 300);
});

Deno.test("each object has its turn, and its events keep their order", async () => {
  const { clock, record, posted } = newRecorder();
  for (let index = 0; index < BURST; index++) record(100 + index, normal("A"));
  await settle(clock);
  record(1, normal("A", "B", "C"));
  record(2, normal("A", "B"));
  await advance(clock, 250);
  assert.deepEqual(posted().slice(BURST), ["m1 A", "m2 A", "m1 B", "m2 B", "m1 C"]);
});

Deno.test("an object with a Warning has its turns before all others, in its own order", async () => {
  const { clock, record, posted } = newRecorder();
  for (let index = 0; index < BURST; index++) record(100 + index, normal("A"));
  await settle(clock);
  record(1, normal("A", "B"));
  record(2, [...normal("A"), warning("Bad"), ...normal("C")]);
  await advance(clock, 250);
  assert.deepEqual(posted().slice(BURST), ["m2 A", "m2 Bad", "m1 A", "m2 C", "m1 B"]);
});

Deno.test("an event that waited says when it happened", async () => {
  const { clock, record, times } = newRecorder();
  for (let index = 0; index < 60; index++) record(index, normal("A"));
  await advance(clock, 2_000);
  assert.deepEqual([...new Set(times())], ["2030-01-01T00:00:00Z"]);
  assert.equal(times().length, 60);
});

Deno.test("those beyond five thousand give way to nothing, and none is lost", async () => {
  const { clock, log, recorder, record, posted } = newRecorder();
  for (let index = 0; index < 6_000; index++) record(index, normal("A"));
  while (recorder.running > 0) await settle(clock);
  assert.equal(posted().length, 1_000);
  await advance(clock, 250_000);
  assert.equal(posted().length, 6_000);
  assert.deepEqual(log.lines, []);
});

Deno.test("who stops posts all that waits at once", async () => {
  const { clock, recorder, record, posted } = newRecorder();
  for (let index = 0; index < 100; index++) record(index, normal("A", "B", "C"));
  await settle(clock);
  recorder.stop();
  assert.ok(recorder.running > 0);
  while (recorder.running > 0) await settle(clock);
  assert.equal(posted().length, 300);
  assert.equal(clock.nextDueMs(), undefined);
});

Deno.test("an engine is quiet once no key waits and no pass runs", async () => {
  const world = new EngineWorld();
  world.controller.decide = () => decision({ status: { turns: 1 } });
  world.cluster.put(MILLS, mill("m", {}));
  const held = world.cluster.hold("patch", MILLS);
  await world.start();
  await world.advance(5_000);
  assert.equal(world.engine.quietMs, 0, "a write is under way");
  held.release();
  await world.settle();
  await world.advance(700);
  assert.equal(world.engine.quietMs, 700);
});
