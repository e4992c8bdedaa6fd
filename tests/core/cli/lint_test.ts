import assert from "node:assert/strict";
import { type Machine, run } from "./fake_terminal.ts";
import { web } from "./web_manifest.ts";

const GOOD = web({ image: "registry.example/web:1" });
const BAD = web({ image: "registry.example/web:1", replicas: "-1" });
const ODD = web({ image: "registry.example/web" });
const ERROR = "web.yaml:6:13: error: spec.replicas: Invalid value: -1: " +
  "must be greater than or equal to 0 [invalid-spec]\n";

function lint(args: readonly string[], files: Machine["files"] = {}, rest: Machine = {}) {
  return run(["lint", ...args], { files, ...rest });
}

Deno.test("lint says where what is wrong, and ends with 1", async () => {
  const { code, out, err } = await lint(["-f", "web.yaml"], { "web.yaml": BAD });
  assert.equal(out, ERROR);
  assert.equal(err, "1 error, 0 warnings in 1 file\n");
  assert.equal(code, 1);
});

Deno.test("lint ends with 0 when nothing is wrong", async () => {
  const { code, out, err } = await lint(["-f", "web.yaml"], { "web.yaml": GOOD });
  assert.deepEqual([code, out, err], [0, "", "0 errors, 0 warnings in 1 file\n"]);
});

Deno.test("a warning ends with 0, and with --strict with 1", async () => {
  const files = { "web.yaml": ODD };
  const rows: [args: string[], code: number][] = [
    [[], 0],
    [["--strict"], 1],
    [["--strict=true"], 1],
    [["--strict=false"], 0],
  ];
  for (const [args, expected] of rows) {
    const { code, out, err } = await lint(["web.yaml", ...args], files);
    assert.match(out, /^web\.yaml:11:44: warning: spec\.template\.spec\.containers\[0\]\.image: /);
    assert.equal(err, "0 errors, 1 warning in 1 file\n");
    assert.equal(code, expected, args.join(" "));
  }
});

Deno.test("files are named as kubectl's users do, and read once", async () => {
  const files = { "a.yaml": BAD, "b.yaml": BAD };
  const rows: [args: string[], count: number][] = [
    [["-f", "a.yaml", "-f", "b.yaml"], 2],
    [["-f=a.yaml", "--filename=b.yaml"], 2],
    [["-fa.yaml", "b.yaml"], 2],
    [["a.yaml", "b.yaml"], 2],
    [["a.yaml", "-f", "a.yaml"], 1],
    [["a.yaml", "./a.yaml", "folder/../a.yaml"], 1],
  ];
  for (const [args, count] of rows) {
    const { out, err } = await lint(args, files);
    assert.equal(out.match(/: error: /g)?.length, count, args.join(" "));
    assert.match(err, new RegExp(`in ${count} file`));
  }
});

Deno.test("- reads standard input, once", async () => {
  const { code, out, err } = await lint(["-f", "-", "-"], {}, { standardInput: BAD });
  assert.equal(out, ERROR.replace("web.yaml", "standard input"));
  assert.equal(err, "1 error, 0 warnings in 1 file\n");
  assert.equal(code, 1);
});

const FOLDER: Machine["files"] = {
  "deploy/z.yaml": BAD,
  "deploy/a/web.yml": BAD,
  "deploy/a/web.json": JSON.stringify({ apiVersion: "v1", kind: "Namespace" }),
  "deploy/a/read.md": "# nothing",
  "deploy/.git/config.yaml": "a: [",
  "deploy/node_modules/x/package.json": "[",
  "deploy/chart/Chart.yaml": "apiVersion: v2\nname: web\n",
  "deploy/chart/values.yaml": "replicas: 3\n",
  "deploy/chart/templates/web.yaml": "a: {{ .Values.a }}\n",
  "deploy/kustomization.yaml":
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [z.yaml]\n",
};

Deno.test("a folder is walked; what is no manifest is passed over with a note", async () => {
  for (const path of ["deploy", "deploy/"]) {
    const { code, out, err } = await lint(["-f", path], FOLDER);
    assert.deepEqual(out.split("\n").map((line) => line.split(": ").slice(0, 3).join(": ")), [
      "deploy/a/web.json:1:1: error: metadata.name",
      "deploy/a/web.yml:6:13: error: spec.replicas",
      "deploy/z.yaml:6:13: error: spec.replicas",
      "",
    ]);
    assert.deepEqual(err.trimEnd().split("\n"), [
      "note: deploy/.git is skipped: it is hidden",
      "note: deploy/chart/templates is skipped: these are Helm templates; " +
      "use the output of helm template",
      "note: deploy/node_modules is skipped: it has installed packages",
      "note: deploy/chart/values.yaml is skipped: it has no Kubernetes object",
      "note: deploy/kustomization.yaml is skipped: it has no Kubernetes object",
      "3 errors, 0 warnings in 3 files",
    ]);
    assert.equal(code, 1);
  }
});

Deno.test("patches that a kustomization.yaml of a folder names are skipped with a note", async () => {
  const patch =
    "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec: {}\n";
  const recipe = (fields: string) =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${fields}`;
  const files = {
    "k/base/kustomization.yaml": recipe(
      "resources: [web.yaml]\npatchesStrategicMerge: [./more.yaml]\n",
    ),
    "k/base/web.yaml": GOOD,
    "k/base/more.yaml": patch,
    "k/prod/kustomization.yml": recipe(
      "resources: [../base]\npatches:\n- path: patch.yaml\n- patch: |-\n    a: 1\n- path: ../common/size.yaml\n",
    ),
    "k/prod/patch.yaml": patch,
    "k/common/size.yaml": patch,
  };
  const { code, out, err } = await lint(["-f", "k/"], files);
  assert.deepEqual([code, out], [0, ""]);
  assert.deepEqual(err.trimEnd().split("\n").filter((line) => line.includes("patch")), [
    "note: k/base/more.yaml is skipped: it is a patch of k/base/kustomization.yaml",
    "note: k/common/size.yaml is skipped: it is a patch of k/prod/kustomization.yml",
    "note: k/prod/patch.yaml is skipped: it is a patch of k/prod/kustomization.yml",
  ]);
  assert.match(err, /0 errors, 0 warnings in 1 file\n$/);
  const named = await lint(["k/base/more.yaml", "k/base/kustomization.yaml"], files);
  assert.match(named.out, /^k\/base\/more\.yaml:\d+:\d+: error: /m);
});

Deno.test("what somebody names is a manifest, or an error", async () => {
  const { code, out } = await lint(
    ["deploy/chart/values.yaml", "deploy/kustomization.yaml"],
    FOLDER,
  );
  assert.match(out, /^deploy\/chart\/values\.yaml:1:1: error: is not a Kubernetes object: /);
  assert.match(out, /kustomization\.yaml:1:1: error: is a Kustomization, .* run kustomize build/);
  assert.equal(code, 1);
});

Deno.test("a template that was not rendered is one clear sentence, however much is wrong", async () => {
  const rendered = "is a template, not a manifest: " +
    "render it first (helm template, kustomize build) and pass what comes out [not-rendered]\n";
  const rows: [text: string, place: string][] = [
    [BAD.replace("name: web", "name: {{ .Release.Name }}"), "3:18: error: "],
    [BAD.replace("-1", '"{{ .Values.replicas }}"'), "6:13: error: spec.replicas: "],
    [
      BAD.replace("web:1", "{{ .Values.tag }}"),
      "11:44: error: spec.template.spec.containers[0].image: ",
    ],
    [
      BAD.replace("{steps:", "{stableService: '{{ include \"web.name\" . }}', steps:"),
      "8:29: error: spec.strategy.canary.stableService: ",
    ],
    [`${BAD}---\n{{- if .Values.service }}\na: b\n{{- end }}\n`, "13:1: error: "],
  ];
  for (const [text, place] of rows) {
    const { code, out } = await lint(["web.yaml"], { "web.yaml": text });
    assert.equal(out, `web.yaml:${place}${rendered}`);
    assert.equal(code, 1);
  }
});

Deno.test("braces that are for somebody else make no template of a file", async () => {
  const notes = 'annotations: {vault: "{{ with secret .Data }}"}';
  const text = GOOD.replace("labels:", `${notes}, labels:`)
    .replace("{name: web, image", '{name: web, args: ["--format={{.ID}}"], image');
  const { code, out } = await lint(["web.yaml"], { "web.yaml": text });
  assert.deepEqual([code, out], [0, ""]);
});

Deno.test("a file that cannot be read ends with 2; the others are told all the same", async () => {
  const files = { "web.yaml": BAD, "binary.yaml": new Uint8Array([0x89, 0x50, 0, 1]) };
  const { code, out, err } = await lint(["none.yaml", "binary.yaml", "web.yaml"], files);
  assert.equal(out, ERROR);
  assert.deepEqual(
    err,
    [
      'Error: Cannot read "none.yaml": no such file\n',
      'Error: Cannot read "binary.yaml": it is a binary file, not YAML or JSON in UTF-8\n',
    ].join(""),
  );
  assert.equal(code, 2);
});

Deno.test("nothing to lint ends with 2 and one sentence", async () => {
  const files = { "empty.yaml": "# nothing\n", "folder/read.md": "" };
  const rows: [args: string[], error: string | RegExp][] = [
    [[], "no file is named; use -f FILE, -f FOLDER, or -f - for standard input"],
    [["empty.yaml"], "no Kubernetes object in empty.yaml"],
    [["-f", "folder"], "no Kubernetes object in folder"],
    [["-f", "-"], "no Kubernetes object in -"],
    [["-f"], "flag -f needs a value (see sluice lint --help)"],
    [
      ["web.yaml", "-o", "xml"],
      /^Error: invalid value "xml" for -o; use one of text, json, sarif /,
    ],
    [["web.yaml", "--dance"], "unknown flag --dance (see sluice lint --help)"],
  ];
  for (const [args, error] of rows) {
    const { code, out, err } = await lint(args, files);
    if (typeof error === "string") assert.equal(err, `Error: ${error}\n`);
    else assert.match(err, error);
    assert.equal(err.trimEnd().split("\n").length, 1);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
  }
});

Deno.test("-o json gives the findings as a list", async () => {
  const { code, out, err } = await lint(["web.yaml", "-o", "json"], { "web.yaml": BAD });
  assert.deepEqual(JSON.parse(out), [{
    severity: "error",
    rule: "invalid-spec",
    file: "web.yaml",
    line: 6,
    column: 13,
    object: "Rollout/web",
    path: "spec.replicas",
    text: "Invalid value: -1: must be greater than or equal to 0",
  }]);
  assert.equal(err, "1 error, 0 warnings in 1 file\n");
  assert.equal(code, 1);
  assert.equal((await lint(["web.yaml", "-ojson"], { "web.yaml": GOOD })).out, "[]\n");
});

Deno.test("-o sarif gives a log of one run", async () => {
  const { code, out } = await lint(["my folder/web.yaml", "-o=sarif"], {
    "my folder/web.yaml": BAD,
  });
  const { version, runs: [run] } = JSON.parse(out);
  assert.equal(version, "2.1.0");
  const [result] = run.results;
  assert.equal(run.tool.driver.rules[result.ruleIndex].id, "invalid-spec");
  assert.equal(result.level, "error");
  assert.deepEqual(result.locations[0].physicalLocation, {
    artifactLocation: { uri: "my%20folder/web.yaml" },
    region: { startLine: 6, startColumn: 13 },
  });
  assert.equal(code, 1);
});

Deno.test("the help fits a narrow terminal, and findings are never broken", async () => {
  const screen = { rows: 10, columns: 40 };
  const help = await lint(["--help"], {}, { screen });
  assert.match(help.out, /^Usage: sluice lint /);
  assert.match(help.out, /Exit codes: 0 no errors/);
  assert.equal(help.code, 0);
  const { out } = await lint(["web.yaml"], { "web.yaml": BAD }, { screen });
  assert.equal(out, ERROR);
});

Deno.test("a file that is named twice is read once, whatever its path looks like", async () => {
  const files = { "a/web.yaml": web({ replicas: "-1" }) };
  const read: string[] = [];
  const args = ["lint", "a/web.yaml", "-f", "a/web.yaml", "-f", "a/"];
  const { out } = await run(args, { files, onRead: (path) => read.push(path) });
  assert.deepEqual(read, ["a/web.yaml", "a/"]);
  assert.equal(out.trimEnd().split("\n").length, 1, out);
});
