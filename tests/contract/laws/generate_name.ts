/** Laws of generateName. */
import assert from "node:assert/strict";
import { CONFIG_MAPS, EVENTS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import type { KubeObject, ObjectMeta } from "../../../sdk/api/object.ts";
import { refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, event, rollout } from "../manifests.ts";

/** The object with a prefix in place of its name. */
function unnamed(object: KubeObject, generateName?: string): KubeObject {
  const { name: _name, ...metadata } = object.metadata;
  const named = generateName === undefined ? metadata : { ...metadata, generateName };
  return { ...object, metadata: named as ObjectMeta };
}

const suffix = "[bcdfghjklmnpqrstvwxz2456789]{5}";

export const laws = lawsOf("generateName", {
  "the server adds five characters that form no words": async ({ cluster, namespace }) => {
    const home = await namespace();
    const rows = [
      [CONFIG_MAPS, configMap(home, "x")],
      [EVENTS, event(home, "x")],
      [ROLLOUTS, rollout(home, "x")],
    ] as const;
    for (const [type, object] of rows) {
      const created = await cluster.create(type, unnamed(object, "made-"));
      assert.match(created.metadata.name, new RegExp(`^made-${suffix}$`));
      assert.equal(created.metadata.generateName, "made-");
      const { name } = created.metadata;
      assert.deepEqual(await cluster.get(type, { namespace: home, name }), created);
    }
  },

  "each call gives another name": async ({ cluster, namespace }) => {
    const home = await namespace();
    const names = new Set<string>();
    for (let made = 0; made < 10; made++) {
      const object = unnamed(configMap(home, "x"), "made-");
      names.add((await cluster.create(CONFIG_MAPS, object)).metadata.name);
    }
    assert.equal(names.size, 10);
  },

  "a name given as well wins": async ({ cluster, namespace }) => {
    const home = await namespace();
    const object = configMap(home, "given", { generateName: "made-" });
    const { metadata } = await cluster.create(CONFIG_MAPS, object);
    assert.equal(metadata.name, "given");
    assert.equal(metadata.generateName, "made-");
  },

  "a long prefix is cut so that the name fits": async ({ cluster, namespace }) => {
    const home = await namespace();
    const object = unnamed(configMap(home, "x"), "p".repeat(70));
    const { metadata } = await cluster.create(CONFIG_MAPS, object);
    assert.match(metadata.name, new RegExp(`^p{58}${suffix}$`));
  },

  "an object with neither is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    await refused(cluster.create(CONFIG_MAPS, unnamed(configMap(home, "x"))), {
      code: 422,
      reason: "Invalid",
      message:
        'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    });
  },
});
