/** Laws of quotas: pods that are one too many are refused, and their ReplicaSet says so. */
import assert from "node:assert/strict";
import {
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  RESOURCE_QUOTAS,
} from "../../../core/api/names/resources.ts";
import { at, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { deployment, pod, replicaSet } from "../manifests.ts";
import type { Subject } from "../subject.ts";
import { conditionOf, podsOf, readyPods, statusOf } from "../workload.ts";

/** A namespace that takes so many pods; answers once the quota is in force. */
async function stage(subject: Subject, pods: number) {
  const { cluster } = subject;
  const namespace = await subject.namespace();
  const ref = { namespace, name: "few" };
  await cluster.create(RESOURCE_QUOTAS, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: ref,
    spec: { hard: { pods: String(pods) } },
  });
  const used = (count: number) =>
    subject.eventually(`${count} used pods`, async () => {
      const { status } = await cluster.get(RESOURCE_QUOTAS, ref);
      return at(status, "used", "pods") === String(count) ? status : undefined;
    });
  await used(0);
  return { namespace, ref, used };
}

export const laws = lawsOf("quotas", {
  "a quota tells how many pods it allows and how many there are": async (subject) => {
    const { namespace, used } = await stage(subject, 2);
    await subject.cluster.create(PODS, pod(namespace, "a"));
    assert.deepEqual(await used(1), { hard: { pods: "2" }, used: { pods: "1" } });
    await subject.cluster.delete(PODS, { namespace, name: "a" });
    await used(0);
  },

  "a pod that is one too many is refused": async (subject) => {
    const { namespace, used } = await stage(subject, 1);
    await subject.cluster.create(PODS, pod(namespace, "a"));
    await used(1);
    await refused(subject.cluster.create(PODS, pod(namespace, "b")), {
      code: 403,
      reason: "Forbidden",
      message: 'pods "b" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, ' +
        "limited: pods=1",
    });
  },

  "a ReplicaSet that is refused pods says why, until it gets them": async (subject) => {
    const { namespace, ref, used } = await stage(subject, 2);
    const set = { namespace, name: "a" };
    await subject.cluster.create(REPLICA_SETS, replicaSet(namespace, "a", { replicas: 3 }));
    const failing = await statusOf(
      subject,
      set,
      (status) => at(status, "conditions") !== undefined,
    );
    const { type, status, reason, message } = at(failing, "conditions", 0) as Record<
      string,
      string
    >;
    assert.deepEqual({ type, status, reason }, {
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
    });
    assert.match(
      message ?? "",
      /^pods "a-[0-9a-z]{5}" is forbidden: exceeded quota: few, requested: pods=1, used: pods=\d, limited: pods=2$/,
    );
    await used(2);
    const body = { spec: { hard: { pods: "3" } } };
    await subject.cluster.patch(RESOURCE_QUOTAS, ref, { type: "merge", body });
    await readyPods(subject, set, 3);
    await statusOf(subject, set, (status) => at(status, "conditions") === undefined);
  },

  "a Deployment says that its ReplicaSet is refused pods": async (subject) => {
    const { cluster, eventually } = subject;
    const { namespace } = await stage(subject, 0);
    const ref = { namespace, name: "a" };
    await cluster.create(DEPLOYMENTS, deployment(namespace, "a", { replicas: 1 }));
    const read = await eventually("a failure", async () => {
      const found = await cluster.get(DEPLOYMENTS, ref);
      return conditionOf(found, "ReplicaFailure") === "True" ? found : undefined;
    });
    const conditions = at(read, "status", "conditions") as Record<string, unknown>[];
    const failure = conditions.find(({ type }) => type === "ReplicaFailure");
    assert.equal(failure?.["reason"], "FailedCreate");
    assert.match(String(failure?.["message"]), /exceeded quota: few/);
  },

  "a ReplicaSet gets its pod when another one goes": async (subject) => {
    const { namespace } = await stage(subject, 1);
    await subject.cluster.create(PODS, pod(namespace, "first"));
    await subject.cluster.create(REPLICA_SETS, replicaSet(namespace, "a", { replicas: 1 }));
    await subject.eventually("a refused pod", async () => {
      const read = await subject.cluster.get(REPLICA_SETS, { namespace, name: "a" });
      return conditionOf(read, "ReplicaFailure") === "True" || undefined;
    });
    assert.deepEqual(await podsOf(subject, namespace, "a"), []);
    await subject.cluster.delete(PODS, { namespace, name: "first" });
    await readyPods(subject, { namespace, name: "a" }, 1);
  },

  "amounts that are none are refused": async (subject) => {
    const namespace = await subject.namespace();
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { namespace, name: "few" },
      spec: { hard: { pods: "many" } },
    };
    await refused(subject.cluster.create(RESOURCE_QUOTAS, quota), {
      code: 400,
      reason: "BadRequest",
      message: /^ResourceQuota in version "v1" cannot be handled as .*: quantities must match/,
    });
  },
});
