/** Laws of the ReplicaSet controller. */
import assert from "node:assert/strict";
import { PODS, REPLICA_SETS } from "../../../core/api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { at, gone, lookUp, namesOf } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { labelsOf, pod, podSpec, replicaSet, type ReplicaSetOptions } from "../manifests.ts";
import type { Subject } from "../subject.ts";
import { isReady, podsOf, readyPods, statusOf } from "../workload.ts";

/** A namespace with a ReplicaSet "a", and ways to change it. */
async function stage(subject: Subject, options: ReplicaSetOptions) {
  const { cluster } = subject;
  const home = await subject.namespace();
  const ref = { namespace: home, name: "a" };
  const set = await cluster.create(REPLICA_SETS, replicaSet(home, "a", options));
  const merge = (body: unknown) => cluster.patch(REPLICA_SETS, ref, { type: "merge", body });
  return {
    home,
    ref,
    set,
    merge,
    scale: (replicas: number) => merge({ spec: { replicas } }),
    ready: (count: number) => readyPods(subject, ref, count),
    pods: (count: number) =>
      subject.eventually(`${count} pods`, async () => {
        const pods = await podsOf(subject, home, "a");
        return pods.length === count ? pods : undefined;
      }),
    label: (name: string, metadata: unknown) =>
      cluster.patch(PODS, { namespace: home, name }, { type: "merge", body: { metadata } }),
  };
}

function controllerOf(object: KubeObject): unknown {
  return object.metadata.ownerReferences?.find(({ controller }) => controller);
}

function reference(set: KubeObject): unknown {
  const { name, uid } = set.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export const laws = lawsOf("ReplicaSet controller", {
  "makes as many pods as are wanted, from the template": async (subject) => {
    const { pods, set } = await stage(subject, { replicas: 3, annotations: { note: "yes" } });
    for (const { metadata, spec } of await pods(3)) {
      assert.match(metadata.name, /^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      assert.equal(metadata.generateName, "a-");
      assert.deepEqual(metadata.labels, labelsOf("a"));
      assert.deepEqual(metadata.annotations, { note: "yes" });
      assert.deepEqual(metadata.ownerReferences, [reference(set)]);
      assert.equal(at(spec, "containers", 0, "image"), "registry.test/main:1.0");
    }
  },

  "counts pods that exist, that are ready, that are available": async (subject) => {
    const { ready, ref } = await stage(subject, { replicas: 2 });
    await ready(2);
    const status = await statusOf(subject, ref, ({ availableReplicas }) => availableReplicas === 2);
    assert.deepEqual(status, {
      availableReplicas: 2,
      fullyLabeledReplicas: 2,
      observedGeneration: 1,
      readyReplicas: 2,
      replicas: 2,
      terminatingReplicas: 0,
    });
  },

  "leaves counts of none out, but for two": async (subject) => {
    const { scale, ready, ref } = await stage(subject, { replicas: 1 });
    await ready(1);
    await scale(0);
    const status = await statusOf(
      subject,
      ref,
      // A pod that goes is counted as terminating for as long as that takes.
      ({ replicas, observedGeneration, terminatingReplicas }) =>
        replicas === 0 && observedGeneration === 2 && terminatingReplicas === 0,
    );
    assert.deepEqual(status, { observedGeneration: 2, replicas: 0, terminatingReplicas: 0 });
  },

  "shows pods before they are ready": async (subject) => {
    const container = { image: "does-not-exist:1" };
    const { ref } = await stage(subject, { replicas: 2, container });
    const status = await statusOf(subject, ref, ({ replicas }) => replicas === 2);
    assert.deepEqual(status, {
      fullyLabeledReplicas: 2,
      observedGeneration: 1,
      replicas: 2,
      terminatingReplicas: 0,
    });
  },

  "counts a pod no longer that stops being ready": async (subject) => {
    const { home, ready, ref } = await stage(subject, { replicas: 2 });
    const [first] = await ready(2);
    const conditions = [{ type: "Ready", status: "False" }];
    await subject.cluster.patch(
      PODS,
      { namespace: home, name: first?.metadata.name ?? "" },
      { type: "strategic", body: { status: { conditions } } },
      { subresource: "status" },
    );
    const status = await statusOf(subject, ref, ({ readyReplicas }) => readyReplicas === 1);
    assert.equal(status["replicas"], 2);
    assert.equal(status["availableReplicas"], 1);
  },

  "says which generation it has seen": async (subject) => {
    const { merge, ref } = await stage(subject, { replicas: 1 });
    await statusOf(subject, ref, ({ observedGeneration }) => observedGeneration === 1);
    const { metadata } = await merge({ spec: { minReadySeconds: 1 } });
    assert.equal(metadata.generation, 2);
    await statusOf(subject, ref, ({ observedGeneration }) => observedGeneration === 2);
  },

  "counts a pod as available only after minReadySeconds": async (subject) => {
    const { ready, ref } = await stage(subject, { replicas: 1, minReadySeconds: 8 });
    await ready(1);
    const { status } = await subject.cluster.get(REPLICA_SETS, ref);
    assert.equal(at(status, "readyReplicas"), 1);
    assert.equal(at(status, "availableReplicas"), undefined);
    await subject.elapse(2000);
    const later = await subject.cluster.get(REPLICA_SETS, ref);
    assert.equal(at(later, "status", "availableReplicas"), undefined);
    await statusOf(subject, ref, ({ availableReplicas }) => availableReplicas === 1);
  },

  "makes a deleted pod anew": async (subject) => {
    const { home, ready } = await stage(subject, { replicas: 2 });
    const [first, second] = await ready(2);
    assert.ok(first && second);
    await subject.cluster.delete(PODS, { namespace: home, name: first.metadata.name });
    await gone(subject, PODS, { namespace: home, name: first.metadata.name });
    const now = namesOf(await ready(2));
    assert.ok(now.includes(second.metadata.name));
    assert.ok(!now.includes(first.metadata.name));
  },

  "scaled down, it first takes pods that are not ready": async (subject) => {
    const { scale, merge, ready, pods } = await stage(subject, { replicas: 2 });
    const good = namesOf(await ready(2));
    const template = { spec: podSpec({ container: { image: "does-not-exist:1" } }) };
    await merge({ spec: { template } });
    await scale(4);
    await pods(4);
    await scale(2);
    assert.deepEqual(namesOf(await pods(2)), good);
    assert.deepEqual(namesOf(await ready(2)), good);
  },

  "scaled down, it takes cheaper pods first": async (subject) => {
    const { scale, ready, pods, label } = await stage(subject, { replicas: 3 });
    const names = namesOf(await ready(3));
    const [dear = "", cheap = "", plain = ""] = names;
    const cost = "controller.kubernetes.io/pod-deletion-cost";
    await label(dear, { annotations: { [cost]: "10" } });
    await label(cheap, { annotations: { [cost]: "-10" } });
    // The real controller acts on what its watches have brought it.
    await subject.elapse(1000);
    await scale(2);
    assert.deepEqual(namesOf(await pods(2)), [dear, plain].sort());
    await scale(1);
    assert.deepEqual(namesOf(await pods(1)), [dear]);
  },

  "scaled down, it takes pods first that have been ready for a shorter time": async (subject) => {
    const { scale, ready, pods } = await stage(subject, { replicas: 1 });
    const old = namesOf(await ready(1));
    await subject.elapse(9000);
    await scale(2);
    await ready(2);
    await scale(1);
    assert.deepEqual(namesOf(await pods(1)), old);
  },

  "adopts a matching pod that nobody controls, and counts it": async (subject) => {
    const { cluster } = subject;
    const home = await subject.namespace();
    await cluster.create(PODS, pod(home, "orphan", { labels: labelsOf("a") }));
    const set = await cluster.create(REPLICA_SETS, replicaSet(home, "a", { replicas: 2 }));
    const pods = await readyPods(subject, { namespace: home, name: "a" }, 2);
    const orphan = pods.find(({ metadata }) => metadata.name === "orphan");
    assert.ok(orphan);
    assert.deepEqual(controllerOf(orphan), reference(set));
  },

  "adopts a matching pod that comes later, and gives up one too many": async (subject) => {
    const { home, ready, pods, set } = await stage(subject, { replicas: 1 });
    const old = namesOf(await ready(1));
    await subject.cluster.create(PODS, pod(home, "late", { labels: labelsOf("a") }));
    // The newcomer is not ready yet, so that it is the one to go.
    await gone(subject, PODS, { namespace: home, name: "late" });
    const left = await pods(1);
    assert.deepEqual(namesOf(left), old);
    assert.deepEqual(left.map(controllerOf), [reference(set)]);
  },

  "replaces a pod that has failed": async (subject) => {
    const { cluster } = subject;
    const { home, ref, ready } = await stage(subject, { replicas: 1 });
    const [first] = await ready(1);
    const name = first?.metadata.name ?? "";
    const patch = { type: "merge", body: { status: { phase: "Failed" } } } as const;
    await cluster.patch(PODS, { namespace: home, name }, patch, { subresource: "status" });
    const next = await subject.eventually("another pod", async () => {
      const pods = await podsOf(subject, home, "a");
      return pods.find(({ metadata }) => metadata.name !== name);
    });
    assert.deepEqual(controllerOf(next), controllerOf(first as KubeObject));
    await subject.eventually("the other pod, ready", async () => {
      const read = await cluster.get(PODS, { namespace: home, name: next.metadata.name });
      return isReady(read) || undefined;
    });
    const counted = await statusOf(subject, ref, ({ readyReplicas }) => readyReplicas === 1);
    assert.equal(counted["replicas"], 1);
  },

  "lets a pod go that stops matching, and makes another": async (subject) => {
    const { home, ready, label } = await stage(subject, { replicas: 1 });
    const [first] = await ready(1);
    const name = first?.metadata.name ?? "";
    await label(name, { labels: { app: "other" } });
    const [next] = await ready(1);
    assert.notEqual(next?.metadata.name, name);
    const released = await subject.cluster.get(PODS, { namespace: home, name });
    assert.equal(released.metadata.ownerReferences, undefined);
    assert.ok(isReady(released));
  },

  "does not take the pods of another controller": async (subject) => {
    const { home, ready, ref } = await stage(subject, { replicas: 1 });
    const [mine] = await ready(1);
    const rival = replicaSet(home, "b", { replicas: 1, labels: labelsOf("a") });
    await subject.cluster.create(REPLICA_SETS, rival);
    const pods = await subject.eventually("two pods", async () => {
      const found = await podsOf(subject, home, "a");
      return found.length === 2 ? found : undefined;
    });
    assert.deepEqual(pods.map((one) => at(controllerOf(one), "name")).sort(), ["a", "b"]);
    assert.deepEqual(namesOf(await podsOf(subject, home, "a")), namesOf(pods));
    assert.ok(await lookUp(subject, PODS, { ...ref, name: mine?.metadata.name ?? "" }));
  },

  "leaves pods alone when the template changes": async (subject) => {
    const { merge, ready, scale } = await stage(subject, { replicas: 1 });
    const [old] = await ready(1);
    const image = "registry.test/main:2.0";
    await merge({ spec: { template: { spec: podSpec({ container: { image } }) } } });
    await scale(2);
    const pods = await ready(2);
    const images = pods.map((one) => at(one, "spec", "containers", 0, "image")).sort();
    assert.deepEqual(images, ["registry.test/main:1.0", image]);
    assert.ok(namesOf(pods).includes(old?.metadata.name ?? ""));
  },

  "deleted, it takes its pods along": async (subject) => {
    const { home, ready, ref } = await stage(subject, { replicas: 2 });
    await ready(2);
    await subject.cluster.delete(REPLICA_SETS, ref);
    await subject.eventually(
      "no pods",
      async () => (await podsOf(subject, home, "a")).length === 0 || undefined,
    );
  },

  "deleted as Orphan, it leaves its pods, which the next one adopts": async (subject) => {
    const { cluster } = subject;
    const { home, ready, ref } = await stage(subject, { replicas: 2 });
    const names = namesOf(await ready(2));
    await cluster.delete(REPLICA_SETS, ref, { propagationPolicy: "Orphan" });
    await gone(subject, REPLICA_SETS, ref);
    const next = await cluster.create(REPLICA_SETS, replicaSet(home, "a", { replicas: 2 }));
    const pods = await ready(2);
    assert.deepEqual(namesOf(pods), names);
    assert.deepEqual(pods.map(controllerOf), [reference(next), reference(next)]);
  },
});
