import assert from "node:assert/strict";
import { collectManifests, problemText } from "../../../../core/api/manifest/mod.ts";

function problems(text: string): string[] {
  return collectManifests({ file: "a.yaml", text }).problems.map(problemText);
}

Deno.test("every problem of a file is told, not only the first", () => {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: Web, labels: {a: 1, b: yes}}
spec:
  replicas: many
  strategy: {canary: {steps: [{setWeight: ten}, {pause: 3}]}}
---
apiVersion: v1
kind: Service
metadata: {namespace: 7}
spec: {ports: [{port: http}, {}], selector: {a: 1}}
`;
  assert.deepEqual(problems(text).map((line) => line.split(/[,:] (?:but|put|a lower)/)[0]), [
    "a.yaml:3:35: metadata.labels.a: must be a string",
    "a.yaml:3:41: metadata.labels.b: must be a string",
    "a.yaml:5:13: spec.replicas: must be a whole number",
    "a.yaml:6:43: spec.strategy.canary.steps[0].setWeight: must be a whole number",
    "a.yaml:6:57: spec.strategy.canary.steps[1].pause: must be an object",
    "a.yaml:3:18: metadata.name",
    "a.yaml:10:11: metadata.name: is required",
    "a.yaml:10:23: metadata.namespace: must be a string",
    "a.yaml:11:23: spec.ports[0].port: must be a whole number",
    "a.yaml:11:30: spec.ports[1].port: is required",
    "a.yaml:11:49: spec.selector.a: must be a string",
  ]);
});

Deno.test("a document that cannot be read hides no other", () => {
  const good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  const text =
    `${good}---\na: [\n---\nbig: 99999999999999999999\nbigger: [.nan]\n---\n${good}...\nb: [\n`;
  const { documents, problems } = collectManifests({ file: "a.yaml", text });
  assert.equal(documents[0]?.object.metadata.name, "a");
  assert.deepEqual(problems.map(({ kind, path, position }) => [kind, path, position.line]), [
    ["syntax", [], 6],
    ["syntax", [], 15],
    ["syntax", ["big"], 7],
    ["syntax", ["bigger", 0], 8],
  ]);
  assert.equal(documents.length, 2);
});

Deno.test("a value that an anchor repeats is told once", () => {
  assert.equal(problems("a: &a 99999999999999999999\nb: [*a, *a]\n").length, 1);
});

Deno.test("a template is told in one sentence for the whole file", () => {
  const text = "a: {{ .Values.a }}\n---\nb: [\n---\nkind: 1\n";
  assert.deepEqual(problems(text), [
    "a.yaml:1:4: is a template, not a manifest: " +
    "render it first (helm template, kustomize build) and pass what comes out",
  ]);
});

Deno.test("a document with problems is there all the same, and problems say whose they are", () => {
  const text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: 1}\n";
  const fragment = "strategy: {}\n";
  const { documents, problems } = collectManifests({ file: "a", text: `${fragment}---\n${text}` });
  assert.deepEqual(documents.map(({ object }) => object.kind), ["Service"]);
  assert.deepEqual(problems.map(({ kind, document }) => [kind, document]), [
    ["no-object", undefined],
    ["field", 0],
  ]);
});

Deno.test("a text in UTF-16 with its mark is read as one in UTF-8", () => {
  const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ü}\n";
  const little = new Uint8Array(
    Uint16Array.from(`\ufeff${text}`, (each) => each.charCodeAt(0)).buffer,
  );
  const big = little.map((_, index) => little[index ^ 1] ?? 0);
  for (const bytes of [little, big]) {
    const { documents, problems } = collectManifests({ file: "a.yaml", bytes });
    assert.equal(documents[0]?.object.metadata.name, "ü");
    assert.deepEqual(problems, []);
  }
});

Deno.test("objects of JSON may stand side by side", () => {
  const one = (name: string) =>
    `{"apiVersion": "v1", "kind": "X", "metadata": {"name": "${name}"}}`;
  for (const between of ["", "\n", "\n---\n", "\n\n  "]) {
    const text = `${one('a}\\"{')}${between}${one("b")}${between}${one("c")}\n`;
    const { documents, problems } = collectManifests({ file: "a.json", text });
    assert.deepEqual(problems, [], between);
    assert.deepEqual(documents.map(({ object }) => object.metadata.name), ['a}"{', "b", "c"]);
    const [line = ""] = text.slice(0, text.indexOf('"b"')).split("\n").toReversed();
    assert.equal(documents[1]?.position(["metadata", "name"]).column, line.length + 1);
  }
});

Deno.test("a place is told as it stands, however far left its line begins", () => {
  const text =
    "apiVersion: v1\nkind: X\nmetadata: {\nname: a,\nlabels: {\n  b: 1\n}\n}\nc: {\n d: 2\n}\n";
  const { documents, problems } = collectManifests({ file: "a.yaml", text });
  assert.deepEqual(problems.map(problemText), [
    "a.yaml:6:6: metadata.labels.b: must be a string, but is the number 1: put it in quotes",
  ]);
  assert.deepEqual(documents[0]?.position(["metadata", "name"]), { line: 4, column: 7 });
  assert.deepEqual(documents[0]?.position(["c", "d"]), { line: 10, column: 5 });
});
