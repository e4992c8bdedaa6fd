import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import { UnreachableError } from "../../../../core/ports/mod.ts";
import { FakeServer, Feed, json, TestCluster } from "./fake_server.ts";
import { turnUntil } from "./turn_until.ts";
import { RecordingSink } from "./recording_sink.ts";
import { Wire } from "./wire.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" } };
const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } };

function get(cluster: Pick<TestCluster, "get">, name = "web") {
  return cluster.get(PODS, { namespace: "demo", name });
}

/** A server whose watches are feeds and whose other answers are a pod. */
function podServer(feeds: Feed[]): FakeServer {
  return new FakeServer(({ query }) => {
    if (query["watch"] === undefined) return json(pod);
    const feed = new Feed();
    // The server sends the head of an answer with its first bytes.
    feed.send(bookmark);
    feeds.push(feed);
    return feed.response;
  });
}

/** Starts watches and waits until each has heard its first bookmark. */
async function startWatches(cluster: TestCluster, count: number): Promise<RecordingSink[]> {
  const sinks = Array.from({ length: count }, () => new RecordingSink());
  for (const sink of sinks) cluster.watch(PODS, { resourceVersion: "1" }, sink);
  await Promise.all(sinks.map((sink) => sink.received(1)));
  return sinks;
}

/** An outcome that is looked at later. */
function outcomeOf<Value>(promise: Promise<Value>): Promise<Value | Error> {
  return promise.catch((error: Error) => error);
}

Deno.test("requests beyond the limit wait, and are served in the order they came", async () => {
  const doors: (() => void)[] = [];
  await using server = new FakeServer(async ({ path }) => {
    if (!path.endsWith("/first")) await new Promise<void>((resolve) => doors.push(resolve));
    return json(pod);
  });
  await using cluster = new TestCluster(server.url, { maxInFlight: 2 });
  await get(cluster, "first");
  const all = ["a", "b", "c", "d"].map((name) => get(cluster, name));
  for (let answered = 0; answered < 4; answered++) {
    await turnUntil(() => doors.length === Math.min(4, answered + 2));
    doors[answered]!();
  }
  await Promise.all(all);
  assert.deepEqual(server.seen.slice(3).map(({ path }) => path.slice(-1)), ["c", "d"]);
});

Deno.test("a write's guard is asked right before it leaves, after all waiting", async () => {
  const doors: (() => void)[] = [];
  await using server = new FakeServer(async ({ path }) => {
    if (path.endsWith("/slow")) await new Promise<void>((resolve) => doors.push(resolve));
    return json(pod);
  });
  await using cluster = new TestCluster(server.url, { maxInFlight: 1 });
  await get(cluster, "first");
  let isLate = false;
  let asked = 0;
  const guard = () => {
    asked++;
    if (isLate) throw new Error("too late");
  };
  const ref = { namespace: "demo", name: "web" };
  const write = (name: string) => ({ ...pod, metadata: { namespace: "demo", name } });
  const slow = get(cluster, "slow");
  await turnUntil(() => doors.length === 1);
  const writes = [
    cluster.patch(PODS, ref, { type: "merge", body: {} }, { guard }),
    cluster.create(PODS, write("web"), { guard }),
    cluster.update(PODS, write("web"), { guard }),
    cluster.delete(PODS, ref, { guard }),
  ];
  const outcomes = Promise.allSettled(writes);
  assert.equal(asked, 0);
  isLate = true;
  doors[0]!();
  await slow;
  const reasons = (await outcomes).map((one) => one.status === "rejected" && one.reason.message);
  assert.deepEqual(reasons, Array(4).fill("too late"));
  assert.deepEqual(server.seen.map(({ method }) => method), ["GET", "GET"]);
  isLate = false;
  await cluster.patch(PODS, ref, { type: "merge", body: {} }, { guard });
  assert.equal(asked, 5);
});

Deno.test("no more than 60 requests are under way at once, all on one connection", async () => {
  let openDoor: (() => void) | undefined;
  const door = new Promise<void>((resolve) => openDoor = resolve);
  await using server = new FakeServer(async (_, count) => {
    if (count > 1) await door;
    return json(pod);
  });
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  const crowd = Array.from({ length: 200 }, () => get(cluster));
  await server.received(61);
  for (let turn = 0; turn < 100; turn++) await turnUntil(() => true);
  assert.equal(server.seen.length, 61);
  openDoor?.();
  await Promise.all(crowd);
  assert.equal(wire.connections, 1);
});

Deno.test("a first request that is slow holds the others up for a moment only", async () => {
  let openDoor: (() => void) | undefined;
  const door = new Promise<void>((resolve) => openDoor = resolve);
  await using server = new FakeServer(async ({ path }) => {
    if (path.endsWith("/slow")) await door;
    return json(pod);
  });
  await using cluster = new TestCluster(server.url);
  const slow = get(cluster, "slow");
  const other = get(cluster);
  await server.received(1);
  await cluster.clock.armed(10_000, 2);
  cluster.clock.advance(750);
  assert.equal((await other).kind, "Pod");
  openDoor?.();
  await slow;
});

Deno.test("a guard is asked when the client is connected, not before", async () => {
  let openDoor: (() => void) | undefined;
  const door = new Promise<void>((resolve) => openDoor = resolve);
  await using server = new FakeServer(async ({ path }) => {
    if (path.endsWith("/slow")) await door;
    return json(pod);
  });
  await using cluster = new TestCluster(server.url);
  const slow = get(cluster, "slow");
  await server.received(1);
  let mayWrite = true;
  const guard = () => {
    if (!mayWrite) throw new Error("Cannot write: too late");
  };
  const ref = { namespace: "demo", name: "web" };
  const late = outcomeOf(cluster.patch(PODS, ref, { type: "merge", body: {} }, { guard }));
  // The write waits for the first request of its client; meanwhile it comes to be too late.
  let turns = 0;
  await turnUntil(() => ++turns > 20);
  mayWrite = false;
  openDoor?.();
  await slow;
  assert.match(String(await late), /too late/);
  assert.equal(server.seen.length, 1);
});

Deno.test("a request of the lease is given up sooner, so that there is time for another", async () => {
  await using server = podServer([]);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url, { leaseTimeoutMs: 2_500 });
  await get(cluster.lease);
  wire.swallow();
  const lost = outcomeOf(get(cluster.lease));
  await cluster.clock.armed(2_500);
  cluster.clock.advance(2_500);
  const error = await lost;
  assert.ok(error instanceof UnreachableError);
  assert.equal(error.message, `Cannot get pods "demo/web": "${wire.url}" did not answer for 2.5 s`);
  assert.equal((await get(cluster.lease)).kind, "Pod");
});

Deno.test("a busy server is not waited for by the lease: whoever keeps it asks again", async () => {
  await using server = new FakeServer(() => {
    const headers = { "Retry-After": "1" };
    const status = { kind: "Status", code: 429, reason: "TooManyRequests", message: "busy" };
    return new Response(JSON.stringify(status), { status: 429, headers });
  });
  await using cluster = new TestCluster(server.url);
  assert.match(String(await outcomeOf(get(cluster.lease))), /busy/);
  assert.equal(server.seen.length, 1);
});

Deno.test("the lease passes a crowd of requests, on a connection of its own", async () => {
  let openDoor: (() => void) | undefined;
  const door = new Promise<void>((resolve) => openDoor = resolve);
  await using server = new FakeServer(async ({ path }) => {
    if (path.endsWith("/crowd")) await door;
    return json(pod);
  });
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url, { maxInFlight: 3 });
  await get(cluster);
  const crowd = Array.from({ length: 10 }, () => outcomeOf(get(cluster, "crowd")));
  await server.received(4);
  assert.equal((await get(cluster.lease)).kind, "Pod");
  assert.equal(wire.connections, 2);
  openDoor?.();
  await Promise.all(crowd);
});

Deno.test("a connection carries 60 watches at most, and free places are used again", async () => {
  const feeds: Feed[] = [];
  await using server = podServer(feeds);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  const sinks = await startWatches(cluster, 60);
  assert.equal(wire.connections, 1);
  await startWatches(cluster, 60);
  assert.equal(wire.connections, 2);
  feeds[0]!.end();
  await Promise.race(sinks.map(({ ended }) => ended));
  await startWatches(cluster, 1);
  assert.equal(wire.connections, 2);
  await startWatches(cluster, 1);
  assert.equal(wire.connections, 3);
});

Deno.test("a swallowed request is unreachable after 10 s, the next one gets through", async () => {
  await using server = podServer([]);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  await get(cluster);
  wire.swallow();
  const lost = outcomeOf(get(cluster));
  await cluster.clock.armed(10_000);
  cluster.clock.advance(9_999);
  assert.equal(cluster.warnings.length, 0);
  cluster.clock.advance(1);
  const error = await lost;
  assert.ok(error instanceof UnreachableError);
  assert.equal(error.message, `Cannot get pods "demo/web": "${wire.url}" did not answer for 10 s`);
  assert.equal(cluster.warnings.length, 1);
  assert.equal((await get(cluster)).kind, "Pod");
});

Deno.test("one swallowed request ends every watch and replaces the lease's client", async () => {
  await using server = podServer([]);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  const sinks = await startWatches(cluster, 3);
  await get(cluster);
  await get(cluster.lease);
  assert.equal(wire.connections, 3);
  wire.swallow();
  const lost = outcomeOf(get(cluster));
  await cluster.clock.armed(10_000);
  cluster.clock.advance(10_000);
  assert.ok(await lost instanceof UnreachableError);
  for (const sink of sinks) {
    assert.ok(await sink.ended instanceof UnreachableError);
    assert.equal(sink.ends, 1);
  }
  await startWatches(cluster, 3);
  await get(cluster);
  await get(cluster.lease);
  assert.equal(wire.connections, 6);
  assert.equal(cluster.warnings.length, 1);
});

Deno.test("requests under way on replaced clients keep their own time", async () => {
  const doors: (() => void)[] = [];
  await using server = new FakeServer(async () => {
    await new Promise<void>((resolve) => doors.push(resolve));
    return json(pod);
  });
  await using cluster = new TestCluster(server.url);
  const early = outcomeOf(get(cluster, "early"));
  await cluster.clock.armed(10_000);
  await server.received(1);
  cluster.clock.advance(6_000);
  const late = outcomeOf(get(cluster, "late"));
  await server.received(2);
  cluster.clock.advance(4_000);
  assert.ok(await early instanceof UnreachableError);
  await turnUntil(() => doors.length === 2);
  doors[1]!();
  assert.ok(!(await late instanceof Error));
  doors[0]!();
});

Deno.test("a late time-out on a replaced client does not replace the clients anew", async () => {
  await using server = podServer([]);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  await get(cluster);
  wire.swallow();
  const first = outcomeOf(get(cluster));
  await cluster.clock.armed(10_000);
  cluster.clock.advance(5_000);
  const second = outcomeOf(get(cluster));
  await cluster.clock.armed(10_000, 2);
  cluster.clock.advance(5_000);
  assert.ok(await first instanceof UnreachableError);
  await get(cluster);
  cluster.clock.advance(5_000);
  assert.ok(await second instanceof UnreachableError);
  await get(cluster);
  assert.equal(cluster.warnings.length, 1);
  assert.equal(wire.connections, 2);
});

Deno.test("a watch without a word for 90 s replaces every client", async () => {
  await using server = podServer([]);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  await get(cluster);
  const [sink] = await startWatches(cluster, 1);
  await cluster.clock.armed(90_000);
  wire.swallow();
  cluster.clock.advance(90_000);
  const error = await sink!.ended;
  assert.ok(error instanceof UnreachableError);
  assert.equal(error.message, `Cannot watch pods: "${wire.url}" did not answer for 90 s`);
  await get(cluster);
  await startWatches(cluster, 1);
  assert.equal(wire.connections, 4);
});

Deno.test("a watch that gets a bookmark now and then goes on", async () => {
  const feeds: Feed[] = [];
  await using server = podServer(feeds);
  await using cluster = new TestCluster(server.url);
  const [sink] = await startWatches(cluster, 1);
  for (let count = 2; count < 6; count++) {
    cluster.clock.advance(60_000);
    feeds[0]!.send(bookmark);
    await sink!.received(count);
  }
  assert.equal(sink!.ends, 0);
});

Deno.test("a watch that is quiet beside others that are heard ends alone, in order", async () => {
  const feeds: Feed[] = [];
  await using server = podServer(feeds);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  const [quiet] = await startWatches(cluster, 1);
  const [other] = await startWatches(cluster, 1);
  await cluster.clock.armed(90_000, 2);
  cluster.clock.advance(60_000);
  feeds[1]!.send(bookmark);
  await other!.received(2);
  cluster.clock.advance(30_000);
  assert.equal(await quiet!.ended, undefined);
  assert.equal(other!.ends, 0);
  assert.deepEqual([cluster.warnings.length, wire.connections], [0, 1]);
});

Deno.test("a watch that is never answered ends after 10 s", async () => {
  await using server = podServer([]);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  await startWatches(cluster, 1);
  wire.swallow();
  const sink = new RecordingSink();
  cluster.watch(PODS, { resourceVersion: "1" }, sink);
  await cluster.clock.armed(10_000);
  cluster.clock.advance(10_000);
  assert.ok(await sink.ended instanceof UnreachableError);
});

Deno.test("a watch whose connection is cut ends as unreachable", async () => {
  await using server = podServer([]);
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  const [sink] = await startWatches(cluster, 1);
  wire.cut();
  assert.ok(await sink!.ended instanceof UnreachableError);
});

Deno.test("close() gives up requests, waiting ones too, and watches, and connections", async () => {
  const feeds: Feed[] = [];
  await using server = new FakeServer(({ query }) => {
    const feed = new Feed();
    feeds.push(feed);
    if (query["watch"]) feed.send(bookmark);
    return feed.response;
  });
  await using wire = new Wire(server.port);
  const cluster = new TestCluster(wire.url, { maxInFlight: 1 });
  const sinks = await startWatches(cluster, 2);
  const requests = [get(cluster), get(cluster), get(cluster.lease)].map(outcomeOf);
  await server.received(4);
  await cluster.close();
  for (const outcome of await Promise.all(requests)) {
    assert.ok(outcome instanceof UnreachableError);
    assert.equal(outcome.message, `Cannot reach "${wire.url}": the connection was closed`);
  }
  for (const sink of sinks) assert.ok(await sink.ended instanceof UnreachableError);
  assert.ok(await outcomeOf(get(cluster)) instanceof UnreachableError);
  const late = new RecordingSink();
  cluster.watch(PODS, { resourceVersion: "1" }, late);
  assert.ok(await late.ended instanceof UnreachableError);
  assert.equal(cluster.clock.timers, 0);
  await turnUntil(() => wire.open === 0);
});

Deno.test("credentials that fail are no answer, and say why", async () => {
  const headers = () => Promise.reject(new Error('there is no file "/token"'));
  await using cluster = new TestCluster("https://127.0.0.1:2", {}, { headers });
  await assert.rejects(get(cluster), {
    name: "UnreachableError",
    message: 'Cannot get pods "demo/web": there is no file "/token"',
  });
});

Deno.test("a server that nobody trusts is unreachable, and the message says why", async () => {
  await using server = podServer([]);
  await using cluster = new TestCluster(server.url.replace("127.0.0.1", "localhost"));
  const patch = cluster.patch(PODS, { namespace: "demo", name: "web" }, {
    type: "merge",
    body: {},
  });
  const error = await outcomeOf(patch);
  assert.ok(error instanceof UnreachableError);
  assert.match(
    error.message,
    /^Cannot patch pods "demo\/web": ".*" does not answer: .*certificate/,
  );
});

Deno.test("certificates that are none are told at once", () => {
  const change = { certPem: "nonsense", keyPem: "nonsense" };
  assert.throws(
    () => new TestCluster("https://server.test", {}, change),
    /^Error: Cannot connect to "https:\/\/server\.test": its certificates are not usable: /,
  );
});
