import assert from "node:assert/strict";
import { rolloutInfo } from "../../../core/view/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { NOW_MS, webCanary, webPod, webReplicaSet, webRollout } from "./view_objects.ts";

function infoOf(replicaSets: KubeObject[], pods: KubeObject[] = []) {
  return rolloutInfo({ rollout: webCanary(), replicaSets, pods, nowMs: NOW_MS });
}

Deno.test("rolloutInfo() takes what the Rollout controls, not what has its labels", () => {
  const own = webReplicaSet({ hash: "h1" });
  const foreign = webReplicaSet({ hash: "h2" });
  foreign.metadata.ownerReferences![0]!.uid = "another-uid";
  const loose = webReplicaSet({ hash: "h3" });
  loose.metadata.ownerReferences![0]!.controller = false;
  const orphan = webReplicaSet({ hash: "h4" });
  delete orphan.metadata.ownerReferences;
  const info = infoOf([foreign, loose, own, orphan], [webPod("h1", "a"), webPod("h2", "b")]);
  assert.deepEqual(
    info.revisions.flatMap(({ objects }) => objects.map(({ name }) => name)),
    ["web-h1"],
  );
  assert.deepEqual(info.revisions[0]?.objects[0]?.children.map(({ name }) => name), ["web-h1-a"]);
});

Deno.test("rolloutInfo() takes nothing for a Rollout without a uid", () => {
  const rollout = webCanary();
  delete rollout.metadata.uid;
  const replicaSets = [webReplicaSet({ hash: "h1" })];
  const info = rolloutInfo({ rollout, replicaSets, pods: [], nowMs: NOW_MS });
  assert.deepEqual(info.revisions, []);
});

Deno.test("rolloutInfo() orders revisions as numbers, the newest first", () => {
  const info = infoOf([
    webReplicaSet({ hash: "h1", revision: "9" }),
    webReplicaSet({ hash: "h2", revision: "10" }),
    webReplicaSet({ hash: "h3", revision: "first" }),
    webReplicaSet({ hash: "h4", revision: "2" }),
  ]);
  assert.deepEqual(info.revisions.map(({ revision }) => revision), [10, 9, 2, 0]);
});

Deno.test("rolloutInfo() orders the ReplicaSets of one revision by name", () => {
  const info = infoOf([webReplicaSet({ hash: "h2" }), webReplicaSet({ hash: "h1" })]);
  assert.deepEqual(info.revisions[0]?.objects.map(({ name }) => name), ["web-h1", "web-h2"]);
});

Deno.test("rolloutInfo() orders pods by age, the oldest first, then by name", () => {
  const pods = [
    webPod("h1", "c", 5),
    webPod("h1", "b", 5),
    webPod("h1", "a", 4),
    webPod("h1", "z", 100),
  ];
  const names = infoOf([webReplicaSet({ hash: "h1" })], pods)
    .revisions[0]?.objects[0]?.children.map(({ name }) => name);
  assert.deepEqual(names, ["web-h1-z", "web-h1-b", "web-h1-c", "web-h1-a"]);
});

Deno.test("rolloutInfo() tells restarts of a pod only if there are any", () => {
  const restarted = webPod("h1", "a");
  const status = restarted["status"] as { containerStatuses: { restartCount: number }[] };
  status.containerStatuses[0]!.restartCount = 3;
  const details = infoOf([webReplicaSet({ hash: "h1" })], [restarted, webPod("h1", "b")])
    .revisions[0]?.objects[0]?.children.map((pod) => pod.details);
  assert.deepEqual(details, [["ready:1/1", "restarts:3"], ["ready:1/1"]]);
});

Deno.test("rolloutInfo() puts the delay of a ReplicaSet behind its parts", () => {
  const rollout = webCanary({}, { currentPodHash: "h1", stableRS: "h0" });
  const deadline = new Date(NOW_MS + 23_000).toISOString();
  const replicaSets = [webReplicaSet({ hash: "h1", deadline })];
  const info = rolloutInfo({ rollout, replicaSets, pods: [], nowMs: NOW_MS });
  assert.deepEqual(info.revisions[0]?.objects[0]?.details, ["canary", "delay:23s"]);
});

Deno.test("rolloutInfo() counts what the status counts, absent as 0, one wanted by default", () => {
  const status = { replicas: 7, updatedReplicas: 2, readyReplicas: 6, availableReplicas: 5 };
  const counts = (rollout: ReturnType<typeof webRollout>) =>
    rolloutInfo({ rollout, replicaSets: [], pods: [], nowMs: NOW_MS }).replicas;
  assert.deepEqual(counts(webRollout({ replicas: 4 }, status)), {
    desired: 4,
    current: 7,
    updated: 2,
    ready: 6,
    available: 5,
  });
  assert.deepEqual(counts(webRollout()), {
    desired: 1,
    current: 0,
    updated: 0,
    ready: 0,
    available: 0,
  });
});

Deno.test("rolloutInfo() is plain data: it survives being written as JSON", () => {
  const info = infoOf([webReplicaSet({ hash: "h1", images: ["web:1"] })], [webPod("h1", "a")]);
  assert.deepEqual(JSON.parse(JSON.stringify(info)), info);
});

Deno.test("rolloutInfo() leaves its input as it is", () => {
  const replicaSets = [webReplicaSet({ hash: "h2" }), webReplicaSet({ hash: "h1" })];
  const pods = [webPod("h1", "b"), webPod("h1", "a")];
  const before = structuredClone({ replicaSets, pods });
  infoOf(replicaSets, pods);
  assert.deepEqual({ replicaSets, pods }, before);
});
