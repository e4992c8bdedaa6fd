import assert from "node:assert/strict";
import { EVENTS } from "../../../core/api/names/resources.ts";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { EventRecorder, type RecordedEvent } from "../../../core/engine/event_recorder.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import { mill } from "./objects.ts";
import { RecordingLog } from "./recording_log.ts";
import { refusal, ScriptedCluster } from "./scripted_cluster.ts";
import { advance, settle } from "./virtual_time.ts";

const START_MS = Date.parse("2030-01-01T00:00:00Z");
const MINUTE_MS = 60_000;
const MILL = mill("m", { uid: "mill-uid", version: 7 });
const OTHER = mill("other", { uid: "other-uid", version: 8 });
const UNREACHABLE = new UnreachableError("Cannot create: reset");

function newRecorder() {
  const clock = new VirtualClock(START_MS);
  const cluster = new ScriptedCluster();
  const log = new RecordingLog();
  const recorder = new EventRecorder({ cluster, clock, log, component: "rollouts-controller" });
  const heard: RecordedEvent[] = [];
  recorder.onRecord((event) => heard.push(event));
  const posted = () => cluster.objects(EVENTS).map(({ message, count }) => `${count} ${message}`);
  return { clock, cluster, log, recorder, heard, posted };
}

function saying(message: string, reason = "Turned"): EventDraft {
  return { type: "Normal", reason, message };
}

function numbered(count: number, reason?: string): EventDraft[] {
  return Array.from({ length: count }, (_, index) => saying(`turn ${index + 1}`, reason));
}

/** Drafts that no two share a reason, so that none are combined. */
function unlike(count: number): EventDraft[] {
  return Array.from({ length: count }, (_, index) => saying("turned", `Reason${index + 1}`));
}

Deno.test("an event is posted in its object's namespace, saying what it is about", async () => {
  const { clock, cluster, recorder } = newRecorder();
  clock.advanceTo(START_MS + 1_234);
  recorder.record(MILL, [saying("turned once")]);
  await settle(clock);
  const [event] = cluster.objects(EVENTS);
  assert.ok(event);
  const { metadata, ...rest } = event;
  assert.equal(metadata.namespace, "default");
  assert.match(metadata.name, /^m\.[0-9a-f]+$/);
  assert.deepEqual(rest, {
    apiVersion: "v1",
    kind: "Event",
    involvedObject: {
      apiVersion: "example.com/v1",
      kind: "Mill",
      namespace: "default",
      name: "m",
      uid: "mill-uid",
      resourceVersion: "7",
    },
    reason: "Turned",
    message: "turned once",
    source: { component: "rollouts-controller" },
    firstTimestamp: "2030-01-01T00:00:01Z",
    lastTimestamp: "2030-01-01T00:00:01Z",
    count: 1,
    type: "Normal",
    eventTime: null,
    reportingComponent: "rollouts-controller",
    reportingInstance: "",
  });
});

Deno.test("an event of an object without a namespace is posted in the default one", async () => {
  const { clock, cluster, recorder } = newRecorder();
  recorder.record({ ...MILL, metadata: { name: "m", uid: "u" } }, [saying("turned")]);
  await settle(clock);
  assert.equal(cluster.objects(EVENTS)[0]?.metadata.namespace, "default");
});

Deno.test("a repeated event raises the count of the earlier one", async () => {
  const { clock, cluster, recorder, posted } = newRecorder();
  recorder.record(MILL, [saying("turned"), saying("turned"), saying("stopped")]);
  await advance(clock, MINUTE_MS);
  recorder.record(MILL, [saying("turned")]);
  await settle(clock);
  assert.deepEqual(posted(), ["3 turned", "1 stopped"]);
  assert.equal(cluster.said("create").length, 2);
  const [turned] = cluster.objects(EVENTS);
  assert.equal(turned?.["firstTimestamp"], "2030-01-01T00:00:00Z");
  assert.equal(turned?.["lastTimestamp"], "2030-01-01T00:01:00Z");
});

Deno.test("the same words as a warning are another event", async () => {
  const { clock, recorder, posted } = newRecorder();
  recorder.record(MILL, [saying("turned"), { ...saying("turned"), type: "Warning" }]);
  await settle(clock);
  assert.deepEqual(posted(), ["1 turned", "1 turned"]);
});

Deno.test("25 events of an object go out in a burst, then one each five minutes", async () => {
  const { clock, recorder, posted } = newRecorder();
  recorder.record(MILL, unlike(40));
  await settle(clock);
  assert.equal(posted().length, 25);
  const after = async (ms: number, reason: string) => {
    await advance(clock, ms);
    recorder.record(MILL, [saying("later", `${reason}1`), saying("later", `${reason}2`)]);
    await settle(clock);
    return posted().length;
  };
  assert.equal(await after(5 * MINUTE_MS - 1, "Before"), 25);
  assert.equal(await after(1, "On"), 26);
  assert.equal(await after(10 * MINUTE_MS, "Later"), 28);
});

Deno.test("what of five minutes has passed counts for the next event", async () => {
  const { clock, recorder, posted } = newRecorder();
  recorder.record(MILL, unlike(25));
  await advance(clock, 7 * MINUTE_MS);
  recorder.record(MILL, [saying("later", "First")]);
  await advance(clock, 3 * MINUTE_MS);
  recorder.record(MILL, [saying("later", "Second")]);
  await settle(clock);
  assert.equal(posted().length, 27);
});

Deno.test("after a long rest the whole burst is there again, and no more", async () => {
  const { clock, recorder, posted } = newRecorder();
  recorder.record(MILL, unlike(40));
  await advance(clock, 24 * 60 * MINUTE_MS + MINUTE_MS);
  recorder.record(MILL, unlike(80).slice(40));
  await settle(clock);
  assert.equal(posted().length, 50);
  await advance(clock, 5 * MINUTE_MS - 1);
  recorder.record(MILL, unlike(81).slice(80));
  await settle(clock);
  assert.equal(posted().length, 50, "a full bucket saves up nothing");
});

Deno.test("each object has its own limit", async () => {
  const { clock, recorder, posted } = newRecorder();
  recorder.record(MILL, unlike(40));
  recorder.record(OTHER, unlike(40));
  await settle(clock);
  assert.equal(posted().length, 50);
});

Deno.test("listeners hear every event at once and in order, also those held back", () => {
  const { recorder, heard } = newRecorder();
  recorder.record(MILL, numbered(40));
  assert.deepEqual(heard.map(({ message }) => message), numbered(40).map(({ message }) => message));
  assert.equal(heard[39]?.atMs, START_MS);
  assert.equal(heard[39]?.object, MILL);
});

Deno.test("a count includes what was held back", async () => {
  const { clock, recorder, posted } = newRecorder();
  for (let index = 0; index < 30; index++) recorder.record(MILL, [saying("turned")]);
  await settle(clock);
  assert.deepEqual(posted(), ["25 turned"]);
  await advance(clock, 5 * MINUTE_MS);
  recorder.record(MILL, [saying("turned")]);
  await settle(clock);
  assert.deepEqual(posted(), ["31 turned"]);
});

Deno.test("an event first held back is created when one like it goes out", async () => {
  const { clock, recorder, cluster, posted } = newRecorder();
  recorder.record(MILL, [...unlike(25), saying("turned")]);
  await advance(clock, 5 * MINUTE_MS);
  recorder.record(MILL, [saying("turned")]);
  await settle(clock);
  assert.equal(posted().at(-1), "2 turned");
  assert.deepEqual(cluster.said("patch"), []);
});

Deno.test("more than ten messages of one reason in ten minutes are combined", async () => {
  const { clock, recorder, posted } = newRecorder();
  recorder.record(MILL, numbered(13));
  recorder.record(MILL, [saying("turn 1", "Braked")]);
  await settle(clock);
  assert.deepEqual(posted().slice(0, 10), numbered(10).map(({ message }) => `1 ${message}`));
  assert.deepEqual(posted().slice(10), ["3 (combined from similar events): turn 13", "1 turn 1"]);
});

Deno.test("ten minutes after the first of them, messages stand for themselves again", async () => {
  const { clock, recorder, posted } = newRecorder();
  recorder.record(MILL, numbered(11));
  await advance(clock, 10 * MINUTE_MS + 1);
  recorder.record(MILL, [saying("turn 20")]);
  await settle(clock);
  assert.equal(posted().at(-1), "1 turn 20");
});

Deno.test("the order of an object's events is kept while answers are late", async () => {
  const { clock, cluster, recorder, posted } = newRecorder();
  const held = cluster.hold("create", EVENTS);
  recorder.record(MILL, [saying("one")]);
  recorder.record(OTHER, [saying("two")]);
  recorder.record(MILL, [saying("one"), saying("three")]);
  await settle(clock);
  assert.deepEqual(posted(), ["1 one", "1 two"]);
  assert.equal(recorder.running, 3, "what is late holds up its own object's events alone");
  held.release();
  await settle(clock);
  assert.deepEqual(cluster.said("create", "patch").map((call) => call.split(" ")[0]), [
    "create",
    "create",
    "patch",
    "create",
  ]);
  assert.deepEqual(posted(), ["2 one", "1 two", "1 three"]);
  assert.equal(recorder.running, 0);
});

Deno.test("the events of 400 updates at once all go out, ten calls at a time", async () => {
  const { clock, cluster, log, recorder, posted } = newRecorder();
  let inFlight = 0;
  let most = 0;
  const create = cluster.create.bind(cluster);
  cluster.create = async (...args) => {
    most = Math.max(most, ++inFlight);
    await new Promise<void>((resolve) => clock.after(20, resolve));
    inFlight--;
    return create(...args);
  };
  for (let index = 0; index < 400; index++) {
    recorder.record(mill(`m${index}`, { uid: `u${index}` }), unlike(17));
  }
  await advance(clock, 13_600);
  assert.equal(posted().length, 6_800);
  assert.equal(most, 10);
  assert.deepEqual(log.lines, []);
  assert.equal(recorder.running, 0);
});

Deno.test("a refused event is dropped with a warning, and those after it go out", async () => {
  const { clock, cluster, log, recorder, posted } = newRecorder();
  cluster.refuse("create", EVENTS, { error: refusal(403, "Forbidden") });
  recorder.record(MILL, [saying("one"), saying("two")]);
  await settle(clock);
  assert.deepEqual(posted(), ["1 two"]);
  assert.equal(log.at("warn").length, 1);
});

Deno.test("an unreachable cluster is asked again every ten seconds, in order", async () => {
  const { clock, cluster, recorder, posted } = newRecorder();
  cluster.refuse("create", EVENTS, { error: UNREACHABLE, times: 3 });
  recorder.record(MILL, [saying("one"), saying("two")]);
  await settle(clock);
  assert.equal(recorder.running, 0, "it waits for the clock");
  await advance(clock, 29_999);
  assert.deepEqual(posted(), []);
  await advance(clock, 1);
  assert.deepEqual(posted(), ["1 one", "1 two"]);
});

Deno.test("an event is dropped with a warning after twelve tries; then the next", async () => {
  const { clock, cluster, log, recorder, posted } = newRecorder();
  cluster.refuse("create", EVENTS, { error: UNREACHABLE, times: 12 });
  recorder.record(MILL, [saying("one"), saying("two")]);
  await advance(clock, 110_000);
  assert.deepEqual(posted(), ["1 two"]);
  assert.equal(cluster.said("create").length, 13);
  assert.equal(log.at("warn").length, 1);
});

Deno.test("an event whose answer was lost is there once, and nobody is warned", async () => {
  const { clock, cluster, log, recorder, posted } = newRecorder();
  cluster.loseAnswer("create", EVENTS);
  recorder.record(MILL, [saying("one"), saying("two")]);
  await advance(clock, 10_000);
  assert.deepEqual(posted(), ["1 one", "1 two"]);
  assert.deepEqual(log.at("warn"), []);
});

Deno.test("a repeated event that the cluster has forgotten is created anew", async () => {
  const { clock, cluster, recorder, posted } = newRecorder();
  recorder.record(MILL, [saying("turned")]);
  await settle(clock);
  for (const { metadata } of cluster.objects(EVENTS)) {
    cluster.remove(EVENTS, { namespace: "default", name: metadata.name });
  }
  recorder.record(MILL, [saying("turned")]);
  await settle(clock);
  assert.deepEqual(posted(), ["2 turned"]);
  assert.equal(cluster.objects(EVENTS)[0]?.["firstTimestamp"], "2030-01-01T00:00:00Z");
});

Deno.test("of more than ten thousand waiting events the oldest go, and one line counts", async () => {
  const { clock, cluster, log, recorder } = newRecorder();
  for (let index = 0; index < 10_013; index++) {
    recorder.record(mill(`m${index}`, { uid: `u${index}` }), [saying(`of ${index}`)]);
  }
  assert.deepEqual(log.lines, []);
  while (recorder.running > 0) await settle(clock);
  const posted = new Set(cluster.objects(EVENTS).map(({ message }) => message));
  assert.equal(posted.size, 10_010);
  assert.deepEqual(["of 9", "of 10", "of 12", "of 13"].map((message) => posted.has(message)), [
    true,
    false,
    false,
    true,
  ]);
  assert.deepEqual(log.lines.map(({ level, message, fields }) => [level, message, fields]), [
    ["warn", "events were dropped", { count: 3, cause: "more than 10000 are waiting" }],
  ]);
});

Deno.test("events dropped for minutes are told once a minute, by their number", async () => {
  const { clock, cluster, log, recorder } = newRecorder();
  cluster.refuse("create", EVENTS, { error: UNREACHABLE, times: Infinity });
  for (let index = 0; index < 10_001; index++) {
    recorder.record(mill(`m${index}`, { uid: `u${index}` }), [saying("turned")]);
  }
  const counts = () => log.lines.map(({ fields }) => fields["count"]);
  for (let second = 0; second < 100; second++) {
    recorder.record(mill(`n${second}`, { uid: `v${second}` }), [saying("turned")]);
    await advance(clock, 1_000);
  }
  assert.deepEqual(counts(), [61]);
});

Deno.test("of many refused events one line tells, with the last cause", async () => {
  const { clock, cluster, log, recorder } = newRecorder();
  const error = refusal(403, "Forbidden", "events are not yours to make");
  cluster.refuse("create", EVENTS, { error, times: Infinity });
  recorder.record(MILL, unlike(20));
  await settle(clock);
  assert.deepEqual(log.lines.map(({ fields }) => fields), [
    { count: 20, cause: "ApiError: events are not yours to make" },
  ]);
});

Deno.test("a busy server gets its events later, and nobody is warned", async () => {
  const { clock, cluster, log, recorder, posted } = newRecorder();
  cluster.refuse("create", EVENTS, { error: refusal(429, "TooManyRequests"), times: 2 });
  recorder.record(MILL, [saying("one"), saying("two")]);
  await advance(clock, 20_000);
  assert.deepEqual(posted(), ["1 one", "1 two"]);
  assert.deepEqual(log.lines, []);
});

Deno.test("a cluster that does not answer is asked by one event at a time", async () => {
  const { clock, cluster, recorder, posted } = newRecorder();
  cluster.refuse("create", EVENTS, { error: UNREACHABLE, times: 20 });
  for (let index = 0; index < 15; index++) {
    recorder.record(mill(`m${index}`, { uid: `u${index}` }), [saying("turned")]);
  }
  await settle(clock);
  const first = cluster.said("create").length;
  assert.equal(first, 10);
  await advance(clock, 100_000);
  assert.equal(cluster.said("create").length, first + 10);
  await advance(clock, 10_000);
  assert.equal(posted().length, 15);
});

Deno.test("a stopped recorder posts what is waiting while the cluster answers", async () => {
  const { clock, cluster, recorder, posted } = newRecorder();
  const held = cluster.hold("create", EVENTS);
  recorder.record(MILL, [saying("one"), saying("two")]);
  recorder.stop();
  held.release();
  await settle(clock);
  assert.deepEqual(posted(), ["1 one", "1 two"]);
});

Deno.test("a stopped recorder waits no more for a cluster that is not there", async () => {
  const { clock, cluster, recorder } = newRecorder();
  cluster.refuse("create", EVENTS, { error: UNREACHABLE, times: Infinity });
  recorder.record(MILL, [saying("one"), saying("two")]);
  await settle(clock);
  recorder.stop();
  await settle(clock);
  assert.equal(clock.nextDueMs(), undefined);
  assert.equal(recorder.running, 0);
  assert.equal(cluster.calls.length, 2, "one last try");
});
