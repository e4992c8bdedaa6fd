import assert from "node:assert/strict";
import { findingText, judge, type LintSource, readSources } from "../../../core/lint/mod.ts";
import { plugins } from "../../../plugins/mod.ts";

const HEAD = "apiVersion: argoproj.io/v1alpha1\n";

function source(file: string, text: string, isNamed = true): LintSource {
  return { file, text, isNamed };
}

function lines(...sources: LintSource[]): string[] {
  return judge(readSources(sources), plugins).map(findingText);
}

Deno.test("what is no manifest is passed over where nobody named it, and told where somebody did", () => {
  const texts = [
    "replicas: 3\n",
    "[1, 2]\n",
    "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
  ];
  const found = readSources(texts.map((text, index) => source(`${index}.yaml`, text, false)));
  assert.deepEqual(found.passedOver, ["0.yaml", "1.yaml", "2.yaml", "3.yaml"]);
  assert.deepEqual(found.findings, []);
  const named = readSources(texts.map((text, index) => source(`${index}.yaml`, text)));
  assert.deepEqual(named.passedOver, []);
  assert.deepEqual(named.findings.map(({ rule }) => rule), [
    "no-object",
    "no-object",
    "wrong-field",
    "not-rendered",
  ]);
});

Deno.test("files of other programs have a version, too: they are passed over, or one error", () => {
  const text = "apiVersion: 1\ndatasources: [{name: a}]\n";
  assert.deepEqual(readSources([source("a.yaml", text, false)]).passedOver, ["a.yaml"]);
  assert.deepEqual(
    lines(source("a.yaml", text)).map((line) => line.split(":").slice(0, 5).join(":")),
    [
      "a.yaml:1:1: error: is not a Kubernetes object",
    ],
  );
  const slip = "apiVersion: 1\nmetadata: {name: a}\n";
  assert.equal(lines(source("a.yaml", slip, false)).length, 2);
});

Deno.test("a file of a folder that is YAML only in part is told", () => {
  const [line = ""] = lines(source("a.yaml", "a: [\n", false));
  assert.match(line, /^a\.yaml:\d+:\d+: error: is not valid YAML: /);
});

Deno.test("an object that the server names needs no name", () => {
  const named = "kind: AnalysisRun\nmetadata: {generateName: rate-}\nspec: {metrics: []}\n";
  assert.ok(!lines(source("a", `${HEAD}${named}`)).some((line) => line.includes("metadata.name")));
  const nameless = named.replace("generateName: rate-", "labels: {}");
  assert.ok(
    lines(source("a", `${HEAD}${nameless}`)).some((line) => line.includes("metadata.name")),
  );
});

Deno.test("what follows from a value of the wrong type is not told", () => {
  const text = `${HEAD}kind: Rollout\nmetadata: {name: a}\nspec: {template: 1, selector: x}\n`;
  assert.deepEqual(lines(source("a.yaml", text)), [
    "a.yaml:4:7: error: spec.strategy: Required value: Rollout has missing field " +
    "'.spec.strategy.canary or .spec.strategy.blueGreen' [invalid-spec]",
    "a.yaml:4:18: error: spec.template: must be an object, but is the number 1 [wrong-field]",
    'a.yaml:4:31: error: spec.selector: must be an object, but is the string "x" [wrong-field]',
  ]);
});

Deno.test("a field that is none of its kind is an error, a key that appears twice a warning", () => {
  const spec = "spec:\n  metrics: []\n  metric: []\n  args: []\n  args: []\n";
  const text = `${HEAD}kind: AnalysisTemplate\nmetadata: {name: a}\n${spec}`;
  const found = readSources([source("a.yaml", text)]).findings;
  assert.deepEqual(found.map(({ severity, rule, line, path }) => [severity, rule, line, path]), [
    ["warning", "key-twice", 8, "spec.args"],
    ["error", "unknown-field", 6, "spec.metric"],
  ]);
});

Deno.test("findings are sorted by file and place, and told once", () => {
  const pods = "spec: {containers: [{name: a, image: a}]}";
  const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n" +
    `spec: {template: {metadata: {labels: {app: web}}, ${pods}}}\n`;
  const reference = "{apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: never}";
  const rollouts = ["one", "two"].map((name) =>
    `${HEAD}kind: Rollout\nmetadata: {name: ${name}}\n` +
    `spec: {workloadRef: ${reference}, strategy: {canary: {steps: [{pause: {duration: 0}}]}}}\n`
  );
  const found = lines(source("b.yaml", rollouts.join("---\n")), source("a.yaml", deployment));
  const places = found.map((line) => line.split(" ")[0]);
  assert.deepEqual(places.filter((place) => place?.startsWith("a.yaml")), ["a.yaml:4:88:"]);
  assert.deepEqual(places.slice(-2).map((place) => place?.split(":")[1]), ["4", "9"]);
});

Deno.test("other kinds have templates of their own", () => {
  const set = `${HEAD}kind: ApplicationSet\nmetadata: {name: '{{.path.basename}}'}\nspec: {}\n`;
  assert.match(lines(source("a.yaml", set))[0] ?? "", /is a template, not a manifest/);
  const plain = set.replace("name: '{{.path.basename}}'", "name: a")
    .replace("spec: {}", "spec: {template: {name: '{{.path.basename}}'}}");
  assert.deepEqual(lines(source("a.yaml", plain)), []);
});
