import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import { ApiError, UnreachableError, type WatchHandle } from "../../../../core/ports/mod.ts";
import { FakeServer, Feed, refusal, TestCluster } from "./fake_server.ts";
import { turnUntil } from "./turn_until.ts";
import { RecordingSink } from "./recording_sink.ts";

function event(name: string, extra: object = {}, type = "MODIFIED"): object {
  return { type, object: { kind: "Pod", apiVersion: "v1", metadata: { name }, ...extra } };
}

/** Runs with a watch on a feed. */
async function watching(
  act: (feed: Feed, sink: RecordingSink, handle: () => WatchHandle) => Promise<void>,
  onEvent?: (handle: WatchHandle) => void,
): Promise<void> {
  const feed = new Feed();
  await using server = new FakeServer(() => feed.response);
  await using cluster = new TestCluster(server.url);
  const sink = new RecordingSink(() => onEvent?.(handle));
  const handle: WatchHandle = cluster.watch(PODS, { resourceVersion: "1" }, sink);
  await server.received(1);
  await act(feed, sink, () => handle);
}

Deno.test("watch() hands on events and bookmarks in order, and ends in good order", async () => {
  await watching(async (feed, sink) => {
    feed.send(event("a", { spec: { x: 1 } }, "ADDED"));
    feed.send({ type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } });
    feed.send(event("b", {}, "DELETED"));
    feed.end();
    assert.equal(await sink.ended, undefined);
    assert.deepEqual(sink.events.map(({ type }) => type), ["ADDED", "BOOKMARK", "DELETED"]);
    assert.deepEqual(sink.events[0], event("a", { spec: { x: 1 } }, "ADDED"));
    assert.equal(sink.events[1]?.object.metadata.resourceVersion, "9");
  });
});

Deno.test("watch() reads events that are cut anywhere, even inside a character", async () => {
  await watching(async (feed, sink) => {
    const text = JSON.stringify(event("naïve-🌊-a")) + "\n" + JSON.stringify(event("b")) + "\n";
    for (const byte of new TextEncoder().encode(text)) feed.send(Uint8Array.of(byte));
    await sink.received(2);
    assert.deepEqual(sink.names, ["naïve-🌊-a", "b"]);
  });
});

Deno.test("watch() reads many events from one chunk, and one of several megabytes", async () => {
  await watching(async (feed, sink) => {
    const padding = "ö".repeat(2_000_000);
    const lines = [event("a"), event("b"), event("big", { padding }), event("c")];
    const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
    feed.send(new TextEncoder().encode(text));
    await sink.received(4);
    assert.deepEqual(sink.names, ["a", "b", "big", "c"]);
    assert.equal(sink.events[2]?.object["padding"], padding);
  });
});

Deno.test("watch() ends with the error that the server sends, and then is silent", async () => {
  await watching(async (feed, sink) => {
    const status = { kind: "Status", code: 410, reason: "Expired", message: "too old" };
    const lines = [{ type: "ERROR", object: status }, event("late")];
    const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
    feed.send(new TextEncoder().encode(text));
    const error = await sink.ended;
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.reason, error.message], [410, "Expired", "too old"]);
    assert.deepEqual(sink.names, []);
    assert.equal(sink.ends, 1);
  });
});

Deno.test("watch() ends with the answer of a server that refuses it", async () => {
  await using server = new FakeServer(() => refusal(403, "Forbidden"));
  await using cluster = new TestCluster(server.url);
  const sink = new RecordingSink();
  cluster.watch(PODS, { resourceVersion: "1" }, sink);
  const error = await sink.ended;
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.code, error.message], [403, "told: Forbidden"]);
});

Deno.test("watch() that breaks off in an event, or makes no sense, is unreachable", async () => {
  const rows: [string, string][] = [
    ['{"type":"ADDED","obj', "the connection ended in the middle of an event"],
    ["<html>\n", "the server sent something that is not a watch event"],
    ["null\n", "the server sent something that is not a watch event"],
    ['{"type":"ADDED"}\n', "the server sent something that is not a watch event"],
  ];
  for (const [text, detail] of rows) {
    await watching(async (feed, sink) => {
      feed.send(new TextEncoder().encode(text));
      if (!text.endsWith("\n")) feed.end();
      const error = await sink.ended;
      assert.ok(error instanceof UnreachableError);
      assert.equal(error.message, `Cannot watch pods: ${detail}`);
    });
  }
});

Deno.test("stop() silences the sink at once, even inside a chunk, tells the server", async () => {
  await watching(async (feed, sink, handle) => {
    const text = [event("a"), event("b")].map((line) => JSON.stringify(line) + "\n").join("");
    feed.send(new TextEncoder().encode(text));
    await sink.received(1);
    handle().stop();
    await turnUntil(() => feed.isCancelled);
    assert.deepEqual(sink.names, ["a"]);
    assert.equal(sink.ends, 0);
  }, (handle) => handle.stop());
});

Deno.test("stop() right after watch() sends nothing and ends nothing", async () => {
  await using server = new FakeServer(() => new Response(""));
  await using cluster = new TestCluster(server.url);
  const sink = new RecordingSink();
  cluster.watch(PODS, { resourceVersion: "1" }, sink).stop();
  const other = new RecordingSink();
  cluster.watch(PODS, { resourceVersion: "2" }, other);
  await other.ended;
  assert.equal(sink.ends, 0);
  assert.deepEqual(server.seen.map(({ query }) => query["resourceVersion"]), ["2"]);
});

Deno.test("an error that a sink throws ends its watch, not blamed on the server", async () => {
  await watching(async (feed, sink) => {
    feed.send(event("a"));
    assert.equal((await sink.ended)?.message, "the sink is broken");
  }, () => {
    throw new Error("the sink is broken");
  });
});
