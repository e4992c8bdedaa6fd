import assert from "node:assert/strict";
import { DEPLOYMENTS, PODS, REPLICA_SETS } from "../../../../../core/api/names/resources.ts";
import type { KubeObject } from "../../../../../sdk/api/object.ts";
import { deployment, makeWorld, replicaSet, type World } from "../world.ts";
import type { Fields } from "../../../../../sdk/wire/json.ts";

const ref = { namespace: "default", name: "a" };

function merge({ client }: World, spec: Fields) {
  return client.patch(DEPLOYMENTS, ref, { type: "merge", body: { spec } });
}

function setImage(world: World, image: string) {
  const containers = [{ name: "main", image }];
  return merge(world, { template: { spec: { containers } } });
}

function imageOf({ spec }: KubeObject): string {
  const { template } = spec as { template: { spec: { containers: { image: string }[] } } };
  return template.spec.containers[0]?.image ?? "";
}

function sizeOf(set: KubeObject): number {
  return (set["spec"] as { replicas: number }).replicas;
}

/** Every change of a ReplicaSet's size from now on, as `image: from > to`. */
function scalings(world: World): string[] {
  const lines: string[] = [];
  world.cluster.onWrite(({ type, before, after }) => {
    if (type !== REPLICA_SETS || after === undefined) return;
    const [from, to] = [before === undefined ? 0 : sizeOf(before), sizeOf(after)];
    if (from !== to) lines.push(`${imageOf(after)}: ${from} > ${to}`);
  });
  return lines;
}

function progressOf({ cluster }: World): unknown {
  const { conditions } = cluster.objects(DEPLOYMENTS)[0]?.["status"] as { conditions: Fields[] };
  return conditions.find(({ type }) => type === "Progressing")?.["reason"];
}

/** A Deployment that has just got an image that never runs; its deadline is 20 s. */
async function stuckWorld(): Promise<World> {
  const world = makeWorld();
  world.cluster.failImage("bad");
  await world.client.create(DEPLOYMENTS, deployment("a", { progressDeadlineSeconds: 20 }));
  world.elapse(10_000);
  await setImage(world, "bad");
  return world;
}

// Recorded from the events of a real control plane, Kubernetes 1.36.
const recorded: Record<string, { replicas: number; strategy?: Fields; scalings: string[] }> = {
  "by default, three pods": {
    replicas: 3,
    scalings: ["2: 0 > 1", "1: 3 > 2", "2: 1 > 2", "1: 2 > 1", "2: 2 > 3", "1: 1 > 0"],
  },
  "by default, one pod": { replicas: 1, scalings: ["2: 0 > 1", "1: 1 > 0"] },
  "without surge": {
    replicas: 4,
    strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    scalings: [
      "1: 4 > 3",
      "2: 0 > 1",
      "1: 3 > 2",
      "2: 1 > 2",
      "1: 2 > 1",
      "2: 2 > 3",
      "1: 1 > 0",
      "2: 3 > 4",
    ],
  },
  "as Recreate": {
    replicas: 3,
    strategy: { type: "Recreate" },
    scalings: ["1: 3 > 0", "2: 0 > 3"],
  },
};

for (const [what, { replicas, strategy, scalings: expected }] of Object.entries(recorded)) {
  Deno.test(`an update takes the steps that a real cluster takes: ${what}`, async () => {
    const world = makeWorld();
    await world.client.create(DEPLOYMENTS, deployment("a", { replicas, strategy }));
    await setImage(world, "1");
    world.elapse(10_000);
    const lines = scalings(world);
    await setImage(world, "2");
    world.elapse(60_000);
    assert.deepEqual(lines, expected);
  });
}

Deno.test("a Deployment at rest is left alone, whatever time passes", async () => {
  const world = makeWorld();
  await world.client.create(DEPLOYMENTS, deployment("a", { replicas: 3 }));
  world.elapse(10_000);
  assert.equal(world.clock.hasForegroundTimers(), false);
  const count = world.writes.length;
  world.elapse(3_600_000);
  assert.equal(world.writes.length, count);
  assert.ok(world.writes.every(({ changed }) => changed));
});

Deno.test("an update is stuck one second after its deadline, and not before", async () => {
  const world = await stuckWorld();
  // The last progress, a further pod, is of the same second.
  world.elapse(20_999);
  assert.equal(progressOf(world), "ReplicaSetUpdated");
  world.elapse(1);
  assert.equal(progressOf(world), "ProgressDeadlineExceeded");
});

Deno.test("a paused Deployment does not run into its deadline", async () => {
  const world = await stuckWorld();
  world.elapse(10_000);
  await merge(world, { paused: true });
  world.elapse(60_000);
  assert.equal(progressOf(world), "DeploymentPaused");
  await merge(world, { paused: null });
  world.elapse(20_999);
  assert.equal(progressOf(world), "DeploymentResumed");
  world.elapse(1);
  assert.equal(progressOf(world), "ProgressDeadlineExceeded");
});

Deno.test("two Deployments of the same template do not get in each other's way", async () => {
  const world = makeWorld();
  await world.client.create(DEPLOYMENTS, deployment("a", { replicas: 2 }));
  const twin = deployment("a", { replicas: 1 });
  await world.client.create(DEPLOYMENTS, { ...twin, metadata: { ...twin.metadata, name: "b" } });
  world.elapse(10_000);
  assert.equal(world.cluster.objects(PODS).length, 3);
  assert.deepEqual(world.cluster.objects(REPLICA_SETS).map(sizeOf), [2, 1]);
  const count = world.writes.length;
  world.elapse(60_000);
  assert.equal(world.writes.length, count);
});

Deno.test("a Deployment lets go of a ReplicaSet that it selects no more", async () => {
  const world = makeWorld();
  await world.client.create(DEPLOYMENTS, deployment("a", { replicas: 1 }));
  world.elapse(10_000);
  const [set] = world.cluster.objects(REPLICA_SETS);
  const name = set?.metadata.name ?? "";
  const body = { metadata: { labels: { app: "other" } } };
  const patch = { type: "merge", body } as const;
  await world.client.patch(REPLICA_SETS, { namespace: "default", name }, patch);
  world.elapse(10_000);
  const sets = world.cluster.objects(REPLICA_SETS);
  assert.equal(
    sets.find(({ metadata }) => metadata.name === name)?.metadata.ownerReferences,
    undefined,
  );
  assert.equal(sets.length, 2);
  assert.equal(world.cluster.objects(PODS).length, 2);
});

Deno.test("the ReplicaSets of others are none of a Deployment's business", async () => {
  const world = makeWorld();
  const owner = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "a", uid: "1" };
  const set = replicaSet("a", 1);
  const metadata = {
    ...set.metadata,
    labels: { app: "a" },
    ownerReferences: [{ ...owner, controller: true }],
  };
  const made = await world.client.create(REPLICA_SETS, { ...set, metadata });
  await world.client.create(DEPLOYMENTS, deployment("b", { replicas: 0 }));
  world.elapse(10_000);
  const left = await world.client.get(REPLICA_SETS, { namespace: "default", name: "a" });
  assert.deepEqual(left["spec"], made["spec"]);
  assert.deepEqual(left.metadata.ownerReferences, metadata.ownerReferences);
});
