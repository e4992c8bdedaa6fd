/** A Rollout deleted without its pods and applied again, on a real control plane. */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { PODS, REPLICA_SETS, ROLLOUTS } from "../../core/api/names/resources.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { apply } from "../../core/command/mod.ts";
import { isNotFound } from "../../core/ports/mod.ts";
import { playServed, type ServedNamespace, until, webRollout } from "./real_cluster.ts";

async function playAdoption({ user, namespace }: ServedNamespace): Promise<void> {
  const target = { namespace, name: "web" };
  const list = async (type: ResourceType) => (await user.list(type, { namespace })).items;
  const uids = async (type: ResourceType) =>
    (await list(type)).map(({ metadata }) => metadata.uid).sort();
  const owners = async () =>
    (await list(REPLICA_SETS)).map(({ metadata }) => metadata.ownerReferences ?? []);
  const isHealthy = async () =>
    ((await user.get(ROLLOUTS, target)) as Rollout).status?.phase === "Healthy";
  const isGone = async () => {
    try {
      await user.get(ROLLOUTS, target);
      return false;
    } catch (error) {
      if (isNotFound(error)) return true;
      throw error;
    }
  };
  const rollout = webRollout(namespace, { replicas: 3, canary: {} });
  await apply(user, ROLLOUTS, rollout);
  await until("Healthy", isHealthy);
  const before = { pods: await uids(PODS), sets: await uids(REPLICA_SETS) };
  const former = (await user.get(ROLLOUTS, target)).metadata.uid;
  assert.equal(before.pods.length, 3);

  await user.delete(ROLLOUTS, target, { propagationPolicy: "Orphan" });
  await until("the Rollout to go", isGone);
  assert.deepEqual(await owners(), [[]]);

  await apply(user, ROLLOUTS, rollout);
  await until("Healthy again", isHealthy);
  assert.deepEqual({ pods: await uids(PODS), sets: await uids(REPLICA_SETS) }, before);
  const { uid, annotations } = (await user.get(ROLLOUTS, target)).metadata;
  assert.notEqual(uid, former);
  assert.equal(annotations?.["rollout.argoproj.io/revision"], "1");
  const owner = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    name: "web",
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  assert.deepEqual(await owners(), [[owner]]);

  const [set] = await list(REPLICA_SETS);
  assert.ok(set);
  const ref = { namespace, name: set.metadata.name };
  const body = { metadata: { labels: { app: "debug" } } };
  await user.patch(REPLICA_SETS, ref, { type: "merge", body });
  await until("another set in its place", async () => {
    const { metadata } = await user.get(REPLICA_SETS, ref);
    return metadata.ownerReferences === undefined && (await list(PODS)).length === 6;
  });
  const now = await uids(PODS);
  assert.ok(before.pods.every((pod) => now.includes(pod)), "pods of the set let go of stay");
}

Deno.test("a real control plane: a Rollout deleted without its pods takes them in again", () =>
  playServed(playAdoption));
