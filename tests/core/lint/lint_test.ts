import assert from "node:assert/strict";
import { judge, missingNames, readSources } from "../../../core/lint/mod.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import { lintObjects, object, rollout, service, template } from "./manifests.ts";
import { plugins } from "../../../plugins/mod.ts";

const ARGO = "argoproj.io/v1alpha1";
const METRIC = { name: "rate", provider: { web: { url: "http://a.example" } } };

function invalid(...objects: Fields[]): string[] {
  return lintObjects(...objects).filter(({ rule }) => rule === "invalid-spec")
    .map(({ path, text }) => `${path}: ${text}`);
}

Deno.test("every kind is told what its controller refuses", () => {
  assert.deepEqual(invalid(rollout({ spec: { replicas: -1 } })), [
    "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
  ]);
  const twice = [METRIC, METRIC];
  for (const kind of ["AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun"]) {
    assert.deepEqual(invalid(object(ARGO, kind, { spec: { metrics: twice } })), [
      `spec.metrics[1].name: Invalid value: "rate": duplicate name 'rate'`,
    ]);
  }
  const templates = [{
    name: "",
    selector: { matchLabels: { app: "a" } },
    template: { spec: { containers: [{ name: "a", image: "a:1" }] } },
  }];
  assert.deepEqual(invalid(object(ARGO, "Experiment", { spec: { templates } })), [
    "spec.templates[0].name: Required value: Experiment web has empty template name at index 0",
  ]);
});

Deno.test("kinds of other groups are left alone", () => {
  const spec = { metrics: [], replicas: -1 };
  assert.deepEqual(lintObjects(object("example.com/v1", "Rollout", { spec })), []);
  assert.deepEqual(lintObjects(object("v1", "ConfigMap", { spec })), []);
});

Deno.test("the place of a finding is its field, where messages name another", () => {
  const [finding] = lintObjects(rollout({ spec: { strategy: {} } }));
  assert.equal(finding?.path, "spec.strategy");
  assert.match(finding?.text ?? "", /^Required value: Rollout has missing field /);
});

Deno.test("what is missing is named once it is looked for, also what was found on the way", () => {
  const analysis = { templates: [{ templateName: "rate" }] };
  const canary = { stableService: "stable", steps: [{ analysis }] };
  const text = JSON.stringify(rollout({ namespace: "shop", canary }));
  const reading = readSources([{ file: "a.yaml", text, isNamed: true }]);
  const names = (known: Fields[]) =>
    missingNames(reading, plugins, known as never).map(({ type, namespace, name }) =>
      `${type.kind} ${namespace}/${name}`
    );
  assert.deepEqual(names([]), ["Service shop/stable", "AnalysisTemplate shop/rate"]);
  const nested = template("rate", {}, { templates: [{ templateName: "base" }] });
  const found = [service("stable"), nested];
  assert.deepEqual(names(found), ["AnalysisTemplate shop/base"]);
  const all = [...found, template("base", { name: "other" })];
  assert.deepEqual(names(all), []);
  const rules = judge(reading, plugins, { clusterObjects: all as never }).map(({ rule }) => rule);
  assert.deepEqual(rules.filter((rule) => rule !== "not-supported"), []);
});
