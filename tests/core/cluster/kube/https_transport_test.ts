import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import { UnreachableError } from "../../../../core/ports/mod.ts";
import { FakeServer, Feed, json, TestCluster } from "./fake_server.ts";
import { RecordingSink } from "./recording_sink.ts";
import { turnUntil } from "./turn_until.ts";
import { Wire } from "./wire.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "wäb" } };
const web = { namespace: "demo", name: "web" };
const insecure = { insecureSkipTlsVerify: true };

/** Credentials that trust no authority of ours. */
function withoutTrust(change: Record<string, unknown>) {
  return { caPem: "", ...change };
}

Deno.test("insecure-skip-tls-verify takes any certificate, on one connection", async () => {
  await using server = new FakeServer(({ body }) => json({ ...pod, body }));
  await using wire = new Wire(server.port);
  const url = wire.url.replace("127.0.0.1", "localhost");
  await using cluster = new TestCluster(url, {}, { ...insecure });
  assert.equal((await cluster.get(PODS, web)).metadata.name, "wäb");
  const patch = { type: "merge", body: { name: "ö" } } as const;
  assert.equal((await cluster.patch(PODS, web, patch))["body"], '{"name":"ö"}');
  assert.equal(server.seen[1]?.headers.get("authorization"), "Bearer secret");
  assert.equal(wire.connections, 1);
});

Deno.test("tls-server-name is the name that the certificate has to carry", async () => {
  await using server = new FakeServer(() => json(pod));
  await using right = new TestCluster(server.url, {}, { tlsServerName: "kubernetes.test" });
  assert.equal((await right.get(PODS, web)).kind, "Pod");
  await using wrong = new TestCluster(server.url, {}, { tlsServerName: "other.test" });
  const write = wrong.patch(PODS, web, { type: "merge", body: {} });
  const error = await write.then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof UnreachableError);
  assert.match(error.message, /other\.test/);
});

Deno.test("tls-server-name does not make an unknown authority trusted", async () => {
  await using server = new FakeServer(() => json(pod));
  const credentials = withoutTrust({ tlsServerName: "kubernetes.test" });
  await using cluster = new TestCluster(server.url, {}, credentials);
  const write = cluster.patch(PODS, web, { type: "merge", body: {} });
  await assert.rejects(write, UnreachableError);
});

Deno.test("watches run, are stopped and are told to the server over node:https too", async () => {
  const feeds = [new Feed(), new Feed()];
  await using server = new FakeServer((_, count) => feeds[count - 1]!.response);
  await using cluster = new TestCluster(server.url, {}, { ...insecure });
  const sink = new RecordingSink();
  const handle = cluster.watch(PODS, { resourceVersion: "1" }, sink);
  await server.received(1);
  feeds[0]!.send({ type: "ADDED", object: pod });
  await sink.received(1);
  assert.deepEqual(sink.names, ["wäb"]);
  handle.stop();
  await turnUntil(() => feeds[0]!.isCancelled);
  assert.equal(sink.ends, 0);
  const other = new RecordingSink();
  cluster.watch(PODS, { resourceVersion: "1" }, other);
  await server.received(2);
  feeds[1]!.end();
  assert.equal(await other.ended, undefined);
});

Deno.test("a swallowed request over node:https heals like any other", async () => {
  await using server = new FakeServer(() => json(pod));
  await using wire = new Wire(server.port);
  await using cluster = new TestCluster(wire.url, {}, { ...insecure });
  await cluster.get(PODS, web);
  wire.swallow();
  const lost = cluster.get(PODS, web).catch((error: unknown) => error);
  await cluster.clock.armed(10_000);
  cluster.clock.advance(10_000);
  assert.ok(await lost instanceof UnreachableError);
  assert.equal((await cluster.get(PODS, web)).kind, "Pod");
  await cluster.close();
  await turnUntil(() => wire.open === 0);
});

Deno.test("a proxy together with insecure-skip-tls-verify is refused in words", () => {
  const change = { ...insecure, proxyUrl: "http://proxy.test" };
  assert.throws(() => new TestCluster("https://server.test", {}, change), {
    message: 'Cannot connect to "https://server.test": ' +
      "a proxy cannot be combined with insecure-skip-tls-verify or tls-server-name",
  });
});
