/** Laws of writes that change nothing: they leave no trace. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { Patch } from "../../../sdk/wire/write.ts";
import type { WriteOptions } from "../../../core/ports/mod.ts";
import { lawsOf } from "../law.ts";
import { configMap, replicaSet, rollout, service } from "../manifests.ts";
import type { Subject } from "../subject.ts";

/** Patches an object that already is so: neither its version moves nor does a watch see it. */
async function unseen(
  { cluster, watch, eventually }: Subject,
  where: { type: ResourceType; namespace: string; name: string },
  writes: readonly { patch: Patch; options?: WriteOptions }[],
): Promise<void> {
  const { type, namespace, name } = where;
  const before = await cluster.get(type, { namespace, name });
  const resourceVersion = before.metadata.resourceVersion ?? "";
  const fieldSelector = `metadata.name=${name}`;
  const watched = watch(type, { namespace, resourceVersion, fieldSelector });
  for (const { patch, options } of writes) {
    const answer = await cluster.patch(type, { namespace, name }, patch, options);
    assert.equal(answer.metadata.resourceVersion, resourceVersion, JSON.stringify(patch));
  }
  assert.deepEqual(await cluster.update(type, before), before);
  const marker = { type: "merge", body: { metadata: { annotations: { seen: "yes" } } } } as const;
  const marked = await cluster.patch(type, { namespace, name }, marker);
  const events = await eventually(
    "the write that changes something",
    () => Promise.resolve(watched.events.length > 0 ? watched.events : undefined),
  );
  assert.equal(events[0]?.object.metadata.resourceVersion, marked.metadata.resourceVersion);
}

export const laws = lawsOf("no-op writes", {
  "a Rollout that already is so keeps its resourceVersion": async (subject) => {
    const namespace = await subject.namespace();
    await subject.cluster.create(ROLLOUTS, rollout(namespace, "a"));
    const status = { type: "merge", body: { status: { phase: "Paused" } } } as const;
    const options = { subresource: "status" } as const;
    await subject.cluster.patch(ROLLOUTS, { namespace, name: "a" }, status, options);
    await unseen(subject, { type: ROLLOUTS, namespace, name: "a" }, [
      { patch: { type: "merge", body: {} } },
      { patch: { type: "merge", body: { spec: { replicas: 2, paused: null } } } },
      { patch: { type: "json", body: [{ op: "replace", path: "/spec/replicas", value: 2 }] } },
      { patch: status, options },
      { patch: { type: "merge", body: { spec: { replicas: 8 } } }, options },
      { patch: { type: "merge", body: { status: { phase: "Healthy" } } } },
    ]);
  },

  "a ReplicaSet that already is so keeps its resourceVersion": async (subject) => {
    const { cluster } = subject;
    const namespace = await subject.namespace();
    await cluster.create(REPLICA_SETS, replicaSet(namespace, "a"));
    await subject.eventually("its controller", async () => {
      const { status } = await cluster.get(REPLICA_SETS, { namespace, name: "a" });
      return (status as { observedGeneration?: number }).observedGeneration;
    });
    const template = { spec: { containers: [{ name: "main", image: "registry.test/main:1.0" }] } };
    await unseen(subject, { type: REPLICA_SETS, namespace, name: "a" }, [
      { patch: { type: "strategic", body: { spec: { template, replicas: 0 } } } },
      { patch: { type: "merge", body: { spec: { template: { spec: { nodeSelector: {} } } } } } },
      { patch: { type: "merge", body: { status: { replicas: 5 } } } },
    ]);
  },

  // The real server may note a new manager of the field, so that the resourceVersion can move.
  "a scale write of the present size changes neither spec nor generation": async (subject) => {
    const { cluster } = subject;
    const namespace = await subject.namespace();
    const ref = { namespace, name: "a" };
    const options = { subresource: "scale" } as const;
    for (
      const [type, wanted] of [
        [REPLICA_SETS, replicaSet(namespace, "a")],
        [ROLLOUTS, rollout(namespace, "a")],
      ] as const
    ) {
      const { spec, metadata } = await cluster.create(type, wanted);
      const { replicas } = spec as { replicas: number };
      await cluster.patch(type, ref, { type: "merge", body: { spec: { replicas } } }, options);
      const read = await cluster.get(type, ref);
      assert.deepEqual(read["spec"], spec);
      assert.equal(read.metadata.generation, metadata.generation);
    }
  },

  "a Service or a config map that already is so keeps its resourceVersion": async (subject) => {
    const namespace = await subject.namespace();
    await subject.cluster.create(SERVICES, service(namespace, "a"));
    await subject.cluster.create(CONFIG_MAPS, configMap(namespace, "a"));
    await unseen(subject, { type: SERVICES, namespace, name: "a" }, [
      { patch: { type: "merge", body: { spec: { selector: { app: "a" } } } } },
      { patch: { type: "strategic", body: { spec: { ports: [{ port: 80 }] } } } },
    ]);
    await unseen(subject, { type: CONFIG_MAPS, namespace, name: "a" }, [
      { patch: { type: "merge", body: { metadata: { labels: {}, annotations: null } } } },
      { patch: { type: "merge", body: { data: { key: "one" } } } },
    ]);
  },
});
