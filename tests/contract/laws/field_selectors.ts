/** Laws of field selectors: few fields can be selected by, and each kind has its own. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  EVENTS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { namesOf, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, event, pod, rollout } from "../manifests.ts";

export const laws = lawsOf("field selectors", {
  "metadata.name selects one object of any kind": async ({ cluster, namespace }) => {
    const home = await namespace();
    for (const name of ["a", "b", "c"]) {
      await cluster.create(CONFIG_MAPS, configMap(home, name, { labels: { mine: "yes" } }));
      await cluster.create(ROLLOUTS, rollout(home, name));
    }
    const select = async (fieldSelector: string) => {
      const maps = await cluster.list(CONFIG_MAPS, {
        namespace: home,
        labelSelector: "mine=yes",
        fieldSelector,
      });
      const rollouts = await cluster.list(ROLLOUTS, { namespace: home, fieldSelector });
      return [namesOf(maps.items), namesOf(rollouts.items)];
    };
    assert.deepEqual(await select("metadata.name=b"), [["b"], ["b"]]);
    assert.deepEqual(await select("metadata.name==b"), [["b"], ["b"]]);
    assert.deepEqual(await select("metadata.name!=b"), [["a", "c"], ["a", "c"]]);
    assert.deepEqual(await select("metadata.name=a,metadata.name=b"), [[], []]);
  },

  "metadata.namespace selects across namespaces": async ({ cluster, namespace }) => {
    const [here, there] = [await namespace(), await namespace()];
    await cluster.create(CONFIG_MAPS, configMap(here, "a", { labels: { mine: here } }));
    await cluster.create(CONFIG_MAPS, configMap(there, "b", { labels: { mine: here } }));
    const { items } = await cluster.list(CONFIG_MAPS, {
      labelSelector: `mine=${here}`,
      fieldSelector: `metadata.namespace=${there}`,
    });
    assert.deepEqual(namesOf(items), ["b"]);
  },

  "status.phase and spec.nodeName select pods": async ({ cluster, namespace, eventually }) => {
    const home = await namespace();
    await cluster.create(PODS, pod(home, "good"));
    await cluster.create(PODS, pod(home, "bad", { container: { image: "does-not-exist:1" } }));
    const phase = async (name: string) => {
      const fieldSelector = `status.phase=${name}`;
      return namesOf((await cluster.list(PODS, { namespace: home, fieldSelector })).items);
    };
    await eventually("a running pod", async () => (await phase("Running"))[0]);
    assert.deepEqual(await phase("Running"), ["good"]);
    assert.deepEqual(await phase("Pending"), ["bad"]);
    const good = await cluster.get(PODS, { namespace: home, name: "good" });
    const { nodeName } = good["spec"] as { nodeName: string };
    const nowhere = "spec.nodeName=";
    const there = `spec.nodeName=${nodeName},metadata.name=good`;
    assert.equal(
      (await cluster.list(PODS, { namespace: home, fieldSelector: there })).items.length,
      1,
    );
    assert.equal(
      (await cluster.list(PODS, { namespace: home, fieldSelector: nowhere })).items.length,
      0,
    );
  },

  "Events are selected by what they are about": async ({ cluster, namespace }) => {
    const home = await namespace();
    const involvedObject = { kind: "Rollout", namespace: home, name: "shop", uid: "u-1" };
    const about = { involvedObject, reason: "RolloutUpdated", type: "Normal" };
    await cluster.create(EVENTS, event(home, "a", about));
    await cluster.create(
      EVENTS,
      event(home, "b", { ...about, reason: "RolloutAborted", type: "Warning" }),
    );
    await cluster.create(EVENTS, event(home, "c", { reason: "RolloutUpdated" }));
    const rows: Record<string, string[]> = {
      "involvedObject.name=shop": ["a", "b"],
      "involvedObject.kind=Rollout,reason=RolloutUpdated": ["a"],
      "involvedObject.uid=u-1,type=Warning": ["b"],
      "involvedObject.kind!=Rollout": ["c"],
      [`involvedObject.namespace=${home},reason=RolloutUpdated`]: ["a", "c"],
    };
    for (const [fieldSelector, expected] of Object.entries(rows)) {
      const { items } = await cluster.list(EVENTS, { namespace: home, fieldSelector });
      assert.deepEqual(namesOf(items), expected, fieldSelector);
    }
  },

  "a field that cannot be selected by is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    const unknown = (field: string) =>
      `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
    const rows: [ResourceType, string, string][] = [
      [REPLICA_SETS, "spec.replicas", unknown("spec.replicas")],
      [CONFIG_MAPS, "data.key", unknown("data.key")],
      [ROLLOUTS, "status.phase", "field label not supported: status.phase"],
      [PODS, "spec.x", "field label not supported: spec.x"],
      [EVENTS, "message", "field label not supported: message"],
    ];
    for (const [type, field, message] of rows) {
      await refused(cluster.list(type, { namespace: home, fieldSelector: `${field}=1` }), {
        code: 400,
        reason: "BadRequest",
        message,
      });
    }
  },

  "a malformed one is refused": async ({ cluster, namespace }) => {
    const selection = { namespace: await namespace(), fieldSelector: "metadata.name" };
    await refused(cluster.list(CONFIG_MAPS, selection), { code: 400, reason: "BadRequest" });
  },
});
