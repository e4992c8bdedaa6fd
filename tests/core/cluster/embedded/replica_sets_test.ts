import assert from "node:assert/strict";
import { PODS, REPLICA_SETS } from "../../../../core/api/names/resources.ts";
import { makeWorld, pod, replicaSet, type World } from "./world.ts";

const ref = { namespace: "default", name: "a" };

function scale({ client }: World, replicas: number) {
  return client.patch(REPLICA_SETS, ref, { type: "merge", body: { spec: { replicas } } });
}

function statusOf({ cluster }: World): unknown {
  return cluster.objects(REPLICA_SETS)[0]?.["status"];
}

Deno.test("a ReplicaSet's status passes through every state of its pods, then rests", async () => {
  const world = makeWorld();
  const seen: unknown[] = [];
  world.client.watch(REPLICA_SETS, { resourceVersion: "0" }, {
    event: ({ object }) => seen.push(object["status"]),
    end: () => {},
  });
  await world.client.create(REPLICA_SETS, replicaSet("a", 2));
  world.elapse(10_000);
  const none = { replicas: 0, terminatingReplicas: 0, observedGeneration: 1 };
  const made = { ...none, replicas: 2, fullyLabeledReplicas: 2 };
  assert.deepEqual(seen[0], { replicas: 0 });
  assert.deepEqual(seen[1], none);
  assert.deepEqual(seen[2], made);
  assert.deepEqual(seen.at(-1), { ...made, readyReplicas: 2, availableReplicas: 2 });
});

Deno.test("the controllers sign their writes", async () => {
  const world = makeWorld();
  await world.client.create(REPLICA_SETS, replicaSet("a", 1));
  world.elapse(5000);
  const agents = new Set(world.writes.map(({ userAgent, type }) => `${userAgent} ${type.plural}`));
  assert.deepEqual([...agents].sort(), [
    "kube-controller-manager pods",
    "kube-controller-manager replicasets",
    "kube-scheduler pods",
    "kubelet pods",
    "test replicasets",
  ]);
  assert.ok(world.writes.every(({ changed }) => changed));
});

Deno.test("a ReplicaSet is available only minReadySeconds after its pods are ready", async () => {
  const world = makeWorld();
  const wanted = replicaSet("a", 1);
  await world.client.create(REPLICA_SETS, {
    ...wanted,
    spec: { ...wanted["spec"] as object, minReadySeconds: 10 },
  });
  const available = () => (statusOf(world) as Record<string, number>)["availableReplicas"];
  // Ready at 1.2 s, which conditions tell as 1 s.
  world.elapse(10_999);
  assert.equal(available(), undefined);
  world.elapse(1);
  assert.equal(available(), 1);
});

Deno.test("scaling down while pods start takes those", async () => {
  const world = makeWorld();
  await world.client.create(REPLICA_SETS, replicaSet("a", 2));
  world.elapse(5000);
  const old = world.cluster.objects(PODS).map(({ metadata }) => metadata.name);
  await scale(world, 5);
  world.elapse(100);
  assert.equal(world.cluster.objects(PODS).length, 5);
  await scale(world, 2);
  world.elapse(100);
  assert.deepEqual(world.cluster.objects(PODS).map(({ metadata }) => metadata.name), old);
});

Deno.test("a ReplicaSet that is held by a finalizer makes no more pods", async () => {
  const world = makeWorld();
  const wanted = replicaSet("a", 1);
  await world.client.create(REPLICA_SETS, {
    ...wanted,
    metadata: { ...wanted.metadata, finalizers: ["example.test/hold"] },
  });
  await world.client.delete(REPLICA_SETS, ref);
  world.elapse(5000);
  assert.deepEqual(world.cluster.objects(PODS), []);
});

Deno.test("a pod that has ended is not counted, and is replaced", async () => {
  const world = makeWorld();
  await world.client.create(REPLICA_SETS, replicaSet("a", 1));
  world.elapse(5000);
  const [first] = world.cluster.objects(PODS);
  const patch = { type: "merge", body: { status: { phase: "Failed" } } } as const;
  await world.client.patch(PODS, first!.metadata, patch, { subresource: "status" });
  world.elapse(5000);
  assert.equal(world.cluster.objects(PODS).length, 2);
  assert.equal((statusOf(world) as Record<string, number>)["replicas"], 1);
});

Deno.test("a pod of another owner is left alone, an unowned one taken", async () => {
  const world = makeWorld();
  const labels = { app: "a", set: "a" };
  const free = pod("free");
  await world.client.create(PODS, { ...free, metadata: { ...free.metadata, labels } });
  await world.client.create(REPLICA_SETS, replicaSet("a", 1));
  world.elapse(5000);
  const [only, ...more] = world.cluster.objects(PODS);
  assert.deepEqual(more, []);
  assert.equal(only?.metadata.name, "free");
  assert.equal(only?.metadata.ownerReferences?.[0]?.name, "a");
});
