/** Laws of strategic merge patches, which know the lists of built-in kinds. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  POD_TEMPLATES,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import type { KubeObject, OwnerReference } from "../../../sdk/api/object.ts";
import { at, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, deployment, podTemplate, replicaSet, rollout, service } from "../manifests.ts";
import type { Subject } from "../subject.ts";

const containers = [
  {
    name: "main",
    image: "registry.test/main:1.0",
    env: [{ name: "A", value: "1" }, { name: "B", value: "2" }],
    ports: [{ containerPort: 80 }, { containerPort: 81, name: "admin" }],
  },
  { name: "side", image: "registry.test/side:1.0" },
];

/** The containers of a ReplicaSet's template after a strategic patch of its pod spec. */
async function patchedContainers(subject: Subject, spec: unknown): Promise<unknown[]> {
  const home = await subject.namespace();
  await subject.cluster.create(REPLICA_SETS, replicaSet(home, "a", { spec: { containers } }));
  const answer = await subject.cluster.patch(REPLICA_SETS, { namespace: home, name: "a" }, {
    type: "strategic",
    body: { spec: { template: { spec } } },
  });
  return at(answer, "spec", "template", "spec", "containers") as unknown[];
}

function named(list: unknown, key = "name"): unknown[] {
  return (list as unknown[]).map((entry) => at(entry, key));
}

function ownedBy({ metadata }: KubeObject): OwnerReference {
  return { apiVersion: "v1", kind: "ConfigMap", name: metadata.name, uid: metadata.uid ?? "" };
}

export const laws = lawsOf("strategic merge patch", {
  "containers and their environment are merged by name": async (subject) => {
    const env = [{ name: "B", value: "3" }, { name: "C", value: "4" }];
    const [main, side, ...rest] = await patchedContainers(subject, {
      containers: [{ name: "main", env }],
    });
    assert.deepEqual(rest, []);
    assert.equal(at(main, "image"), "registry.test/main:1.0");
    assert.deepEqual(at(main, "env"), [
      { name: "A", value: "1" },
      { name: "B", value: "3" },
      { name: "C", value: "4" },
    ]);
    assert.equal(at(side, "name"), "side");
  },

  "the templates of Deployments and PodTemplates are merged alike": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(DEPLOYMENTS, deployment(home, "a"));
    await cluster.create(POD_TEMPLATES, podTemplate(home, "a"));
    const side = { name: "side", image: "registry.test/side:1.0" };
    const template = { spec: { containers: [side] } };
    const patch = (body: unknown) => ({ type: "strategic", body }) as const;
    const deployed = await cluster.patch(DEPLOYMENTS, ref, patch({ spec: { template } }));
    const stored = await cluster.patch(POD_TEMPLATES, ref, patch({ template }));
    for (const found of [at(deployed, "spec", "template"), at(stored, "template")]) {
      assert.deepEqual(named(at(found, "spec", "containers")), ["side", "main"]);
    }
  },

  "the strategy of a Deployment is exchanged by naming what is kept": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(DEPLOYMENTS, deployment(home, "a"));
    const patch = (strategy: unknown) =>
      cluster.patch(DEPLOYMENTS, ref, { type: "strategic", body: { spec: { strategy } } });
    await refused(patch({ type: "Recreate" }), {
      code: 422,
      reason: "Invalid",
      message: /spec\.strategy\.rollingUpdate: Forbidden/,
    });
    const changed = await patch({ $retainKeys: ["type"], type: "Recreate" });
    assert.deepEqual(at(changed, "spec", "strategy"), { type: "Recreate" });
  },

  "container ports are merged by number": async (subject) => {
    const ports = [{ containerPort: 81, name: "control" }];
    const [main] = await patchedContainers(subject, { containers: [{ name: "main", ports }] });
    assert.deepEqual(at(main, "ports"), [
      { containerPort: 80, protocol: "TCP" },
      { containerPort: 81, name: "control", protocol: "TCP" },
    ]);
  },

  "$patch: delete removes an entry of a list": async (subject) => {
    const left = await patchedContainers(subject, {
      containers: [{ name: "side", $patch: "delete" }],
    });
    assert.deepEqual(named(left), ["main"]);
  },

  "$patch: replace replaces a list": async (subject) => {
    const left = await patchedContainers(subject, {
      containers: [{ name: "new", image: "registry.test/new:1" }, { $patch: "replace" }],
    });
    assert.deepEqual(named(left), ["new"]);
  },

  "$patch: replace and delete take hold of maps, too": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const labels = { one: "1", two: "2" };
    const selector = { app: "a", hash: "1" };
    const object = service(home, "a", { selector });
    await cluster.create(SERVICES, { ...object, metadata: { ...object.metadata, labels } });
    const answer = await cluster.patch(SERVICES, ref, {
      type: "strategic",
      body: {
        metadata: { labels: { $patch: "delete" } },
        spec: { selector: { $patch: "replace", hash: "2" } },
      },
    });
    assert.equal(answer.metadata.labels, undefined);
    assert.deepEqual(at(answer, "spec", "selector"), { hash: "2" });
  },

  "$deleteFromPrimitiveList takes entries out of a set": async ({ cluster, namespace }) => {
    const home = await namespace();
    const finalizers = ["example.test/one", "example.test/two"];
    await cluster.create(CONFIG_MAPS, configMap(home, "a", { finalizers }));
    const body = { metadata: { "$deleteFromPrimitiveList/finalizers": ["example.test/one"] } };
    const ref = { namespace: home, name: "a" };
    const answer = await cluster.patch(CONFIG_MAPS, ref, { type: "strategic", body });
    assert.deepEqual(answer.metadata.finalizers, ["example.test/two"]);
  },

  "maps are merged and null removes a field": async ({ cluster, namespace }) => {
    const home = await namespace();
    const selector = { app: "a", hash: "1" };
    await cluster.create(SERVICES, service(home, "a", { selector }));
    const answer = await cluster.patch(SERVICES, { namespace: home, name: "a" }, {
      type: "strategic",
      body: {
        metadata: { annotations: { a: "1" }, labels: { none: null } },
        spec: { selector: { hash: "2", app: null } },
      },
    });
    assert.deepEqual(at(answer, "spec", "selector"), { hash: "2" });
    assert.deepEqual(answer.metadata.annotations, { a: "1" });
  },

  "ports of a Service are merged by port": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ports = [{ name: "web", port: 80 }, { name: "admin", port: 81 }];
    await cluster.create(SERVICES, service(home, "a", { ports }));
    const answer = await cluster.patch(SERVICES, { namespace: home, name: "a" }, {
      type: "strategic",
      body: { spec: { ports: [{ port: 81, targetPort: 9000 }] } },
    });
    assert.deepEqual(at(answer, "spec", "ports"), [
      { name: "web", port: 80, protocol: "TCP", targetPort: 80 },
      { name: "admin", port: 81, protocol: "TCP", targetPort: 9000 },
    ]);
  },

  "owner references are merged by uid, finalizers as a set": async ({ cluster, namespace }) => {
    const home = await namespace();
    const self = await cluster.create(CONFIG_MAPS, configMap(home, "owner"));
    const other = await cluster.create(CONFIG_MAPS, configMap(home, "other"));
    const references = [self, other].map(ownedBy);
    const ref = { namespace: home, name: "a" };
    const created = configMap(home, "a", {
      ownerReferences: references.slice(0, 1),
      finalizers: ["example.test/one"],
    });
    await cluster.create(CONFIG_MAPS, created);
    const body = {
      metadata: {
        ownerReferences: [{ ...references[0], controller: true }, references[1]],
        finalizers: ["example.test/two"],
      },
    };
    const merged = await cluster.patch(CONFIG_MAPS, ref, { type: "strategic", body });
    const uids = named(merged.metadata.ownerReferences, "uid").sort();
    assert.deepEqual(uids, named(references, "uid").sort());
    assert.deepEqual(merged.metadata.finalizers?.toSorted(), [
      "example.test/one",
      "example.test/two",
    ]);
    const { uid } = self.metadata;
    const release = { metadata: { ownerReferences: [{ $patch: "delete", uid }] } };
    const released = await cluster.patch(CONFIG_MAPS, ref, { type: "strategic", body: release });
    assert.deepEqual(named(released.metadata.ownerReferences), ["other"]);
  },

  "custom kinds do not take it": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const patch = { type: "strategic", body: { spec: { paused: true } } } as const;
    await refused(cluster.patch(ROLLOUTS, { namespace: home, name: "a" }, patch), {
      code: 415,
      reason: "UnsupportedMediaType",
      message: "the body of the request was in an unknown format - accepted media types include: " +
        "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
    });
  },
});
