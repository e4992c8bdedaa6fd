/** Laws of the status subresource: what is wanted and what is seen are written apart. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  POD_TEMPLATES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../core/api/names/resources.ts";
import { at, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, deployment, pod, podTemplate, replicaSet, rollout } from "../manifests.ts";

const status = { subresource: "status" } as const;

export const laws = lawsOf("status subresource", {
  "a created object starts without the status that it was sent with": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const claimed = { ...rollout(home, "a"), status: { phase: "Healthy" } };
    assert.equal((await cluster.create(ROLLOUTS, claimed))["status"], undefined);
    const set = { ...replicaSet(home, "a"), status: { replicas: 7, readyReplicas: 7 } };
    assert.deepEqual((await cluster.create(REPLICA_SETS, set))["status"], { replicas: 0 });
  },

  "a write of the object leaves the status as it is": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const body = { status: { phase: "Healthy" } };
    const stored = await cluster.patch(ROLLOUTS, ref, { type: "merge", body }, status);
    const patched = await cluster.patch(ROLLOUTS, ref, {
      type: "merge",
      body: { spec: { replicas: 5 }, status: { phase: "Degraded" } },
    });
    assert.deepEqual(patched["status"], { phase: "Healthy" });
    assert.equal(at(patched, "spec", "replicas"), 5);
    const updated = await cluster.update(ROLLOUTS, {
      ...stored,
      metadata: patched.metadata,
      status: { phase: "Degraded" },
    });
    assert.deepEqual(updated["status"], { phase: "Healthy" });
    assert.equal(at(updated, "spec", "replicas"), 2);
  },

  "a status write leaves spec, labels and annotations of a Rollout as they are": async (
    { cluster, namespace },
  ) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(ROLLOUTS, rollout(home, "a"));
    const body = {
      metadata: { labels: { a: "b" }, annotations: { c: "d" } },
      spec: { replicas: 9 },
      status: { phase: "Healthy", replicas: 3 },
    };
    const written = await cluster.patch(ROLLOUTS, ref, { type: "merge", body }, status);
    assert.deepEqual(written["spec"], created["spec"]);
    assert.equal(written.metadata.labels, undefined);
    assert.equal(written.metadata.annotations, undefined);
    assert.deepEqual(written["status"], { phase: "Healthy", replicas: 3 });
  },

  "a status write leaves the spec of a ReplicaSet as it is": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const body = { spec: { replicas: 9 }, status: { observedGeneration: 55 } };
    const written = await cluster.patch(REPLICA_SETS, ref, { type: "merge", body }, status);
    assert.deepEqual(written["spec"], created["spec"]);
    assert.equal(at(written, "status", "observedGeneration"), 55);
  },

  "the parts of a Deployment's status are no more than the whole": async (subject) => {
    const { cluster } = subject;
    const home = await subject.namespace();
    const ref = { namespace: home, name: "a" };
    const claimed = { ...deployment(home, "a", { paused: true }), status: { replicas: 3 } };
    const created = await cluster.create(DEPLOYMENTS, claimed);
    assert.deepEqual(created["status"], {});
    const merge = (body: unknown) =>
      cluster.patch(DEPLOYMENTS, ref, { type: "merge", body }, status);
    const rows: [Record<string, number>, string][] = [
      [
        { readyReplicas: 4 },
        "status.readyReplicas: Invalid value: 4: cannot be greater than " +
        "status.replicas",
      ],
      [
        { replicas: 2, readyReplicas: 1, availableReplicas: 2 },
        "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas",
      ],
    ];
    for (const [counts, message] of rows) {
      await refused(merge({ status: counts }), {
        code: 422,
        reason: "Invalid",
        message: `Deployment.apps "a" is invalid: ${message}`,
      });
    }
    const written = await merge({ spec: { replicas: 9 }, status: { collisionCount: 0 } });
    assert.deepEqual(written["spec"], created["spec"]);
    assert.equal(at(written, "status", "collisionCount"), 0);
  },

  "a status update replaces the whole status": async ({ cluster, namespace }) => {
    const home = await namespace();
    const created = await cluster.create(ROLLOUTS, rollout(home, "a"));
    const first = await cluster.update(
      ROLLOUTS,
      { ...created, status: { phase: "Progressing", message: "more" } },
      status,
    );
    const second = await cluster.update(
      ROLLOUTS,
      { ...first, status: { phase: "Paused" } },
      status,
    );
    assert.deepEqual(second["status"], { phase: "Paused" });
    assert.equal(second.metadata.generation, 1);
  },

  "a JSON patch of the status creates it": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const body = [{ op: "add", path: "/status", value: { phase: "Healthy" } }];
    const ref = { namespace: home, name: "a" };
    const written = await cluster.patch(ROLLOUTS, ref, { type: "json", body }, status);
    assert.deepEqual(written["status"], { phase: "Healthy" });
  },

  "conditions of a pod are merged by type": async ({ cluster, namespace, eventually }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(PODS, pod(home, "a"));
    const conditionsOf = (object: unknown) => at(object, "status", "conditions") as unknown[];
    const present = await eventually("a ready pod", async () => {
      const read = await cluster.get(PODS, ref);
      const isReady = conditionsOf(read)?.some((one) =>
        at(one, "type") === "Ready" && at(one, "status") === "True"
      );
      return isReady ? read : undefined;
    });
    const body = { status: { conditions: [{ type: "example.test/gate", status: "True" }] } };
    const written = await cluster.patch(PODS, ref, { type: "strategic", body }, status);
    const types = (object: unknown) => conditionsOf(object).map((one) => at(one, "type")).sort();
    assert.deepEqual(types(written), [...types(present), "example.test/gate"].sort());
  },

  "kinds without it, and absent objects, answer 404": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const patch = { type: "merge", body: { status: {} } } as const;
    await refused(cluster.patch(CONFIG_MAPS, { namespace: home, name: "a" }, patch, status), {
      code: 404,
      reason: "NotFound",
      message: "the server could not find the requested resource",
    });
    await cluster.create(POD_TEMPLATES, podTemplate(home, "a"));
    await refused(cluster.patch(POD_TEMPLATES, { namespace: home, name: "a" }, patch, status), {
      code: 404,
      reason: "NotFound",
    });
    await refused(cluster.patch(ROLLOUTS, { namespace: home, name: "b" }, patch, status), {
      code: 404,
      reason: "NotFound",
      message: 'rollouts.argoproj.io "b" not found',
    });
  },
});
