/** Whole stories of sets that change hands, on the embedded cluster. */
import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { PODS, REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { guarded } from "../../../core/engine/write.ts";
import { isConflict } from "../../../core/ports/api_error.ts";
import type { PatchWrite } from "../../../sdk/wire/write.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { adopt, type ReplicaSet } from "../../../core/sets/mod.ts";
import { apply } from "../../../core/command/mod.ts";
import { createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";
import { worldOf } from "./world.ts";

const LABELS = { app: "web" };

function rolloutNamed(name: string, image = "web:1"): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: 3,
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: { containers: [{ name: "web", image }] } },
      strategy: { canary: {} },
    },
  };
}

async function begin() {
  const world = createWorld(1);
  const { cluster, clock, engine } = world;
  const user = cluster.client("user");
  let passes = 0;
  engine.onPass(() => passes++);
  engine.start();
  const pass = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await settleInstant(world);
      const next = clock.nextDueMs();
      if (next === undefined || next > endMs) break;
      clock.advanceTo(next);
    }
    clock.advanceTo(endMs);
  };
  await pass(0);
  return {
    user,
    pass,
    passes: () => passes,
    applied: async (rollout: Rollout) => {
      await apply(user, ROLLOUTS, rollout);
      await pass(10_000);
    },
    uidOf: async (name: string) =>
      (await user.get(ROLLOUTS, { namespace: "default", name })).metadata.uid,
    sets: () => cluster.objects(REPLICA_SETS) as readonly ReplicaSet[],
    podUids: () => cluster.objects(PODS).map(({ metadata }) => metadata.uid).sort(),
  };
}

function controllersOf(sets: readonly KubeObject[]) {
  return sets.map(({ metadata }) =>
    metadata.ownerReferences?.find(({ controller }) => controller)?.name
  );
}

const WEB = { namespace: "default", name: "web" };

Deno.test("deleted without its pods and applied again, a Rollout has the same pods", async () => {
  const { applied, pass, podUids, sets, user, uidOf } = await begin();
  await applied(rolloutNamed("web"));
  await applied(rolloutNamed("web", "web:2"));
  const before = { pods: podUids(), sets: sets().map(({ metadata }) => metadata.uid) };
  assert.equal(before.pods.length, 3);
  await user.delete(ROLLOUTS, WEB, { propagationPolicy: "Orphan" });
  await pass(10_000);
  assert.deepEqual(sets().map(({ metadata }) => metadata.ownerReferences ?? []), [[], []]);
  await applied(rolloutNamed("web", "web:2"));
  assert.deepEqual({ pods: podUids(), sets: sets().map(({ metadata }) => metadata.uid) }, before);
  const owner = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    name: "web",
    uid: await uidOf("web"),
    controller: true,
    blockOwnerDeletion: true,
  };
  for (const { metadata } of sets()) assert.deepEqual(metadata.ownerReferences, [owner]);
  const { status, metadata } = await user.get(ROLLOUTS, WEB) as Rollout;
  assert.equal(status?.phase, "Healthy");
  assert.equal(metadata.annotations?.["rollout.argoproj.io/revision"], "2");
});

Deno.test("a set that loses its owner is taken in by the Rollout that is there", async () => {
  const { applied, pass, podUids, sets, user } = await begin();
  await applied(rolloutNamed("web"));
  const pods = podUids();
  const { name } = sets()[0]?.metadata ?? { name: "" };
  const body = { metadata: { ownerReferences: null } };
  await user.patch(REPLICA_SETS, { namespace: "default", name }, { type: "merge", body });
  await pass(10_000);
  assert.deepEqual(controllersOf(sets()), ["web"]);
  assert.deepEqual(podUids(), pods);
});

Deno.test("of two Rollouts with one selector, one takes the orphan, and both come to rest", async () => {
  const { applied, pass, passes, podUids, sets, user } = await begin();
  await applied(rolloutNamed("web"));
  await applied(rolloutNamed("twin", "web:2"));
  assert.equal(podUids().length, 6);
  const [orphan] = sets();
  const { name = "" } = orphan?.metadata ?? {};
  const body = { metadata: { ownerReferences: null } };
  await user.patch(REPLICA_SETS, { namespace: "default", name }, { type: "merge", body });
  await pass(60_000);
  assert.equal(controllersOf(sets()).filter((owner) => owner === undefined).length, 0);
  for (const rollout of ["web", "twin"]) {
    const ref = { namespace: "default", name: rollout };
    assert.equal(((await user.get(ROLLOUTS, ref)) as Rollout).status?.phase, "Healthy");
  }
  const rested = passes();
  await pass(60_000);
  assert.equal(passes(), rested);
});

Deno.test("who decided on a set that another has taken by now gets a conflict", async () => {
  const { applied, pass, sets, user } = await begin();
  await applied(rolloutNamed("web"));
  await user.delete(ROLLOUTS, WEB, { propagationPolicy: "Orphan" });
  await pass(1_000);
  const adopted = (uid: string) => {
    const world = worldOf({ next: { hash: "a", size: 1 } });
    const rollout = { ...world.rollout, metadata: { ...world.rollout.metadata, uid } };
    const seen: RolloutWorld = { ...world, rollout, orphans: sets(), isConfirmed: true };
    return adopt(rollout, seen)?.effects[0] as PatchWrite;
  };
  const [first, second] = [adopted("one"), adopted("two")];
  await user.patch(REPLICA_SETS, first.ref, guarded(first));
  await assert.rejects(
    () => user.patch(REPLICA_SETS, second.ref, guarded(second)),
    (error: Error) => isConflict(error),
  );
  assert.equal(sets()[0]?.metadata.ownerReferences?.[0]?.uid, "one");
});

Deno.test("a set with other labels is let go of: its pods stay, and its Service selects them", async () => {
  const { applied, pass, podUids, sets, user } = await begin();
  await applied(rolloutNamed("web"));
  const pods = podUids();
  const { name } = sets()[0]?.metadata ?? { name: "" };
  const body = { metadata: { labels: { app: "debug" } } };
  await user.patch(REPLICA_SETS, { namespace: "default", name }, { type: "merge", body });
  await pass(60_000);
  const released = sets().find(({ metadata }) => metadata.name === name);
  assert.deepEqual(released?.metadata.ownerReferences ?? [], []);
  assert.equal(released?.spec.replicas, 3);
  const stayed = podUids();
  assert.deepEqual(pods.filter((uid) => stayed.includes(uid)), pods);
  const { status } = await user.get(ROLLOUTS, WEB) as Rollout;
  assert.equal(status?.replicas, 3, "what is let go of is not counted");
});

Deno.test("a Rollout on its way out takes nothing in", async () => {
  const { applied, pass, sets, user } = await begin();
  await applied(rolloutNamed("web"));
  const finalizers = ["example.com/wait"];
  await user.patch(ROLLOUTS, WEB, { type: "merge", body: { metadata: { finalizers } } });
  await user.delete(ROLLOUTS, WEB, { propagationPolicy: "Orphan" });
  await pass(60_000);
  assert.ok((await user.get(ROLLOUTS, WEB)).metadata.deletionTimestamp);
  assert.deepEqual(controllersOf(sets()), [undefined]);
});
