import assert from "node:assert/strict";
import { judge, readSources } from "../../../../core/lint/mod.ts";
import { plugins } from "../../../../plugins/mod.ts";
import { unservedLocations } from "../../../../core/rollout/unserved.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import { pathText } from "../../../../sdk/wire/field_place.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { rollout } from "../manifests.ts";

/** One Rollout with everything that this version might not do. */
const EVERYTHING = rollout({
  canary: {
    analysis: { templates: [{ templateName: "rate" }] },
    trafficRouting: { plugins: { "example/router": {} } },
    steps: [
      { setWeight: 20 },
      { analysis: { templates: [{ templateName: "rate" }] } },
      { pause: {} },
      { plugin: { name: "example/step" } },
    ],
  },
});

function notSupported(object: Fields): string[] {
  const text = JSON.stringify(object);
  return judge(readSources([{ file: "a.yaml", text, isNamed: true }]), plugins)
    .filter(({ rule }) => rule === "not-supported").map(({ path }) => path).toSorted();
}

Deno.test("lint says not-supported where the controller of this version does nothing", () => {
  const places = unservedLocations(EVERYTHING as unknown as Rollout, plugins).map(pathText)
    .toSorted();
  assert.ok(places.includes("spec.strategy.canary.steps[3].plugin"), `${places}`);
  assert.deepEqual(notSupported(EVERYTHING), places);
  assert.deepEqual(notSupported(rollout({ canary: { steps: [{ setWeight: 20 }] } })), []);
});

Deno.test("a metric of a source that nobody here asks is not supported, and no other is", () => {
  const template = (provider: Fields) => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name: "rate" },
    spec: { metrics: [{ name: "rate", successCondition: "result < 1", provider }] },
  });
  const rows: [provider: Fields, path: string | undefined][] = [
    [{ datadog: { query: "avg:x" } }, "datadog"],
    [{ newRelic: { query: "x" } }, "newRelic"],
    [{ plugin: { "example/metrics": {} } }, 'plugin["example/metrics"]'],
    [{ prometheus: { address: "http://prometheus.example", query: "x" } }, undefined],
    [{ web: { url: "http://web.example" } }, undefined],
  ];
  for (const [provider, path] of rows) {
    const found = notSupported(template(provider));
    const places = path === undefined ? [] : [`spec.metrics[0].provider.${path}`];
    assert.deepEqual(found, places);
  }
});
