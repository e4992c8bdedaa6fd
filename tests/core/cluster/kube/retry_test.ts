import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import { ApiError, UnreachableError } from "../../../../core/ports/mod.ts";
import { type Answer, FakeServer, json, refusal, TestCluster } from "./fake_server.ts";
import { Wire } from "./wire.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" } };
const web = { namespace: "demo", name: "web" };
const busy = (seconds?: number, code = 429) =>
  refusal(code, "Busy", seconds === undefined ? {} : { "Retry-After": String(seconds) });

function read(cluster: TestCluster): Promise<unknown> {
  return cluster.get(PODS, web);
}

function write(cluster: TestCluster): Promise<unknown> {
  return cluster.patch(PODS, web, { type: "merge", body: {} });
}

/** What came of an action, and how many requests it took; waiting passes as soon as it starts. */
async function outcomeOf(
  act: (cluster: TestCluster) => Promise<unknown>,
  answer: Answer,
  pausesMs: number[],
): Promise<{ error: unknown; requests: number }> {
  await using server = new FakeServer(answer);
  await using cluster = new TestCluster(server.url);
  const outcome = act(cluster).then(() => undefined, (error: unknown) => error);
  for (const pauseMs of pausesMs) {
    await cluster.clock.armed(pauseMs);
    cluster.clock.advance(pauseMs);
  }
  return { error: await outcome, requests: server.seen.length };
}

for (const [name, act] of [["read", read], ["write", write]] as const) {
  Deno.test(`a ${name} that the server was too busy for is sent again when it said`, async () => {
    const answer: Answer = (_, count) => count < 3 ? busy(count) : json(pod);
    const { error, requests } = await outcomeOf(act, answer, [1000, 2000]);
    assert.deepEqual([error, requests], [undefined, 3]);
  });

  Deno.test(`a ${name} waits no longer than 30 s in all, then passes the refusal on`, async () => {
    const { error, requests } = await outcomeOf(act, () => busy(12), [12_000, 12_000]);
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.retryAfterSeconds, requests], [429, 12, 3]);
  });

  Deno.test(`a ${name} is not repeated where the server does not say when`, async () => {
    const { error, requests } = await outcomeOf(act, () => busy(), []);
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.retryAfterSeconds, requests], [429, undefined, 1]);
  });
}

Deno.test("503 repeats a read; a write may have happened, so it is passed on", async () => {
  const answer: Answer = (_, count) => count < 2 ? busy(1, 503) : json(pod);
  assert.deepEqual(await outcomeOf(read, answer, [1000]), { error: undefined, requests: 2 });
  const { error, requests } = await outcomeOf(write, answer, []);
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.code, error.retryAfterSeconds, requests], [503, 1, 1]);
});

Deno.test("a read whose connection breaks is sent again, twice at most", async () => {
  await using server = new FakeServer((_, count) => {
    wire.cut();
    return json({ ...pod, count });
  });
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  const outcome = read(cluster).catch((error: unknown) => error);
  for (const pauseMs of [100, 200]) {
    await cluster.clock.armed(pauseMs);
    cluster.clock.advance(pauseMs);
  }
  assert.ok(await outcome instanceof UnreachableError);
  assert.deepEqual([...cluster.requests()], [["get pods", 3]]);
});

Deno.test("a write whose connection breaks is not sent again", async () => {
  await using server = new FakeServer(() => {
    wire.cut();
    return json(pod);
  });
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  await assert.rejects(write(cluster), UnreachableError);
  assert.deepEqual([...cluster.requests()], [["patch pods", 1]]);
});

Deno.test("close() ends the waiting of a call", async () => {
  await using server = new FakeServer(() => busy(20));
  const cluster = new TestCluster(server.url);
  const outcome = read(cluster).catch((error: unknown) => error);
  await cluster.clock.armed(20_000);
  await cluster.close();
  assert.ok(await outcome instanceof UnreachableError);
  assert.equal(cluster.clock.timers, 0);
});

Deno.test("an eviction that is refused now is not sent again: budgets say 429 too", async () => {
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: web };
  const { error, requests } = await outcomeOf(
    (cluster) => cluster.create(PODS, eviction, { subresource: "eviction" }),
    () => busy(10),
    [],
  );
  assert.deepEqual([(error as ApiError).code, requests], [429, 1]);
});

const roles = () => {
  const message = 'pods "web" is forbidden: User "sluice" cannot patch resource "pods"';
  return new Response(JSON.stringify({ kind: "Status", code: 403, reason: "Forbidden", message }), {
    status: 403,
  });
};

/** The answers to a write that comes right after the connection broke once. */
async function afterOutage(
  answer: Answer,
  pausesMs: number[],
): Promise<{ error: unknown; requests: number }> {
  await using server = new FakeServer((seen, count) => {
    if (count > 1) return answer(seen, count - 1);
    wire.cut();
    return json(pod);
  });
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url);
  await assert.rejects(write(cluster), UnreachableError);
  const outcome = write(cluster).then(() => undefined, (error: unknown) => error);
  for (const pauseMs of pausesMs) {
    await cluster.clock.armed(pauseMs);
    cluster.clock.advance(pauseMs);
  }
  return { error: await outcome, requests: server.seen.length - 1 };
}

Deno.test("a server that is just back may not know the roles yet: it is asked again", async () => {
  const answer: Answer = (_, count) => count < 3 ? roles() : json(pod);
  const { error, requests } = await afterOutage(answer, [500, 500]);
  assert.deepEqual([error, requests], [undefined, 3]);
});

Deno.test("what is forbidden for longer than 15 s after the server came back is forbidden", async () => {
  const { error, requests } = await afterOutage(roles, Array(30).fill(500));
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.code, requests], [403, 31]);
});

Deno.test("what is forbidden without an outage before is not asked again, nor what a quota forbids", async () => {
  const { error, requests } = await outcomeOf(write, roles, []);
  assert.deepEqual([(error as ApiError).code, requests], [403, 1]);
  const quota = () => refusal(403, "Forbidden");
  const { error: refused, requests: asked } = await afterOutage(quota, []);
  assert.deepEqual([(refused as ApiError).code, asked], [403, 1]);
});
