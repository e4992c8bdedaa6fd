/** Laws of `metadata.resourceVersion`: how writes and lists are ordered. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import { refused, versionOf } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, replicaSet, rollout, service } from "../manifests.ts";

export const laws = lawsOf("resourceVersion", {
  "every write gives the object a newer one": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const labelled = { metadata: { labels: { tier: "front" } } };
    const patched = await cluster.patch(REPLICA_SETS, ref, { type: "merge", body: labelled });
    const status = await cluster.patch(
      REPLICA_SETS,
      ref,
      { type: "merge", body: { status: { observedGeneration: 77 } } },
      { subresource: "status" },
    );
    assert.match(created.metadata.resourceVersion ?? "", /^[1-9][0-9]*$/);
    assert.ok(versionOf(patched) > versionOf(created));
    assert.ok(versionOf(status) > versionOf(patched));
  },

  "one order goes across kinds": async ({ cluster, namespace }) => {
    const home = await namespace();
    const first = await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const second = await cluster.create(REPLICA_SETS, replicaSet(home, "b"));
    const third = await cluster.create(CONFIG_MAPS, configMap(home, "c"));
    assert.ok(versionOf(first) < versionOf(second));
    assert.ok(versionOf(second) < versionOf(third));
  },

  "a list carries one that is at least that of everything written before": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const inside = await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const outside = await cluster.create(CONFIG_MAPS, configMap(await namespace(), "b"));
    const list = await cluster.list(CONFIG_MAPS, {
      namespace: home,
      fieldSelector: "metadata.name=a",
    });
    assert.deepEqual(list.items.map((item) => item.metadata.resourceVersion), [
      inside.metadata.resourceVersion,
    ]);
    assert.ok(Number(list.resourceVersion) >= versionOf(outside));
  },

  "a list is ordered by name, and each item says its kind": async ({ cluster, namespace }) => {
    const home = await namespace();
    for (const name of ["b", "a.b", "a-b", "c", "a"]) {
      await cluster.create(ROLLOUTS, rollout(home, name));
      await cluster.create(SERVICES, service(home, name.replace(".", "-x-")));
    }
    const rollouts = await cluster.list(ROLLOUTS, { namespace: home });
    const names = rollouts.items.map(({ metadata }) => metadata.name);
    assert.deepEqual(names, ["a", "a-b", "a.b", "b", "c"]);
    const { items } = await cluster.list(SERVICES, { namespace: home });
    const kinds = items.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
    assert.deepEqual(new Set(kinds), new Set(["v1 Service"]));
    for (const item of items) {
      const { name } = item.metadata;
      assert.deepEqual(await cluster.get(SERVICES, { namespace: home, name }), item);
    }
  },

  "an object keeps its own while others change": async ({ cluster, namespace }) => {
    const home = await namespace();
    const created = await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    await cluster.create(CONFIG_MAPS, configMap(home, "b"));
    const read = await cluster.get(CONFIG_MAPS, { namespace: home, name: "a" });
    assert.deepEqual(read, created);
  },

  "an object to be created must not carry one": async ({ cluster, namespace }) => {
    const home = await namespace();
    await refused(cluster.create(CONFIG_MAPS, configMap(home, "a", { resourceVersion: "5" })), {
      code: 500,
      reason: "InternalError",
      message: "resourceVersion should not be set on objects to be created",
    });
  },
});
