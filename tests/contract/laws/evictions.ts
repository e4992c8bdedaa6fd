/** Evictions: pods go when asked to, as far as a disruption budget lets them. */
import assert from "node:assert/strict";
import { POD_DISRUPTION_BUDGETS, PODS, REPLICA_SETS } from "../../../core/api/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { at, gone, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { disruptionBudget, pod, replicaSet } from "../manifests.ts";
import type { Subject } from "../subject.ts";
import { isReady, readyPods } from "../workload.ts";

const FORBIDDEN = {
  code: 429,
  reason: "TooManyRequests",
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
} as const;

function eviction(
  namespace: string,
  name: string,
  preconditions?: { uid: string },
): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { namespace, name },
    ...(preconditions && { deleteOptions: { preconditions } }),
  };
}

function evict(subject: Subject, namespace: string, name: string, uid?: string) {
  const object = eviction(namespace, name, uid === undefined ? undefined : { uid });
  return subject.cluster.create(PODS, object, { subresource: "eviction" });
}

/** Three ready pods under a budget that the server knows of. */
async function budgeted(subject: Subject, spec: Record<string, unknown>) {
  const home = await subject.namespace();
  const where = { namespace: home, name: "web" };
  await subject.cluster.create(REPLICA_SETS, replicaSet(home, "web", { replicas: 3 }));
  const pods = await readyPods(subject, where, 3);
  await subject.cluster.create(POD_DISRUPTION_BUDGETS, disruptionBudget(home, "web", spec));
  return { home, where, pods };
}

/** The server hears of a new budget, and of ready pods, a moment later. */
function evictedInTime(subject: Subject, home: string, name: string) {
  return subject.eventually(`the eviction of "${name}"`, async () => {
    try {
      return await evict(subject, home, name);
    } catch (error) {
      if (at(error, "code") !== 429) throw error;
      return undefined;
    }
  });
}

export const laws = lawsOf("evictions", {
  "an evicted pod goes, and its ReplicaSet makes another": async (subject) => {
    const home = await subject.namespace();
    const where = { namespace: home, name: "web" };
    await subject.cluster.create(REPLICA_SETS, replicaSet(home, "web", { replicas: 2 }));
    const [first] = await readyPods(subject, where, 2);
    const name = first?.metadata.name ?? "";
    const answer = await evict(subject, home, name);
    assert.equal(at(answer, "status"), "Success");
    await gone(subject, PODS, { namespace: home, name }, 10_000);
    const pods = await readyPods(subject, where, 2);
    assert.ok(!pods.some(({ metadata }) => metadata.name === name));
  },

  "a pod that is not there cannot be evicted": async (subject) => {
    const home = await subject.namespace();
    await refused(evict(subject, home, "a"), {
      code: 404,
      reason: "NotFound",
      message: 'pods "a" not found',
    });
  },

  "an eviction that names another uid is refused, and the pod stays": async (subject) => {
    const home = await subject.namespace();
    await subject.cluster.create(PODS, pod(home, "a"));
    await refused(evict(subject, home, "a", "12345678-1234-1234-1234-123456789012"), {
      code: 409,
      reason: "Conflict",
    });
    await subject.cluster.get(PODS, { namespace: home, name: "a" });
  },

  "a budget that is used up forbids an eviction": async (subject) => {
    const { home, pods } = await budgeted(subject, { maxUnavailable: 0 });
    await refused(evict(subject, home, pods[0]?.metadata.name ?? ""), FORBIDDEN);
    await subject.elapse(3000);
    await refused(evict(subject, home, pods[0]?.metadata.name ?? ""), FORBIDDEN);
  },

  "a budget lets as many pods go as it has to spare, and more when others are ready": async (
    subject,
  ) => {
    const { home, where, pods } = await budgeted(subject, { minAvailable: 2 });
    const [first, second] = pods.map(({ metadata }) => metadata.name);
    await evictedInTime(subject, home, first ?? "");
    await refused(evict(subject, home, second ?? ""), FORBIDDEN);
    await gone(subject, PODS, { namespace: home, name: first ?? "" }, 10_000);
    await readyPods(subject, where, 3);
    await evictedInTime(subject, home, second ?? "");
  },

  "a budget in percent counts from the wanted pods, rounded up": async (subject) => {
    const { home, pods } = await budgeted(subject, { maxUnavailable: "10%" });
    const [first, second] = pods.map(({ metadata }) => metadata.name);
    await evictedInTime(subject, home, first ?? "");
    await refused(evict(subject, home, second ?? ""), FORBIDDEN);
  },

  "a pod that does not run yet is evicted whatever the budget": async (subject) => {
    const { cluster, namespace, eventually } = subject;
    const home = await namespace();
    await cluster.create(
      POD_DISRUPTION_BUDGETS,
      disruptionBudget(home, "a", { maxUnavailable: 0 }),
    );
    const container = { image: "registry.test/does-not-exist:1" };
    await cluster.create(PODS, pod(home, "a", { container }));
    await eventually("a pod that waits", async () => {
      const read = await cluster.get(PODS, { namespace: home, name: "a" });
      return at(read, "status", "phase") === "Pending" && !isReady(read) ? read : undefined;
    });
    await evict(subject, home, "a");
    await gone(subject, PODS, { namespace: home, name: "a" }, 10_000);
  },
});
