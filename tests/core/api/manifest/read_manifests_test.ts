import assert from "node:assert/strict";
import fc from "fast-check";
import { ManifestError, readManifests } from "../../../../core/api/manifest/mod.ts";

const ROLLOUT = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
spec:
  replicas: 5
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: nginx:1
  strategy:
    canary:
      steps:
        - setWeight: 20
        - pause: {}
`;
const HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

function message(text: string | Uint8Array): string {
  try {
    readManifests({ file: "a.yaml", ...(typeof text === "string" ? { text } : { bytes: text }) });
  } catch (error) {
    assert.ok(error instanceof ManifestError, String(error));
    return error.message;
  }
  return "";
}

Deno.test("an object comes with the line and column of each of its values", () => {
  const { documents, warnings } = readManifests({ file: "a.yaml", text: ROLLOUT });
  const [document] = documents;
  assert.ok(document !== undefined);
  assert.deepEqual(warnings, []);
  assert.equal(document.object.kind, "Rollout");
  assert.deepEqual(document.position(["spec", "replicas"]), { line: 6, column: 13 });
  const steps = ["spec", "strategy", "canary", "steps"];
  assert.deepEqual(document.position([...steps, 0, "setWeight"]), { line: 19, column: 22 });
  assert.deepEqual(document.position([...steps, 1, "pause"]), { line: 20, column: 18 });
});

Deno.test("the position of an absent value is that of its nearest ancestor", () => {
  const [document] = readManifests({ file: "a.yaml", text: ROLLOUT }).documents;
  assert.deepEqual(document?.position(["spec", "paused"]), { line: 6, column: 3 });
  assert.deepEqual(document?.position(["nothing", "at", 0, "all"]), { line: 1, column: 1 });
  const steps = ["spec", "strategy", "canary", "steps"];
  assert.deepEqual(document?.position([...steps, 7, "setWeight"]), { line: 19, column: 9 });
});

Deno.test("a position is found through anchors and merge keys, and for a key without a value", () => {
  const text = `${HEAD}base: &base\n  one: 1\nvalue:\n  <<: *base\n  two:\nother: *base\n`;
  const [document] = readManifests({ file: "a.yaml", text }).documents;
  assert.deepEqual(document?.object["value"], { one: 1, two: null });
  assert.deepEqual(document?.position(["value", "one"]), { line: 5, column: 8 });
  assert.deepEqual(document?.position(["other", "one"]), { line: 5, column: 8 });
  assert.equal(document?.position(["value", "two"]).line, 8);
});

Deno.test("a value begins at its quotes, at the sign of its block, or where it is missing", () => {
  const rows: [string, { line: number; column: number }][] = [
    ["value: 'a'", { line: 4, column: 8 }],
    ['value:   "a"', { line: 4, column: 10 }],
    ["value: |-\n  a", { line: 4, column: 8 }],
    ["value: !!str >\n  a", { line: 4, column: 14 }],
    ["value: !!int 1", { line: 4, column: 14 }],
    ["value: &a\n  b: 1", { line: 5, column: 3 }],
    ["value: {a: 1}", { line: 4, column: 8 }],
    ["value:\n- 1", { line: 5, column: 1 }],
    ["a: &a 1\nvalue: *a", { line: 5, column: 8 }],
    ["'value':\nb: 1", { line: 4, column: 9 }],
    ["a: {b: 1} # :\nvalue:", { line: 5, column: 7 }],
  ];
  for (const [row, position] of rows) {
    const [document] = readManifests({ file: "a.yaml", text: `${HEAD}${row}\n` }).documents;
    assert.deepEqual(document?.position(["value"]), position, row);
  }
  const items = `${HEAD}value:\n  - a\n  # - b\n  -\n  - c\n`;
  const [document] = readManifests({ file: "a.yaml", text: items }).documents;
  assert.deepEqual(document?.position(["value", 1]), { line: 7, column: 4 });
});

Deno.test("a file may hold many documents and lists; empty ones are passed over", () => {
  const text = `# remark\n---\n${HEAD}---\n---\n# nothing\n---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: c
---
${ROLLOUT}`;
  const { documents } = readManifests({ file: "a.yaml", text });
  assert.deepEqual(documents.map(({ object }) => object.metadata.name), ["a", "b", "c", "web"]);
  assert.deepEqual(documents.map(({ index }) => index), [0, 1, 2, 3]);
  assert.deepEqual(documents[2]?.position(["metadata", "name"]), { line: 17, column: 13 });
  assert.equal(
    message(text.replace("name: c", "nam: c")),
    "a.yaml:17:7: metadata.name: is required",
  );
});

Deno.test("JSON is read, too", () => {
  const text = JSON.stringify(
    {
      ...JSON.parse('{"apiVersion":"v1","kind":"ConfigMap"}'),
      metadata: { name: "a" },
      data: { "a/b": "é\u{1f600}\n" },
    },
    null,
    "\t",
  );
  const [document] = readManifests({ file: "a.json", text }).documents;
  assert.deepEqual(document?.object["data"], { "a/b": "é\u{1f600}\n" });
});

Deno.test("bytes are read as UTF-8, with or without a byte order mark", () => {
  const bytes = new TextEncoder().encode(`\ufeff${HEAD}data: {a: é}\n`);
  const [document] = readManifests({ file: "a.yaml", bytes }).documents;
  assert.deepEqual(document?.object["data"], { a: "é" });
  assert.deepEqual(document?.position(["kind"]), { line: 2, column: 7 });
});

Deno.test("what an API server would refuse is told with its place", () => {
  const rows: [string, string][] = [
    ["", "a.yaml:1:1: is empty"],
    ["# nothing\n---\n", "a.yaml:1:1: is empty"],
    ["just text", 'a.yaml:1:1: must be an object, but is the string "just text"'],
    ["\n- 1\n- 2\n", "a.yaml:2:1: must be an object, but is a list"],
    ["kind: A\n", "a.yaml:1:1: apiVersion: is required"],
    ["apiVersion: v1\nmetadata: {name: a}\n", "a.yaml:1:1: kind: is required"],
    ["apiVersion: 1\nkind: A\n", "a.yaml:1:13: apiVersion: must be a string, but is the number 1"],
    ["apiVersion: v1\nkind: A\n", "a.yaml:1:1: metadata.name: is required"],
    ["apiVersion: v1\nkind: A\nmetadata:\n  name:\n", "a.yaml:4:8: metadata.name: is required"],
    [
      "apiVersion: v1\nkind: A\nmetadata: {name: 12}\n",
      "a.yaml:3:18: metadata.name: must be a string, but is the number 12",
    ],
    [
      "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n    a.b/c: 12\n",
      'a.yaml:6:12: metadata.annotations["a.b/c"]: ' +
      "must be a string, but is the number 12: put it in quotes",
    ],
    [
      ROLLOUT.replace("replicas: 5", 'replicas: "5"'),
      'a.yaml:6:13: spec.replicas: must be a whole number, but is the string "5"',
    ],
    [
      ROLLOUT.replace("pause: {}", "pause: 5"),
      "a.yaml:20:18: spec.strategy.canary.steps[1].pause: must be an object, but is the number 5",
    ],
    [
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\n",
      "a.yaml:1:1: spec: is required",
    ],
    [
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports: [{name: http}]\n",
      "a.yaml:5:11: spec.ports[0].port: is required",
    ],
    [
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  selector: {app: 1}\n",
      "a.yaml:5:19: spec.selector.app: must be a string, but is the number 1: put it in quotes",
    ],
    [
      HEAD + "data:\n  a: 9007199254740993\n",
      "a.yaml:5:6: data.a: is an integer beyond 2^53, which would lose digits: " +
      "9007199254740993",
    ],
    [HEAD + "a: &a [*a]\n", "a.yaml:4:7: a[0]: contains itself"],
    [HEAD + "a: {~: 1}\n", "a.yaml:4:5: a: has null as the name of a field"],
    [HEAD + "a: .inf\n", "a.yaml:4:4: a: is a number that JSON does not have: .inf"],
    [
      HEAD + "a: 1\n   b: 2\n",
      "a.yaml:5:5: is not valid YAML: bad indentation of a mapping entry",
    ],
    ["%YAML 1.2\n---\n" + HEAD, "a.yaml:1:1: is YAML 1.2, but only 1.1 is read"],
    [HEAD + "a: b\u0007\n", "a.yaml:4:5: has a character that YAML does not allow: U+0007"],
    [
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n",
      "a.yaml:1:1: is a Kustomization, which is a recipe for manifests: " +
      "run kustomize build and pass what comes out",
    ],
  ];
  for (const [text, expected] of rows) assert.equal(message(text), expected);
});

Deno.test("a name that no API server takes is told in its words", () => {
  assert.match(
    message(ROLLOUT.replace("name: web", "name: Web_1")),
    /^a\.yaml:4:9: metadata\.name: a lowercase RFC 1123 subdomain must consist of /,
  );
});

Deno.test("a template that was not rendered is told in one clear sentence", () => {
  const sentence = "is a template, not a manifest: " +
    "render it first (helm template, kustomize build) and pass what comes out";
  const rows: [string, string][] = [
    [ROLLOUT.replace("name: web", "name: {{ .Release.Name }}"), "4:9"],
    [ROLLOUT.replace("  replicas: 5", "{{- if .Values.replicas }}\n  replicas: 5"), "6:1"],
    [ROLLOUT.replace("replicas: 5", "replicas: {{ .Values.replicas }}"), "6:13"],
  ];
  for (const [text, place] of rows) assert.equal(message(text), `a.yaml:${place}: ${sentence}`);
  const quoted = ROLLOUT.replace("name: web", 'name: "{{ .Release.Name }}"');
  assert.equal(message(quoted), `a.yaml:4:9: metadata.name: ${sentence}`);
});

Deno.test("braces in quotes make no template of a file, nor of another mistake", () => {
  assert.equal(message(HEAD + 'data: {a: "{{args.x}}"}\n'), "");
  assert.match(message(HEAD + 'a: "{{args.x}}"\n   b: 2\n'), /is not valid YAML/);
});

Deno.test("what is no text is told", () => {
  const sentence = "a.yaml:1:1: is a binary file, not YAML or JSON in UTF-8";
  assert.equal(message(new Uint8Array([0x1f, 0x8b, 0x08, 0xff])), sentence);
  assert.equal(message(new Uint8Array([0x61, 0x00, 0x62])), sentence);
  assert.equal(message("a\0b"), sentence);
});

Deno.test("what is larger than an API server stores is told", () => {
  const data = (bytes: number) => `${HEAD}data:\n  a: ${"x".repeat(bytes)}\n`;
  assert.equal(message(data(1_500_000)), "");
  assert.match(message(data(1_572_864)), /^a\.yaml:1:1: must not have more than 1572864 bytes, /);
  const noted = (bytes: number) =>
    `apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n    a: ${"x".repeat(bytes)}\n`;
  assert.equal(message(noted(262_143)), "");
  assert.match(message(noted(262_144)), /^a\.yaml:6:5: metadata\.annotations: must not have more/);
});

Deno.test("anchors cannot make a small file large", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 10; level++) {
    const aliases = Array(10).fill(`*a${level - 1}`).join(", ");
    lines.push(`a${level}: &a${level} [${aliases}]`);
  }
  assert.match(message(`${HEAD}${lines.join("\n")}\n`), /: expands to more than 1000000 values$/);
});

Deno.test("nesting cannot bring the reader down", () => {
  for (const count of [600, 5_000, 200_000]) {
    assert.match(message("[".repeat(count)), /^a\.yaml:\d+:\d+: /);
    assert.match(message(`${HEAD}a: ${"[".repeat(count)}${"]".repeat(count)}`), /nested/);
  }
});

Deno.test("what is odd but accepted is warned of, with its place", () => {
  const text = ROLLOUT.replace("replicas: 5", "replicas: 5\n  replica: 6\n  replicas: 7");
  const { documents, warnings } = readManifests({ file: "a.yaml", text });
  assert.deepEqual(warnings.map(({ text }) => text), [
    "a.yaml:8:3: spec.replicas: appears twice; the last one is used",
    "a.yaml:7:12: spec.replica: unknown field of a Rollout; usually a typo: kubectl refuses it, or it has no effect",
  ]);
  assert.equal((documents[0]?.object["spec"] as { replicas: number }).replicas, 7);
  assert.equal((documents[0]?.object["spec"] as { replica: number }).replica, 6);
});

Deno.test("an alias used twice makes two values that change apart", () => {
  const text = `${HEAD}a: &a {x: 1}\nb: *a\n`;
  const [document] = readManifests({ file: "a.yaml", text }).documents;
  (document?.object["a"] as { x: number }).x = 2;
  assert.deepEqual(document?.object["b"], { x: 1 });
});

const LINES = [
  "apiVersion: v1",
  "kind: A",
  "metadata: {name: a}",
  "---",
  "- a",
  "  - b",
  "a: &x 1",
  "b: *x",
  "? a",
  ": b",
  "{{ a }}",
  "<<: *x",
  "a: |",
  "   text",
  '"',
  "'",
  "\t",
  "!!binary 1",
  "...",
  "%YAML",
  "kind: List",
  "items:",
  "[",
  "]",
  "{",
  "}",
  "# a",
  "é",
  ": ",
  "&x",
  "*x",
  ">-",
  "a: 1e9",
  "a: 0x",
];

Deno.test("whatever the bytes, they are read or refused with a place in one line", () => {
  const check = (source: { text: string } | { bytes: Uint8Array }) => {
    try {
      const { documents } = readManifests({ file: "a.yaml", ...source });
      for (const { object, position } of documents) {
        assert.equal(typeof object.kind, "string");
        for (const name of Object.keys(object)) assert.ok(position([name]).line >= 1);
      }
    } catch (error) {
      assert.ok(error instanceof ManifestError, String(error));
      assert.match(error.message, /^a\.yaml:[1-9]\d*:[1-9]\d*: [^\n]+$/);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => check({ bytes })));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => check({ text })));
  const lines = fc.array(fc.constantFrom(...LINES), { maxLength: 12 });
  fc.assert(fc.property(lines, (each) => check({ text: each.join("\n") })), { numRuns: 1000 });
  const cut = fc.tuple(fc.nat(ROLLOUT.length), fc.nat(20), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(
      cut,
      ([at, length, put]) =>
        check({ text: ROLLOUT.slice(0, at) + put + ROLLOUT.slice(at + length) }),
    ),
    { numRuns: 500 },
  );
});
