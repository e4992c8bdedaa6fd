/** Laws of JSON patches (RFC 6902). */
import assert from "node:assert/strict";
import { CONFIG_MAPS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { at, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, rollout } from "../manifests.ts";

export const laws = lawsOf("JSON patch", {
  "add, replace and remove take hold in order": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const body = [
      { op: "add", path: "/spec/paused", value: true },
      { op: "replace", path: "/spec/replicas", value: 4 },
      { op: "add", path: "/spec/strategy/canary/steps/0", value: { setWeight: 5 } },
      { op: "add", path: "/spec/strategy/canary/steps/-", value: { pause: {} } },
      { op: "remove", path: "/spec/paused" },
    ];
    const ref = { namespace: home, name: "a" };
    const answer = await cluster.patch(ROLLOUTS, ref, { type: "json", body });
    assert.equal(at(answer, "spec", "paused"), undefined);
    assert.equal(at(answer, "spec", "replicas"), 4);
    assert.deepEqual(at(answer, "spec", "strategy", "canary", "steps"), [
      { setWeight: 5 },
      { setWeight: 20 },
      { pause: {} },
    ]);
  },

  "move and copy carry values from one place to another": async ({ cluster, namespace }) => {
    const home = await namespace();
    const labels = { one: "1", two: "2" };
    const object = rollout(home, "a");
    await cluster.create(ROLLOUTS, { ...object, metadata: { ...object.metadata, labels } });
    const body = [
      { op: "move", from: "/metadata/labels/one", path: "/metadata/labels/three" },
      { op: "copy", from: "/metadata/labels/two", path: "/metadata/labels/four" },
      { op: "copy", from: "/spec/strategy/canary/steps/0", path: "/spec/strategy/canary/steps/-" },
      { op: "replace", path: "/spec/strategy/canary/steps/1/setWeight", value: 60 },
    ];
    const ref = { namespace: home, name: "a" };
    const answer = await cluster.patch(ROLLOUTS, ref, { type: "json", body });
    assert.deepEqual(answer.metadata.labels, { two: "2", three: "1", four: "2" });
    const steps = at(answer, "spec", "strategy", "canary", "steps");
    assert.deepEqual(steps, [{ setWeight: 20 }, { setWeight: 60 }]);
  },

  "names with slash and tilde are escaped": async ({ cluster, namespace }) => {
    const home = await namespace();
    const name = "example.test/a~b";
    const trafficRouting = { plugins: { [name]: { route: "one", kept: true } } };
    const strategy = { canary: { trafficRouting } };
    await cluster.create(ROLLOUTS, rollout(home, "a", { strategy }));
    const plugins = "/spec/strategy/canary/trafficRouting/plugins";
    const path = `${plugins}/example.test~1a~0b/route`;
    const body = [
      { op: "test", path, value: "one" },
      { op: "replace", path, value: "two" },
      { op: "add", path: `${plugins}/other~1c`, value: {} },
    ];
    const ref = { namespace: home, name: "a" };
    const answer = await cluster.patch(ROLLOUTS, ref, { type: "json", body });
    assert.deepEqual(at(answer, "spec", "strategy", "canary", "trafficRouting", "plugins"), {
      [name]: { route: "two", kept: true },
      "other/c": {},
    });
  },

  "a test that holds lets the rest happen": async ({ cluster, namespace }) => {
    const home = await namespace();
    const created = await cluster.create(ROLLOUTS, rollout(home, "a"));
    const { resourceVersion } = created.metadata;
    const body = [
      { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
      { op: "test", path: "/spec/replicas", value: 2 },
      { op: "test", path: "/spec/strategy/canary/steps", value: [{ setWeight: 20 }] },
      { op: "replace", path: "/spec/replicas", value: 3 },
    ];
    const ref = { namespace: home, name: "a" };
    const answer = await cluster.patch(ROLLOUTS, ref, { type: "json", body });
    assert.equal(at(answer, "spec", "replicas"), 3);
    assert.notEqual(answer.metadata.resourceVersion, resourceVersion);
  },

  "a test that fails refuses the whole patch": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(ROLLOUTS, rollout(home, "a"));
    const body = [
      { op: "replace", path: "/spec/replicas", value: 9 },
      { op: "test", path: "/spec/strategy/canary/steps/0/setWeight", value: 21 },
    ];
    await refused(cluster.patch(ROLLOUTS, ref, { type: "json", body }), {
      code: 422,
      reason: "Invalid",
      message: "the server rejected our request due to an error in our request",
    });
    assert.deepEqual(await cluster.get(ROLLOUTS, ref), created);
  },

  "a path that leads nowhere is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const rows = [
      { op: "remove", path: "/metadata/annotations/none" },
      { op: "remove", path: "/data/none" },
      { op: "add", path: "/metadata/labels/none", value: "x" },
      { op: "replace", path: "/metadata/labels/none", value: "x" },
      { op: "test", path: "/data/none", value: "x" },
      { op: "move", from: "/data/key", path: "/nothing/here" },
      { op: "replace", path: "/metadata/finalizers/0", value: "example.test/x" },
      { op: "invented", path: "/data/key", value: "x" },
    ];
    for (const operation of rows) {
      const patch = { type: "json", body: [operation] } as const;
      const refusal = { code: 422, reason: "Invalid" };
      await refused(cluster.patch(CONFIG_MAPS, ref, patch), refusal);
    }
  },

  "a place beyond the end of a list is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const steps = "/spec/strategy/canary/steps";
    const rows = [
      { op: "add", path: `${steps}/2`, value: { setWeight: 50 } },
      { op: "replace", path: `${steps}/1`, value: { setWeight: 50 } },
      { op: "remove", path: `${steps}/1` },
      { op: "test", path: `${steps}/1`, value: { setWeight: 20 } },
      { op: "add", path: `${steps}/one`, value: { setWeight: 50 } },
    ];
    for (const operation of rows) {
      const patch = { type: "json", body: [operation] } as const;
      await refused(cluster.patch(ROLLOUTS, ref, patch), { code: 422, reason: "Invalid" });
    }
    const end = [{ op: "add", path: `${steps}/1`, value: { setWeight: 50 } }];
    const answer = await cluster.patch(ROLLOUTS, ref, { type: "json", body: end });
    const stored = at(answer, "spec", "strategy", "canary", "steps");
    assert.deepEqual(stored, [{ setWeight: 20 }, { setWeight: 50 }]);
  },

  // Quirk(json-patch-replace): RFC 6902 would have the field be there.
  "replace adds a field that is not there, test finds it equal to null": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const body = [
      { op: "test", path: "/data/none", value: null },
      { op: "replace", path: "/data/none", value: "x" },
    ];
    const ref = { namespace: home, name: "a" };
    const answer = await cluster.patch(CONFIG_MAPS, ref, { type: "json", body });
    assert.deepEqual(answer["data"], { key: "one", none: "x" });
  },

  "a patch that is no list is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const patch = { type: "json", body: { data: {} } } as const;
    await refused(cluster.patch(CONFIG_MAPS, { namespace: home, name: "a" }, patch), {
      code: 400,
      reason: "BadRequest",
    });
  },
});
