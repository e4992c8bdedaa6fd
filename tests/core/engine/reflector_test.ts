import assert from "node:assert/strict";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { Reflector } from "../../../core/engine/reflector.ts";
import { Store } from "../../../core/engine/store.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import { gear, GEARS, refTo } from "./objects.ts";
import { RecordingLog } from "./recording_log.ts";
import { refusal, ScriptedCluster } from "./scripted_cluster.ts";
import { advance, settle, turns } from "./virtual_time.ts";

const GONE = refusal(410, "Expired");

function newReflector() {
  const clock = new VirtualClock(1_000_000);
  const cluster = new ScriptedCluster();
  const log = new RecordingLog();
  const store = new Store(GEARS);
  const selection = { labelSelector: "size=small" };
  const reflector = new Reflector({ cluster, clock, log, store, selection });
  const names = () => [...store.all()].map(({ metadata }) => metadata.name).sort();
  const lists = () => cluster.said("list").length;
  return { clock, cluster, log, store, reflector, names, lists };
}

async function started() {
  const world = newReflector();
  world.cluster.put(GEARS, gear("a"));
  world.reflector.start();
  await turns();
  return world;
}

Deno.test("a reflector lists, then watches from there, with its selection", async () => {
  const world = newReflector();
  const { cluster, reflector } = world;
  cluster.put(GEARS, gear("a"));
  assert.equal(reflector.hasSynced, false);
  reflector.start();
  assert.equal(reflector.running, 1);
  await turns();
  assert.equal(reflector.hasSynced, true);
  assert.equal(reflector.running, 0);
  assert.deepEqual(world.names(), ["a"]);
  assert.deepEqual(cluster.watches.map(({ options }) => options), [
    { labelSelector: "size=small", resourceVersion: "101" },
  ]);
  cluster.put(GEARS, gear("b"));
  cluster.watchOf(GEARS).tell();
  assert.deepEqual(world.names(), ["a", "b"]);
  assert.equal(reflector.resourceVersion, "102");
});

Deno.test("what happens between list and watch is not lost", async () => {
  const world = newReflector();
  const held = world.cluster.hold("list", GEARS);
  world.reflector.start();
  world.cluster.put(GEARS, gear("b"));
  held.release();
  await turns();
  assert.deepEqual(world.names(), []);
  world.cluster.watchOf(GEARS).tell();
  assert.deepEqual(world.names(), ["b"]);
});

Deno.test("after a normal end the watch goes on where it was", async () => {
  const { clock, cluster, log, lists } = await started();
  cluster.put(GEARS, gear("b"));
  cluster.watchOf(GEARS).tell();
  cluster.watchOf(GEARS).end();
  await settle(clock);
  assert.equal(lists(), 1);
  assert.deepEqual(cluster.watches.map(({ options }) => options.resourceVersion), ["101", "102"]);
  assert.deepEqual(log.at("warn"), []);
});

Deno.test("a quiet watch that ends after its time goes on at once", async () => {
  const { clock, cluster, log } = await started();
  await advance(clock, 300_000);
  cluster.watchOf(GEARS).end();
  assert.equal(cluster.watches.length, 2);
  assert.deepEqual(log.at("warn"), []);
});

Deno.test("bookmarks advance the version from which the watch goes on", async () => {
  const { cluster, reflector } = await started();
  let progressed = 0;
  reflector.onProgress(() => progressed++);
  cluster.watchOf(GEARS).bookmark(150);
  assert.equal(reflector.resourceVersion, "150");
  assert.equal(progressed, 1);
  cluster.watchOf(GEARS).end();
  assert.equal(cluster.watchOf(GEARS).options.resourceVersion, "150");
});

Deno.test("410 Gone makes it list again, and what was deleted meanwhile goes", async () => {
  const { cluster, log, lists, names, reflector } = await started();
  cluster.put(GEARS, gear("b"));
  cluster.remove(GEARS, refTo("a"));
  const loads = reflector.loads;
  cluster.watchOf(GEARS).end(GONE);
  assert.equal(reflector.running, 1);
  await turns();
  assert.equal(lists(), 2);
  assert.deepEqual(names(), ["b"]);
  assert.equal(cluster.watchOf(GEARS).options.resourceVersion, "103");
  assert.equal(reflector.loads, loads + 2, "a list and a watch");
  assert.deepEqual(log.at("warn"), []);
});

Deno.test("a reflector tells its trouble and since when, until a watch holds or tells something", async () => {
  const { clock, cluster, reflector } = await started();
  assert.equal(reflector.trouble, undefined);
  const refused = refusal(403, "Forbidden");
  cluster.watchOf(GEARS).end(refused);
  const since = clock.now();
  assert.deepEqual(reflector.trouble, { error: refused, sinceMs: since });
  await advance(clock, 250);
  const reset = new UnreachableError("Cannot watch: reset");
  cluster.watchOf(GEARS).end(reset);
  assert.deepEqual(reflector.trouble, { error: reset, sinceMs: since });
  await advance(clock, 250);
  assert.deepEqual(reflector.trouble, { error: reset, sinceMs: since }, "it has just begun");
  await advance(clock, 1_000);
  assert.equal(reflector.trouble, undefined);
  cluster.watchOf(GEARS).end(reset);
  assert.deepEqual(reflector.trouble, { error: reset, sinceMs: clock.now() });
  await advance(clock, 250);
  cluster.watchOf(GEARS).bookmark(200);
  assert.equal(reflector.trouble, undefined);
});

Deno.test("410 Gone from every watch is answered ever more slowly, not in a loop", async () => {
  const { clock, cluster, lists } = await started();
  const startMs = clock.now();
  const listedAt: number[] = [];
  for (let index = 0; index < 6; index++) {
    cluster.watchOf(GEARS).end(GONE);
    await settle(clock);
    clock.advanceTo(clock.nextDueMs() ?? clock.now());
    await settle(clock);
    listedAt.push(clock.now() - startMs);
  }
  assert.deepEqual(listedAt, [0, 250, 750, 1750, 3750, 7750]);
  assert.equal(lists(), 7);
});

Deno.test("watches that end at once and tell nothing are restarted ever more slowly", async () => {
  const { clock, cluster, log } = await started();
  const startedAt: number[] = [];
  for (let index = 0; index < 5; index++) {
    cluster.watchOf(GEARS).end();
    const dueMs = clock.nextDueMs() as number;
    clock.advanceTo(dueMs);
    await settle(clock);
    startedAt.push(dueMs - 1_000_000);
  }
  assert.deepEqual(startedAt, [250, 750, 1750, 3750, 7750]);
  assert.equal(log.at("warn").length, 5);
  assert.equal(cluster.watches.length, 6);
});

Deno.test("a broken watch goes on after a pause, from where it was, with a warning", async () => {
  const { clock, cluster, log, lists } = await started();
  cluster.watchOf(GEARS).end(new UnreachableError("Cannot watch: reset"));
  await advance(clock, 249);
  assert.equal(cluster.watches.length, 1);
  await advance(clock, 1);
  assert.equal(cluster.watches.length, 2);
  assert.equal(lists(), 1);
  assert.equal(cluster.watchOf(GEARS).options.resourceVersion, "101");
  assert.deepEqual(log.at("warn").map(({ fields }) => [fields["delayMs"], fields["cause"]]), [
    [250, "Cannot watch: reset"],
  ]);
});

Deno.test("pauses grow to thirty seconds, and start anew after an event", async () => {
  const { clock, cluster, log } = await started();
  const delays = () => log.at("warn").map(({ fields }) => fields["delayMs"]);
  for (let index = 0; index < 9; index++) {
    cluster.watchOf(GEARS).end(refusal(500, "InternalError"));
    clock.advanceTo(clock.nextDueMs() as number);
    await settle(clock);
  }
  assert.deepEqual(delays(), [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  cluster.put(GEARS, gear("b"));
  cluster.watchOf(GEARS).tell();
  cluster.watchOf(GEARS).end(refusal(500, "InternalError"));
  assert.equal(delays().at(-1), 250);
});

Deno.test("a server that is down is asked 42 times a minute, and heard within 2 s", async () => {
  const { clock, cluster, log } = await started();
  cluster.put(GEARS, gear("b"));
  const tried = () => cluster.watches.length;
  const before = tried();
  const endMs = clock.now() + 60_000;
  while (clock.now() < endMs) {
    cluster.watchOf(GEARS).end(new UnreachableError("Cannot watch: connection refused"));
    clock.advanceTo(clock.nextDueMs() as number);
    await settle(clock);
  }
  assert.equal(tried() - before, 42);
  const delays = log.lines.map(({ fields }) => Number(fields["delayMs"]));
  assert.deepEqual(delays.slice(0, 4), [250, 500, 1000, 1500]);
  assert.equal(Math.max(...delays), 1500);
  assert.equal(log.at("warn").length, 4, "an outage does not fill the log");
  assert.deepEqual(cluster.watchOf(GEARS).options.resourceVersion, "101");
});

Deno.test("a list of a server that is down is asked for likewise", async () => {
  const { clock, cluster, reflector, lists } = newReflector();
  const error = new UnreachableError("Cannot list: connection refused");
  cluster.refuse("list", GEARS, { error, times: Infinity });
  reflector.start();
  await advance(clock, 60_000);
  assert.equal(lists(), 42);
});

Deno.test("a server that is back and says no at first is asked soon again", async () => {
  const { clock, cluster, log } = await started();
  const down = new UnreachableError("Cannot watch: connection refused");
  const starting = refusal(403, "Forbidden", "roles are not loaded yet");
  for (const error of [...Array(9).fill(down), starting, starting, down]) {
    cluster.watchOf(GEARS).end(error);
    clock.advanceTo(clock.nextDueMs() as number);
    await settle(clock);
  }
  const delays = log.lines.map(({ fields }) => fields["delayMs"]);
  assert.deepEqual(delays.slice(-4), [1500, 250, 500, 250]);
});

Deno.test("pauses start anew after a watch that held, though it told nothing", async () => {
  const { clock, cluster, log } = await started();
  for (let index = 0; index < 3; index++) {
    cluster.watchOf(GEARS).end(refusal(500, "InternalError"));
    await advance(clock, 30_000);
  }
  assert.deepEqual(log.at("warn").map(({ fields }) => fields["delayMs"]), [250, 250, 250]);
});

Deno.test("a list that fails is asked for again, ever more slowly, with warnings", async () => {
  const { clock, cluster, log, reflector, lists } = newReflector();
  cluster.refuse("list", GEARS, { error: refusal(403, "Forbidden"), times: 9 });
  reflector.start();
  await advance(clock, 0);
  assert.equal(reflector.running, 0, "it waits for the clock");
  await advance(clock, 200_000);
  assert.equal(lists(), 10);
  assert.equal(reflector.hasSynced, true);
  assert.deepEqual(log.at("warn").map(({ fields }) => fields["delayMs"]), [
    250,
    500,
    1000,
    2000,
    4000,
    8000,
    16_000,
    30_000,
    30_000,
  ]);
});

Deno.test("a reflector stopped while it lists takes in nothing and watches nothing", async () => {
  const { clock, cluster, reflector, names } = newReflector();
  cluster.put(GEARS, gear("a"));
  const held = cluster.hold("list", GEARS);
  reflector.start();
  reflector.stop();
  assert.equal(reflector.running, 0);
  held.release();
  await settle(clock);
  assert.deepEqual(names(), []);
  assert.equal(cluster.watches.length, 0);
  assert.equal(reflector.hasSynced, false);
});

Deno.test("a reflector stopped while a list fails does not try again", async () => {
  const { clock, cluster, reflector, log } = newReflector();
  const held = cluster.hold("list", GEARS);
  reflector.start();
  reflector.stop();
  held.fail(new UnreachableError("Cannot list: reset"));
  await settle(clock);
  assert.equal(clock.nextDueMs(), undefined);
  assert.deepEqual(log.lines, []);
});

Deno.test("a reflector stopped while it watches ends the watch and is deaf to it", async () => {
  const { clock, cluster, reflector, names } = await started();
  const watch = cluster.watchOf(GEARS);
  reflector.stop();
  assert.equal(watch.isStopped, true);
  cluster.put(GEARS, gear("b"));
  watch.tell();
  watch.end();
  await settle(clock);
  assert.deepEqual(names(), ["a"]);
  assert.equal(cluster.watches.length, 1);
});

Deno.test("a reflector stopped while it waits to try again does not", async () => {
  const { clock, cluster, reflector } = await started();
  cluster.watchOf(GEARS).end(new UnreachableError("Cannot watch: reset"));
  reflector.stop();
  assert.equal(clock.nextDueMs(), undefined);
  await advance(clock, 60_000);
  assert.equal(cluster.watches.length, 1);
});

Deno.test("a refresh lists again, and counts as not filled until that has come", async () => {
  const { clock, cluster, reflector, names, lists } = await started();
  const old = cluster.watchOf(GEARS);
  cluster.put(GEARS, gear("b"));
  const held = cluster.hold("list", GEARS);
  let synced = 0;
  reflector.onSync(() => synced++);
  reflector.refresh();
  assert.equal(reflector.hasSynced, false);
  assert.equal(old.isStopped, true);
  old.tell();
  assert.deepEqual(names(), ["a"], "what an old watch says is the past");
  old.end(new UnreachableError("Cannot watch: reset"));
  held.release();
  await turns();
  assert.equal(reflector.hasSynced, true);
  assert.equal(synced, 1);
  assert.equal(clock.nextDueMs(), undefined, "nor does its end count");
  assert.deepEqual(names(), ["a", "b"]);
  assert.equal(lists(), 2);
  assert.equal(cluster.watches.length, 2);
});

Deno.test("a list that was asked for before a refresh is not heard any more", async () => {
  for (const isRefused of [false, true]) {
    const { clock, cluster, reflector, names, lists } = newReflector();
    const held = cluster.hold("list", GEARS);
    reflector.start();
    cluster.put(GEARS, gear("a"));
    reflector.refresh();
    await turns();
    assert.deepEqual(names(), ["a"]);
    if (isRefused) held.fail(new UnreachableError("Cannot list: reset"));
    else held.release();
    await advance(clock, 60_000);
    assert.deepEqual(names(), ["a"]);
    assert.equal(lists(), 2);
    assert.equal(cluster.watches.length, 1);
  }
});

Deno.test("a refresh of what waits to try again tries at once, and of what has not begun is nothing", async () => {
  const { clock, cluster, reflector } = await started();
  cluster.watchOf(GEARS).end(new UnreachableError("Cannot watch: reset"));
  reflector.refresh();
  await turns();
  assert.equal(clock.nextDueMs(), undefined);
  assert.equal(cluster.watches.length, 2);
  const other = newReflector();
  other.reflector.refresh();
  await turns();
  assert.equal(other.lists(), 0);
});

Deno.test("a server that stays busy is asked each 5 s, or when it says", async () => {
  const { clock, cluster, log } = await started();
  const delays = () => log.at("warn").map(({ fields }) => fields["delayMs"]);
  for (let index = 0; index < 7; index++) {
    cluster.watchOf(GEARS).end(refusal(503, "ServiceUnavailable"));
    clock.advanceTo(clock.nextDueMs() as number);
    await settle(clock);
  }
  assert.deepEqual(delays(), [250, 500, 1000, 2000, 4000, 5000, 5000]);
  cluster.watchOf(GEARS).end(refusal(429, "TooManyRequests", "too many", 12));
  assert.equal(delays().at(-1), 12_000);
});

Deno.test("it knows when it could not follow the cluster, and tells when that was long", async () => {
  const { clock, cluster, reflector } = await started();
  let times = 0;
  reflector.onSeenAgain(() => times++);
  const startMs = clock.now();
  const down = new UnreachableError("Cannot watch: connection refused");
  const fails = async (forMs: number) => {
    const endMs = clock.now() + forMs;
    while (clock.now() < endMs) {
      cluster.watchOf(GEARS).end(down);
      await advance(clock, Math.min(2_000, endMs - clock.now()));
    }
  };
  await fails(4_000);
  // That it was begun proves nothing: a dead server keeps one waiting.
  await advance(clock, 60_000);
  assert.deepEqual(reflector.unseen, [{ fromMs: startMs }]);
  cluster.watchOf(GEARS).sink.opened?.();
  assert.deepEqual(reflector.unseen, [{ fromMs: startMs, toMs: startMs + 64_000 }]);
  assert.equal(times, 1);
  await advance(clock, 20_000);
  await fails(4_000);
  cluster.watchOf(GEARS).bookmark(cluster.version);
  assert.equal(times, 1, "short ones are told to nobody");
  cluster.refuse("list", GEARS, { error: down, times: 3 });
  cluster.watchOf(GEARS).end(GONE);
  await advance(clock, 60_000);
  assert.ok(reflector.unseen.every(({ toMs }) => toMs !== undefined), "a list shows all, too");
});
