/** Laws of the scale subresource: one way to size whatever has replicas. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { at, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, deployment, replicaSet, rollout } from "../manifests.ts";
import type { Subject } from "../subject.ts";

const scale = { subresource: "scale" } as const;

async function sizes({ cluster }: Subject, type: ResourceType, namespace: string): Promise<void> {
  const ref = { namespace, name: "a" };
  const before = await cluster.get(type, ref);
  const patch = { type: "merge", body: { spec: { replicas: 5 } } } as const;
  const answer = await cluster.patch(type, ref, patch, scale);
  const after = await cluster.get(type, ref);
  assert.equal(answer.apiVersion, "autoscaling/v1");
  assert.equal(answer.kind, "Scale");
  assert.deepEqual(answer["spec"], { replicas: 5 });
  assert.equal(answer.metadata.name, "a");
  assert.equal(answer.metadata.uid, before.metadata.uid);
  assert.equal(at(after, "spec", "replicas"), 5);
  assert.equal(after.metadata.generation, Number(before.metadata.generation) + 1);
  assert.notEqual(answer.metadata.resourceVersion, before.metadata.resourceVersion);
}

export const laws = lawsOf("scale subresource", {
  "sets spec.replicas of a ReplicaSet and answers its Scale": async (subject) => {
    const home = await subject.namespace();
    await subject.cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    await sizes(subject, REPLICA_SETS, home);
  },

  "sets spec.replicas of a Deployment and answers its Scale": async (subject) => {
    const home = await subject.namespace();
    const { cluster } = subject;
    // Paused, it gets no pods.
    await cluster.create(DEPLOYMENTS, deployment(home, "a", { paused: true }));
    await sizes(subject, DEPLOYMENTS, home);
    const ref = { namespace: home, name: "a" };
    const patch = { type: "merge", body: { spec: { replicas: 2 } } } as const;
    const answer = await cluster.patch(DEPLOYMENTS, ref, patch, scale);
    assert.deepEqual(answer["status"], { replicas: 0, selector: "app=a" });
  },

  "sets spec.replicas of a Rollout and answers its Scale": async (subject) => {
    const home = await subject.namespace();
    await subject.cluster.create(ROLLOUTS, rollout(home, "a"));
    await sizes(subject, ROLLOUTS, home);
  },

  "reads size and selector where the kind keeps them": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const patch = { type: "merge", body: { spec: { replicas: 3 } } } as const;
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const body = { status: { HPAReplicas: 4, selector: "app=a" } };
    await cluster.patch(ROLLOUTS, ref, { type: "merge", body }, { subresource: "status" });
    const ofRollout = await cluster.patch(ROLLOUTS, ref, patch, scale);
    assert.deepEqual(ofRollout["status"], { replicas: 4, selector: "app=a" });
    await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const ofSet = await cluster.patch(REPLICA_SETS, ref, patch, scale);
    assert.equal(at(ofSet, "status", "selector"), "app=a");
  },

  "refuses an old resourceVersion": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const { metadata } = await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const touch = { type: "merge", body: { metadata: { labels: { a: "b" } } } } as const;
    await cluster.patch(REPLICA_SETS, ref, touch);
    const { resourceVersion } = metadata;
    const body = { metadata: { resourceVersion }, spec: { replicas: 3 } };
    const refusal = { code: 409, reason: "Conflict" };
    await refused(cluster.patch(REPLICA_SETS, ref, { type: "merge", body }, scale), refusal);
    const read = await cluster.get(REPLICA_SETS, ref);
    assert.equal(at(read, "spec", "replicas"), 0);
  },

  "refuses a negative size": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const patch = { type: "merge", body: { spec: { replicas: -1 } } } as const;
    await refused(cluster.patch(REPLICA_SETS, ref, patch, scale), {
      code: 422,
      reason: "Invalid",
      message: /spec\.replicas: Invalid value: -1: must be greater than or equal to 0/,
    });
  },

  "is unknown to kinds that have no size": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const ref = { namespace: home, name: "a" };
    const patch = { type: "merge", body: { spec: { replicas: 1 } } } as const;
    const refusal = { code: 404, reason: "NotFound" };
    await refused(cluster.patch(CONFIG_MAPS, ref, patch, scale), refusal);
  },
});
