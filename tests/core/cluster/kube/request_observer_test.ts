import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import type { Call, RequestObserver } from "../../../../core/cluster/kube/mod.ts";
import { FakeServer, Feed, json, TestCluster } from "./fake_server.ts";
import { RecordingSink } from "./recording_sink.ts";
import { turnUntil } from "./turn_until.ts";
import { Wire } from "./wire.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" } };
const ref = { namespace: "demo", name: "web" };

class Notes implements RequestObserver {
  readonly lines: string[] = [];

  answered({ verb, target: { namespace, name } }: Call, { status }: { status: number }): void {
    this.lines.push(`${verb} ${namespace}/${name ?? "*"} ${status}`);
  }

  failed({ verb }: Call, { isAnswered }: { isAnswered: boolean }): void {
    this.lines.push(`${verb} failed${isAnswered ? " in the middle" : ""}`);
  }
}

Deno.test("the observer hears of answers, refusals too, and of silence; not of what we end ourselves", async () => {
  const feeds: Feed[] = [];
  await using server = new FakeServer(({ path, query }) => {
    if (query["watch"] === undefined) {
      return path.endsWith("web") ? json(pod) : new Response("no", { status: 403 });
    }
    const feed = new Feed();
    feed.send({ type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } });
    feeds.push(feed);
    return feed.response;
  });
  await using wire = new Wire(server.port);
  const notes = new Notes();
  await using cluster = new TestCluster(wire.url, { observer: notes });
  await cluster.get(PODS, ref);
  await assert.rejects(cluster.get(PODS, { namespace: "demo", name: "other" }));
  const sink = new RecordingSink();
  const handle = cluster.watch(PODS, { namespace: "demo", resourceVersion: "1" }, sink);
  await sink.received(1);
  handle.stop();
  const broken = new RecordingSink();
  cluster.watch(PODS, { namespace: "demo", resourceVersion: "1" }, broken);
  await broken.received(1);
  wire.swallow();
  const silent = cluster.patch(PODS, ref, { type: "merge", body: {} });
  silent.catch(() => {});
  await turnUntil(() => cluster.clock.timers > 0);
  cluster.clock.advance(10_000);
  await assert.rejects(silent);
  await broken.ended;
  assert.deepEqual(notes.lines, [
    "get demo/web 200",
    "get demo/other 403",
    "watch demo/* 200",
    "watch demo/* 200",
    "watch failed in the middle",
    "patch failed",
  ]);
});

Deno.test("the observer hears of what we have no right to", async () => {
  const told: string[] = [];
  const observer = {
    answered() {},
    failed() {},
    notPermitted: ({ verb, resource }: Call, why: string) =>
      void told.push(`${verb} ${resource}: ${why}`),
  };
  const message = 'pods "web" is forbidden: User "sluice" cannot patch resource "pods"';
  const quota = 'pods "web" is forbidden: exceeded quota';
  await using server = new FakeServer((_, count) =>
    json(
      { kind: "Status", code: 403, reason: "Forbidden", message: count > 1 ? quota : message },
      403,
    )
  );
  await using cluster = new TestCluster(server.url, { observer });
  const patch = () => cluster.patch(PODS, ref, { type: "merge", body: {} });
  await assert.rejects(patch);
  await assert.rejects(patch);
  assert.deepEqual(told, [`patch pods: ${message}`]);
});

Deno.test("the observer hears how long a request was held back by our own limits", async () => {
  const heldMs: number[] = [];
  const observer = {
    admitted: (_: Call, waitedMs: number) => void heldMs.push(waitedMs),
    answered() {},
    failed() {},
  };
  await using server = new FakeServer(() => json(pod));
  const rate = { perSecond: 1, burst: 1 };
  await using cluster = new TestCluster(server.url, { observer, rate });
  await cluster.get(PODS, ref);
  const second = cluster.get(PODS, ref);
  await cluster.clock.armed(1_000);
  cluster.clock.advance(1_000);
  await second;
  assert.deepEqual(heldMs, [0, 1_000]);
});
