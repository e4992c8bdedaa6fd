/** Laws of `metadata.generation`: it counts the changes of what is wanted. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  EVENTS,
  NAMESPACES,
  POD_TEMPLATES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { lawsOf } from "../law.ts";
import {
  configMap,
  deployment,
  event,
  pod,
  podTemplate,
  replicaSet,
  rollout,
  service,
} from "../manifests.ts";
import type { Subject } from "../subject.ts";

async function countsSpecChanges(
  { cluster, namespace }: Subject,
  type: ResourceType,
  make: (namespace: string, name: string) => KubeObject,
): Promise<void> {
  const home = await namespace();
  const ref = { namespace: home, name: "a" };
  const merge = async (body: unknown, subresource?: "status") => {
    const options = subresource === undefined ? {} : { subresource };
    const answer = await cluster.patch(type, ref, { type: "merge", body }, options);
    return answer.metadata.generation;
  };
  const created = await cluster.create(type, make(home, "a"));
  assert.equal(created.metadata.generation, 1);
  assert.equal(await merge({ metadata: { labels: { a: "b" }, annotations: { c: "d" } } }), 1);
  assert.equal(await merge({ spec: { replicas: 0, minReadySeconds: 1 } }), 2);
  assert.equal(await merge({ status: { replicas: 3 } }, "status"), 2);
  assert.equal(await merge({ spec: { minReadySeconds: 1 } }), 2);
  assert.equal(await merge({ spec: { minReadySeconds: 2 } }), 3);
}

export const laws = lawsOf("generation", {
  "of a ReplicaSet changes with its spec alone": (subject) =>
    countsSpecChanges(subject, REPLICA_SETS, replicaSet),

  "of a Rollout changes with its spec alone": (subject) =>
    countsSpecChanges(subject, ROLLOUTS, (namespace, name) => {
      return rollout(namespace, name, { replicas: 0 });
    }),

  "of a Deployment changes with its spec and its annotations": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(DEPLOYMENTS, deployment(home, "a"));
    const merge = async (body: unknown, subresource?: "status" | "scale") => {
      const options = subresource === undefined ? {} : { subresource };
      await cluster.patch(DEPLOYMENTS, ref, { type: "merge", body }, options);
      return (await cluster.get(DEPLOYMENTS, ref)).metadata.generation;
    };
    assert.equal(await merge({ metadata: { labels: { a: "b" } } }), 1);
    assert.equal(await merge({ metadata: { annotations: { c: "d" } } }), 2);
    assert.equal(await merge({ spec: { minReadySeconds: 1 } }), 3);
    assert.equal(await merge({ spec: { replicas: 1 } }, "scale"), 4);
    assert.equal(await merge({ metadata: { annotations: { c: "e" } }, status: {} }, "status"), 4);
    assert.equal((await cluster.get(DEPLOYMENTS, ref)).metadata.annotations?.["c"], "e");
  },

  "of a PodTemplate changes with its template": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const merge = async (body: unknown) =>
      (await cluster.patch(POD_TEMPLATES, ref, { type: "merge", body })).metadata.generation;
    const created = await cluster.create(POD_TEMPLATES, podTemplate(home, "a"));
    assert.equal(created.metadata.generation, 1);
    assert.equal(await merge({ metadata: { labels: { a: "b" }, annotations: { c: "d" } } }), 1);
    assert.equal(await merge({ template: { metadata: { labels: { c: "d" } } } }), 2);
    assert.equal(await merge({ template: { metadata: { labels: { c: "d" } } } }), 2);
  },

  "of a pod starts at 1 and changes with its spec": async ({ cluster, namespace, eventually }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(PODS, pod(home, "a"));
    assert.equal(created.metadata.generation, 1);
    await eventually("a running pod", async () => {
      const read = await cluster.get(PODS, ref);
      return (read["status"] as { phase?: string }).phase === "Running" ? read : undefined;
    });
    assert.equal((await cluster.get(PODS, ref)).metadata.generation, 1);
    const image = [{ op: "replace", path: "/spec/containers/0/image", value: "registry.test/b:2" }];
    const changed = await cluster.patch(PODS, ref, { type: "json", body: image });
    assert.equal(changed.metadata.generation, 2);
  },

  "is absent on kinds that have no spec to observe": async ({ cluster, namespace }) => {
    const home = await namespace();
    const made = [
      await cluster.create(CONFIG_MAPS, configMap(home, "a")),
      await cluster.create(EVENTS, event(home, "a")),
      await cluster.create(SERVICES, service(home, "a")),
      await cluster.get(NAMESPACES, { name: home }),
    ];
    const generations = made.map(({ kind, metadata }) => [kind, metadata.generation]);
    assert.deepEqual(generations, [
      ["ConfigMap", undefined],
      ["Event", undefined],
      ["Service", undefined],
      ["Namespace", undefined],
    ]);
  },

  "is the server's to set": async ({ cluster, namespace }) => {
    const home = await namespace();
    for (
      const [type, wanted] of [
        [REPLICA_SETS, replicaSet(home, "a")],
        [ROLLOUTS, rollout(home, "a")],
      ] as const
    ) {
      const claimed = { ...wanted, metadata: { ...wanted.metadata, generation: 40 } };
      const created = await cluster.create(type, claimed);
      assert.equal(created.metadata.generation, 1);
      const ref = { namespace: home, name: "a" };
      const body = { metadata: { generation: 50, labels: { a: "b" } } };
      const patched = await cluster.patch(type, ref, { type: "merge", body });
      assert.equal(patched.metadata.generation, 1);
    }
  },
});
