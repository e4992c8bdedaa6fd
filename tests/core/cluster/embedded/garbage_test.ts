import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
} from "../../../../core/api/names/resources.ts";
import type { KubeObject, OwnerReference } from "../../../../sdk/api/object.ts";
import { configMap, makeWorld, replicaSet, type World } from "./world.ts";

function ownedBy({ metadata }: KubeObject, blockOwnerDeletion = true): OwnerReference {
  const { name, uid = "" } = metadata;
  return { apiVersion: "v1", kind: "ConfigMap", name, uid, blockOwnerDeletion };
}

function names({ cluster }: World): string[] {
  cluster.settle();
  return cluster.objects(CONFIG_MAPS).map(({ metadata }) => metadata.name);
}

/** A grandparent, its child, and the child's child. */
async function family(world: World): Promise<KubeObject> {
  const { client } = world;
  const top = await client.create(CONFIG_MAPS, configMap("top"));
  const middle = configMap("middle", { ownerReferences: [ownedBy(top)] });
  const child = await client.create(CONFIG_MAPS, middle);
  await client.create(CONFIG_MAPS, configMap("low", { ownerReferences: [ownedBy(child)] }));
  assert.deepEqual(names(world), ["low", "middle", "top"]);
  return top;
}

Deno.test("what an object owned goes after it, over generations", async () => {
  const world = makeWorld();
  const top = await family(world);
  assert.equal(await world.client.delete(CONFIG_MAPS, top.metadata), undefined);
  assert.deepEqual(names(world), []);
});

Deno.test("Orphan lets go of what an object owned", async () => {
  const world = makeWorld();
  const top = await family(world);
  const deletion = { propagationPolicy: "Orphan" } as const;
  const left = await world.client.delete(CONFIG_MAPS, top.metadata, deletion);
  assert.deepEqual(left?.metadata.finalizers, ["orphan"]);
  assert.deepEqual(names(world), ["low", "middle"]);
  const middle = world.cluster.objects(CONFIG_MAPS)[1];
  assert.equal(middle?.metadata.ownerReferences, undefined);
});

Deno.test("Foreground keeps an object until all that blocks it is gone", async () => {
  const world = makeWorld();
  const top = await family(world);
  const low = world.cluster.objects(CONFIG_MAPS)[0]!;
  const hold = (finalizers: string[] | null) =>
    world.client.patch(CONFIG_MAPS, low.metadata, {
      type: "merge",
      body: { metadata: { finalizers } },
    });
  await hold(["example.test/hold"]);
  const deletion = { propagationPolicy: "Foreground" } as const;
  const left = await world.client.delete(CONFIG_MAPS, top.metadata, deletion);
  assert.deepEqual(left?.metadata.finalizers, ["foregroundDeletion"]);
  assert.equal(left?.metadata.deletionGracePeriodSeconds, 0);
  assert.deepEqual(names(world), ["low", "middle", "top"]);
  await hold(null);
  assert.deepEqual(names(world), []);
});

Deno.test("an object with one owner left stays, without the one that is gone", async () => {
  const world = makeWorld();
  const one = await world.client.create(CONFIG_MAPS, configMap("one"));
  const two = await world.client.create(CONFIG_MAPS, configMap("two"));
  const ownerReferences = [ownedBy(one), ownedBy(two)];
  await world.client.create(CONFIG_MAPS, configMap("a", { ownerReferences }));
  await world.client.delete(CONFIG_MAPS, one.metadata);
  assert.deepEqual(names(world), ["a", "two"]);
  const [kept] = world.cluster.objects(CONFIG_MAPS);
  assert.deepEqual(kept?.metadata.ownerReferences, [ownedBy(two)]);
});

Deno.test("an owner that never was, or lives elsewhere, owns nothing", async () => {
  const world = makeWorld();
  const home: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "there" } };
  await world.client.create(NAMESPACES, home);
  const foreign = await world.client.create(CONFIG_MAPS, configMap("far", { namespace: "there" }));
  const nobody = { ...ownedBy(foreign), uid: "never-was" };
  await world.client.create(CONFIG_MAPS, configMap("a", { ownerReferences: [nobody] }));
  await world.client.create(CONFIG_MAPS, configMap("b", { ownerReferences: [ownedBy(foreign)] }));
  assert.deepEqual(names(world), ["far"]);
});

Deno.test("an owner of a kind that the server does not know may live", async () => {
  const world = makeWorld();
  const owner = { apiVersion: "other.test/v1", kind: "Thing", name: "x", uid: "1" };
  await world.client.create(CONFIG_MAPS, configMap("a", { ownerReferences: [owner] }));
  assert.deepEqual(names(world), ["a"]);
});

Deno.test("a ReplicaSet takes its pods along, or leaves them for the next", async () => {
  const world = makeWorld();
  const made = await world.client.create(REPLICA_SETS, replicaSet("a", 2));
  world.elapse(5000);
  const pods = world.cluster.objects(PODS).map(({ metadata }) => metadata.name);
  await world.client.delete(REPLICA_SETS, made.metadata, { propagationPolicy: "Orphan" });
  world.elapse(5000);
  await world.client.create(REPLICA_SETS, replicaSet("a", 2));
  world.elapse(5000);
  assert.deepEqual(world.cluster.objects(PODS).map(({ metadata }) => metadata.name), pods);
  await world.client.delete(REPLICA_SETS, made.metadata);
  world.elapse(5000);
  assert.deepEqual(world.cluster.objects(PODS), []);
});
