/** Laws of the Deployment controller: what it makes, owns and tells. */
import assert from "node:assert/strict";
import { DEPLOYMENTS, REPLICA_SETS } from "../../../core/api/names/resources.ts";
import {
  countsOf,
  findingsOf,
  FIRST,
  REVISION,
  SECOND,
  stage,
  template,
} from "../deployment_stage.ts";
import { at, gone } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { deployment, labelsOf } from "../manifests.ts";
import { conditionOf } from "../workload.ts";

const HASH = "pod-template-hash";

export const laws = lawsOf("Deployment controller", {
  "makes a ReplicaSet of its template, which makes the pods": async (subject) => {
    const { done, sets, pods, made } = await stage(subject, { replicas: 2 });
    await done();
    const [set, ...others] = await sets();
    assert.ok(set);
    assert.deepEqual(others, []);
    const hash = set.metadata.labels?.[HASH] ?? "";
    assert.match(hash, /^[a-z0-9]{1,10}$/);
    assert.equal(set.metadata.name, `a-${hash}`);
    assert.deepEqual(set.metadata.ownerReferences, [{
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "a",
      uid: made.metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    }]);
    const labels = { ...labelsOf("a"), [HASH]: hash };
    assert.deepEqual(set.metadata.labels, labels);
    assert.deepEqual(at(set, "spec", "selector"), { matchLabels: labels });
    assert.deepEqual(at(set, "spec", "template", "metadata"), { labels });
    assert.deepEqual(at(set, "spec", "template", "spec"), at(made, "spec", "template", "spec"));
    for (const { metadata } of await pods()) {
      assert.deepEqual(metadata.labels, labels);
      assert.equal(metadata.ownerReferences?.[0]?.uid, set.metadata.uid);
    }
  },

  "counts its pods, and says that it is available and has progressed": async (subject) => {
    const { done, sets } = await stage(subject, { replicas: 2 });
    const read = await done();
    assert.deepEqual(countsOf(read), {
      availableReplicas: 2,
      observedGeneration: 1,
      readyReplicas: 2,
      replicas: 2,
      terminatingReplicas: 0,
      updatedReplicas: 2,
    });
    const name = (await sets())[0]?.metadata.name;
    assert.deepEqual(findingsOf(read), {
      Available: ["True", "MinimumReplicasAvailable", "Deployment has minimum availability."],
      Progressing: [
        "True",
        "NewReplicaSetAvailable",
        `ReplicaSet "${name}" has successfully progressed.`,
      ],
    });
  },

  "writes revision, sizes and annotations on its ReplicaSet": async (subject) => {
    const applied = "kubectl.kubernetes.io/last-applied-configuration";
    const annotations = { team: "a", [applied]: "{}" };
    const { done, sets, merge, set } = await stage(subject, { replicas: 2 }, { annotations });
    const read = await done();
    assert.equal(read.metadata.generation, 1);
    assert.deepEqual(read.metadata.annotations, { ...annotations, [REVISION]: "1" });
    assert.deepEqual((await sets())[0]?.metadata.annotations, {
      team: "a",
      "deployment.kubernetes.io/desired-replicas": "2",
      "deployment.kubernetes.io/max-replicas": "3",
      [REVISION]: "1",
    });
    await merge({ metadata: { annotations: { team: "b" } } });
    await subject.eventually(
      "the other team",
      async () => (await set(FIRST))?.metadata.annotations?.["team"] === "b" || undefined,
    );
  },

  "scaled to 0 and back, it keeps its ReplicaSet": async (subject) => {
    const { done, scale, sets, pods } = await stage(subject, { replicas: 2 });
    await done();
    const [before] = await sets();
    await scale(0);
    const empty = await done();
    assert.deepEqual(countsOf(empty), { observedGeneration: 2, terminatingReplicas: 0 });
    assert.deepEqual(await pods(), []);
    await scale(3);
    const full = await done();
    assert.equal((await pods()).length, 3);
    assert.equal(full.metadata.generation, 3);
    const [after, ...others] = await sets();
    assert.equal(after?.metadata.uid, before?.metadata.uid);
    assert.deepEqual(others, []);
    assert.equal(after?.metadata.annotations?.["deployment.kubernetes.io/max-replicas"], "4");
  },

  "its pods count as available only after minReadySeconds": async (subject) => {
    const { set, until, merge } = await stage(subject, { replicas: 1, minReadySeconds: 8 });
    const ready = await until("a ready pod", ({ status }) => at(status, "readyReplicas") === 1);
    assert.equal(at(ready, "status", "availableReplicas"), undefined);
    assert.equal(conditionOf(ready, "Available"), "False");
    assert.equal(at(await set(FIRST), "spec", "minReadySeconds"), 8);
    await until("an available pod", ({ status }) => at(status, "availableReplicas") === 1);
    await merge({ spec: { minReadySeconds: 2 } });
    await subject.eventually(
      "the other number",
      async () => at(await set(FIRST), "spec", "minReadySeconds") === 2 || undefined,
    );
  },

  "brings a ReplicaSet back to its size, and makes one anew that is deleted": async (subject) => {
    const { cluster } = subject;
    const { done, rests, set, home } = await stage(subject, { replicas: 2 });
    await done();
    const before = await set(FIRST);
    const ref = { namespace: home, name: before?.metadata.name ?? "" };
    await cluster.patch(REPLICA_SETS, ref, { type: "merge", body: { spec: { replicas: 5 } } });
    await rests({ [FIRST]: 2 });
    await cluster.delete(REPLICA_SETS, ref);
    const next = await subject.eventually("another set", async () => {
      const found = await set(FIRST);
      return found !== undefined && found.metadata.uid !== before?.metadata.uid ? found : undefined;
    });
    assert.equal(next.metadata.name, ref.name);
    await done();
  },

  "deleted, it takes its ReplicaSets and pods along": async (subject) => {
    const { done, setImage, ref, sets, pods } = await stage(subject, { replicas: 2 });
    await done();
    await setImage(SECOND);
    await done();
    await subject.cluster.delete(DEPLOYMENTS, ref);
    await gone(subject, DEPLOYMENTS, ref);
    await subject.eventually(
      "no sets and no pods",
      async () => [...await sets(), ...await pods()].length === 0 || undefined,
    );
  },

  "deleted as Orphan, it leaves its ReplicaSet, which the next one takes": async (subject) => {
    const { cluster } = subject;
    const { done, ref, home, pods, set } = await stage(subject, { replicas: 2 });
    await done();
    const before = await set(FIRST);
    const names = (await pods()).map(({ metadata }) => metadata.name);
    await cluster.delete(DEPLOYMENTS, ref, { propagationPolicy: "Orphan" });
    await gone(subject, DEPLOYMENTS, ref);
    const orphan = await set(FIRST);
    assert.equal(orphan?.metadata.ownerReferences, undefined);
    const next = await cluster.create(
      DEPLOYMENTS,
      deployment(home, "b", {
        replicas: 2,
        selector: { matchLabels: labelsOf("a") },
        template: template(FIRST),
      }),
    );
    const taken = await subject.eventually("another owner", async () => {
      const found = await set(FIRST);
      return found?.metadata.ownerReferences === undefined ? undefined : found;
    });
    assert.equal(taken.metadata.uid, before?.metadata.uid);
    assert.equal(taken.metadata.ownerReferences?.[0]?.uid, next.metadata.uid);
    assert.deepEqual((await pods()).map(({ metadata }) => metadata.name), names);
  },

  "takes another name for its ReplicaSet when one is taken": async (subject) => {
    const { cluster } = subject;
    const { done, ref, home, set, until } = await stage(subject, { replicas: 0 });
    await done();
    const name = (await set(FIRST))?.metadata.name ?? "";
    await cluster.delete(DEPLOYMENTS, ref, { propagationPolicy: "Orphan" });
    await gone(subject, DEPLOYMENTS, ref);
    // With labels that nobody selects, it stays where it is, and is in the way.
    const body = { metadata: { labels: { app: "other" } } };
    await cluster.patch(REPLICA_SETS, { namespace: home, name }, { type: "merge", body });
    await cluster.create(DEPLOYMENTS, deployment(home, "a"));
    await until("a collision", ({ status }) => at(status, "collisionCount") === 1);
    const mine = await subject.eventually("another set", async () => {
      const { items } = await cluster.list(REPLICA_SETS, { namespace: home });
      return items.find(({ metadata }) => metadata.name !== name);
    });
    assert.match(mine.metadata.name, /^a-[a-z0-9]{1,10}$/);
  },
});
