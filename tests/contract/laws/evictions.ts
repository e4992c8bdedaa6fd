/** Laws of evictions and of the budgets that limit them. */
import assert from "node:assert/strict";
import { POD_DISRUPTION_BUDGETS, PODS, REPLICA_SETS } from "../../../core/api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { at, gone, lookUp, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { disruptionBudget, labelsOf, pod, type PodOptions, replicaSet } from "../manifests.ts";
import type { Subject } from "../subject.ts";
import { isReady, readyPods } from "../workload.ts";

const FORBIDDEN = {
  code: 429,
  reason: "TooManyRequests",
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
};

function eviction(namespace: string, name: string, fields = {}): KubeObject {
  return { apiVersion: "policy/v1", kind: "Eviction", metadata: { namespace, name }, ...fields };
}

function evict({ cluster }: Subject, namespace: string, name: string): Promise<KubeObject> {
  return cluster.create(PODS, eviction(namespace, name), { subresource: "eviction" });
}

/** A budget over the pods of application "a"; answers once its status is so. */
async function budget(
  subject: Subject,
  where: { namespace: string; name?: string },
  { spec, status }: { spec: Record<string, unknown>; status: Record<string, number> },
): Promise<KubeObject> {
  const { namespace, name = "a" } = where;
  const selector = { matchLabels: labelsOf("a") };
  const object = disruptionBudget(namespace, name, { selector, ...spec });
  await subject.cluster.create(POD_DISRUPTION_BUDGETS, object);
  return await budgetThat(subject, { namespace, name }, status);
}

function budgetThat(
  { cluster, eventually }: Subject,
  ref: { namespace: string; name: string },
  status: Record<string, number>,
): Promise<KubeObject> {
  return eventually(`a budget with ${JSON.stringify(status)}`, async () => {
    const read = await cluster.get(POD_DISRUPTION_BUDGETS, ref);
    const isSeen = at(read, "status", "observedGeneration") === read.metadata.generation;
    const isSo = Object.entries(status).every(([field, count]) =>
      at(read, "status", field) === count
    );
    return isSeen && isSo ? read : undefined;
  });
}

/** A namespace with a ReplicaSet "a" of so many ready pods. */
async function stage(subject: Subject, replicas: number) {
  const namespace = await subject.namespace();
  await subject.cluster.create(REPLICA_SETS, replicaSet(namespace, "a", { replicas }));
  const pods = await readyPods(subject, { namespace, name: "a" }, replicas);
  return { namespace, pods: pods.map(({ metadata }) => metadata.name) };
}

/** A pod "a" by itself, once it is so. */
async function loosePod(
  subject: Subject,
  options: PodOptions,
  isSo: (read: KubeObject) => boolean,
): Promise<string> {
  const namespace = await subject.namespace();
  await subject.cluster.create(PODS, pod(namespace, "a", options));
  await subject.eventually("such a pod", async () => {
    const read = await lookUp(subject, PODS, { namespace, name: "a" });
    return read !== undefined && isSo(read) ? true : undefined;
  });
  return namespace;
}

export const laws = lawsOf("evictions", {
  "an eviction without a budget deletes the pod and answers a Status": async (subject) => {
    const namespace = await loosePod(subject, {}, isReady);
    const answer = await evict(subject, namespace, "a");
    assert.equal(answer.kind, "Status");
    assert.equal(at(answer, "status"), "Success");
    await gone(subject, PODS, { namespace, name: "a" });
  },

  "an evicted pod is made anew by its ReplicaSet": async (subject) => {
    const { namespace, pods: [first = ""] } = await stage(subject, 2);
    await evict(subject, namespace, first);
    await gone(subject, PODS, { namespace, name: first });
    const now = await readyPods(subject, { namespace, name: "a" }, 2);
    assert.ok(!now.some(({ metadata }) => metadata.name === first));
  },

  "an eviction of a pod that is not there is refused": async (subject) => {
    const namespace = await subject.namespace();
    await refused(evict(subject, namespace, "nobody"), {
      code: 404,
      reason: "NotFound",
      message: 'pods "nobody" not found',
    });
  },

  "a dry run of an eviction leaves the pod": async (subject) => {
    const namespace = await loosePod(subject, {}, isReady);
    await subject.cluster.create(PODS, eviction(namespace, "a"), {
      subresource: "eviction",
      dryRun: true,
    });
    await subject.elapse(1500);
    const read = await subject.cluster.get(PODS, { namespace, name: "a" });
    assert.equal(read.metadata.deletionTimestamp, undefined);
  },

  "the uid that an eviction expects is compared": async (subject) => {
    const namespace = await loosePod(subject, {}, isReady);
    const deleteOptions = { preconditions: { uid: "another" } };
    const wrong = eviction(namespace, "a", { deleteOptions });
    await refused(subject.cluster.create(PODS, wrong, { subresource: "eviction" }), {
      code: 409,
      reason: "Conflict",
      message: /^Operation cannot be fulfilled on Pod "a": the UID in the precondition \(another\)/,
    });
  },

  "pods have the subresource eviction, other kinds have not": async (subject) => {
    const { namespace } = await stage(subject, 0);
    const { cluster } = subject;
    await refused(
      cluster.create(REPLICA_SETS, eviction(namespace, "a"), { subresource: "eviction" }),
      { code: 404, reason: "NotFound" },
    );
  },

  "a budget of available pods allows what is above it, then refuses": async (subject) => {
    const { namespace, pods: [first = "", second = ""] } = await stage(subject, 3);
    await budget(subject, { namespace }, {
      spec: { minAvailable: 2 },
      status: { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 },
    });
    await evict(subject, namespace, first);
    await refused(evict(subject, namespace, second), FORBIDDEN);
    const read = await subject.cluster.get(PODS, { namespace, name: second });
    assert.equal(read.metadata.deletionTimestamp, undefined);
    await readyPods(subject, { namespace, name: "a" }, 3);
    await budgetThat(subject, { namespace, name: "a" }, { disruptionsAllowed: 1 });
    await evict(subject, namespace, second);
    await gone(subject, PODS, { namespace, name: second });
  },

  "a budget says in a condition whether pods may go": async (subject) => {
    const { namespace } = await stage(subject, 2);
    const full = await budget(subject, { namespace }, {
      spec: { minAvailable: 2 },
      status: { disruptionsAllowed: 0, currentHealthy: 2 },
    });
    const { type, status, reason, message, observedGeneration } = at(
      full,
      "status",
      "conditions",
      0,
    ) as Record<string, unknown>;
    assert.deepEqual(
      { type, status, reason, message, observedGeneration },
      {
        type: "DisruptionAllowed",
        status: "False",
        reason: "InsufficientPods",
        message: "",
        observedGeneration: 1,
      },
    );
    const patch = { type: "merge", body: { spec: { minAvailable: 1 } } } as const;
    const ref = { namespace, name: "a" };
    await subject.cluster.patch(POD_DISRUPTION_BUDGETS, ref, patch);
    const spare = await budgetThat(subject, ref, { disruptionsAllowed: 1 });
    assert.equal(at(spare, "status", "conditions", 0, "status"), "True");
    assert.equal(at(spare, "status", "conditions", 0, "reason"), "SufficientPods");
  },

  "a budget of missing pods counts from what the sets ask for": async (subject) => {
    const { namespace } = await stage(subject, 3);
    await budget(subject, { namespace, name: "half" }, {
      spec: { maxUnavailable: "50%" },
      status: { disruptionsAllowed: 2, desiredHealthy: 1, expectedPods: 3 },
    });
    await budget(subject, { namespace, name: "one" }, {
      spec: { maxUnavailable: 1 },
      status: { disruptionsAllowed: 1, desiredHealthy: 2, expectedPods: 3 },
    });
    await budget(subject, { namespace, name: "all" }, {
      spec: { minAvailable: "100%" },
      status: { disruptionsAllowed: 0, desiredHealthy: 3, expectedPods: 3 },
    });
    const patch = { type: "merge", body: { spec: { replicas: 5 } } } as const;
    await subject.cluster.patch(REPLICA_SETS, { namespace, name: "a" }, patch);
    await budgetThat(subject, { namespace, name: "half" }, { expectedPods: 5, desiredHealthy: 2 });
  },

  "a pod of two budgets is not evicted": async (subject) => {
    const { namespace, pods: [first = ""] } = await stage(subject, 3);
    for (const name of ["one", "two"]) {
      await budget(subject, { namespace, name }, {
        spec: { minAvailable: 1 },
        status: { disruptionsAllowed: 2 },
      });
    }
    await refused(evict(subject, namespace, first), {
      code: 500,
      reason: "InternalError",
      message: "This pod has more than one PodDisruptionBudget, which the eviction subresource " +
        "does not support.",
    });
  },

  "a pod that does not run yet is evicted whatever its budget says": async (subject) => {
    const container = { image: "registry.test/does-not-exist:1" };
    const isPlaced = (read: KubeObject) => at(read, "status", "phase") === "Pending";
    const namespace = await loosePod(subject, { container }, isPlaced);
    await budget(subject, { namespace }, {
      spec: { minAvailable: 1 },
      status: { disruptionsAllowed: 0, expectedPods: 1 },
    });
    await evict(subject, namespace, "a");
    await gone(subject, PODS, { namespace, name: "a" });
  },

  "a running pod that is not ready is kept while too few are ready": async (subject) => {
    const spec = { readinessGates: [{ conditionType: "example.test/gate" }] };
    const isRunning = (read: KubeObject) => at(read, "status", "phase") === "Running";
    const namespace = await loosePod(subject, { spec }, isRunning);
    const ref = { namespace, name: "a" };
    await budget(subject, { namespace }, {
      spec: { minAvailable: 1 },
      status: { disruptionsAllowed: 0, currentHealthy: 0, expectedPods: 1 },
    });
    await refused(evict(subject, namespace, "a"), FORBIDDEN);
    const body = { spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" } };
    await subject.cluster.patch(POD_DISRUPTION_BUDGETS, ref, { type: "merge", body });
    await budgetThat(subject, ref, { disruptionsAllowed: 0 });
    await evict(subject, namespace, "a");
    await gone(subject, PODS, ref);
  },

  "a budget that makes no sense is refused": async (subject) => {
    const namespace = await subject.namespace();
    const make = (spec: Record<string, unknown>) =>
      budget(subject, { namespace }, { spec, status: {} });
    await refused(make({ minAvailable: 2, maxUnavailable: 1 }), {
      code: 422,
      reason: "Invalid",
      message: 'PodDisruptionBudget.policy "a" is invalid: spec: Invalid value: ' +
        '{"MinAvailable":2,"Selector":{"matchLabels":{"app":"a"}},"MaxUnavailable":1,' +
        '"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    });
    await refused(make({ minAvailable: -1 }), {
      code: 422,
      reason: "Invalid",
      message: 'PodDisruptionBudget.policy "a" is invalid: spec.minAvailable: Invalid value: -1: ' +
        "must be greater than or equal to 0",
    });
    await refused(make({ maxUnavailable: "half" }), {
      code: 422,
      reason: "Invalid",
      message: 'PodDisruptionBudget.policy "a" is invalid: spec.maxUnavailable: Invalid value: ' +
        "\"half\": a valid percent string must be a numeric string followed by an ending '%' " +
        "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    });
  },
});
