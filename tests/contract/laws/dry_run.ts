/** Laws of dry runs: everything is checked and answered, nothing happens. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import { at, lookUp, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, replicaSet, rollout, service } from "../manifests.ts";

const dry = { dryRun: true } as const;

export const laws = lawsOf("dry run", {
  "a create answers the defaulted object and stores nothing": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const answer = await cluster.create(REPLICA_SETS, replicaSet(home, "a"), dry);
    assert.equal(at(answer, "spec", "template", "spec", "restartPolicy"), "Always");
    assert.match(answer.metadata.uid ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(answer.metadata.generation, 1);
    assert.ok(answer.metadata.creationTimestamp);
    assert.equal(answer.metadata.resourceVersion, undefined);
    assert.equal(await lookUp(subject, REPLICA_SETS, { namespace: home, name: "a" }), undefined);
  },

  "a Service's dry-run create holds no address back": async ({ cluster, namespace }) => {
    const home = await namespace();
    const answer = await cluster.create(SERVICES, service(home, "a"), dry);
    assert.equal(at(answer, "spec", "type"), "ClusterIP");
    const { items } = await cluster.list(SERVICES, { namespace: home });
    assert.deepEqual(items, []);
  },

  "a patch and an update answer the change and store nothing": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(ROLLOUTS, rollout(home, "a"));
    const patch = { type: "merge", body: { spec: { replicas: 7 } } } as const;
    const patched = await cluster.patch(ROLLOUTS, ref, patch, dry);
    assert.equal(at(patched, "spec", "replicas"), 7);
    assert.equal(patched.metadata.generation, 2);
    assert.equal(patched.metadata.resourceVersion, created.metadata.resourceVersion);
    const update = { ...created, spec: { ...(created["spec"] as object), replicas: 8 } };
    const updated = await cluster.update(ROLLOUTS, update, dry);
    assert.equal(at(updated, "spec", "replicas"), 8);
    assert.deepEqual(await cluster.get(ROLLOUTS, ref), created);
  },

  "a status patch stores nothing either": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(ROLLOUTS, rollout(home, "a"));
    const patch = { type: "merge", body: { status: { phase: "Healthy" } } } as const;
    const answer = await cluster.patch(ROLLOUTS, ref, patch, { ...dry, subresource: "status" });
    assert.deepEqual(answer["status"], { phase: "Healthy" });
    assert.deepEqual(await cluster.get(ROLLOUTS, ref), created);
  },

  "a delete leaves the object": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    await cluster.delete(CONFIG_MAPS, ref, dry);
    assert.deepEqual(await cluster.get(CONFIG_MAPS, ref), created);
  },

  "what would be refused is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    const created = await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const exists = { code: 409, reason: "AlreadyExists" };
    await refused(cluster.create(REPLICA_SETS, replicaSet(home, "a"), dry), exists);
    const invalid = { code: 422, reason: "Invalid" };
    await refused(
      cluster.create(REPLICA_SETS, replicaSet(home, "b", { replicas: -1 }), dry),
      invalid,
    );
    const stale = { ...created, metadata: { ...created.metadata, resourceVersion: "1" } };
    const conflict = { code: 409, reason: "Conflict" };
    await refused(cluster.update(REPLICA_SETS, stale, dry), conflict);
  },

  "watches see nothing of it": async ({ cluster, namespace, watch, eventually }) => {
    const home = await namespace();
    const { metadata } = await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const { resourceVersion = "" } = metadata;
    const watched = watch(CONFIG_MAPS, {
      namespace: home,
      resourceVersion,
      fieldSelector: "metadata.name!=kube-root-ca.crt",
    });
    const ref = { namespace: home, name: "a" };
    await cluster.create(CONFIG_MAPS, configMap(home, "b"), dry);
    await cluster.patch(CONFIG_MAPS, ref, { type: "merge", body: { data: { x: "y" } } }, dry);
    await cluster.delete(CONFIG_MAPS, ref, dry);
    await cluster.create(CONFIG_MAPS, configMap(home, "c"));
    const story = await eventually(
      "the real write",
      () => Promise.resolve(watched.storyUntil("ADDED c")),
    );
    assert.deepEqual(story, ["ADDED c"]);
  },
});
