/** What lint says, in which words, and how often. */
import assert from "node:assert/strict";
import { findingText } from "../../../core/lint/mod.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import { DEPLOYMENT, lintObjects, lintText, object, referring, rollout } from "./manifests.ts";

function said(...objects: Fields[]): string[] {
  return lintObjects(...objects).map((finding) =>
    findingText({ ...finding, line: 0, column: 0 }).replace("a.yaml:0:0: ", "")
  );
}

const STEPS = "spec.strategy.canary.steps";

Deno.test("a pause that is none is told with what a duration looks like", () => {
  for (const duration of ["1d", "30x", "", -5]) {
    const [line] = said(
      rollout({ canary: { steps: [{ setWeight: 20 }, { pause: { duration } }] } }),
    );
    assert.equal(
      line,
      `error: ${STEPS}[1].pause.duration: invalid duration ${JSON.stringify(duration)}; ` +
        "write seconds, or hours, minutes and seconds such as 1h30m or 90s [invalid-spec]",
    );
  }
});

Deno.test("a name that is nearly one of a field is one error, which says which", () => {
  assert.deepEqual(said(rollout({ canary: { steps: [{ setweight: 20 }, { pause: {} }] } })), [
    `error: ${STEPS}[0].setweight: unknown field of a Rollout; did you mean setWeight? [unknown-field]`,
  ]);
  const spec = { metric: [{ name: "rate", provider: { web: { url: "http://a.example" } } }] };
  const template = object("argoproj.io/v1alpha1", "AnalysisTemplate", { spec });
  assert.deepEqual(said(template), [
    "error: spec.metric: unknown field of an AnalysisTemplate; did you mean metrics? [unknown-field]",
  ]);
});

Deno.test("a name that is far from any is told without a guess", () => {
  assert.deepEqual(said(rollout({ spec: { colour: "blue" } })), [
    "error: spec.colour: unknown field of a Rollout; usually a typo: kubectl refuses it, or it has no effect " +
    "[unknown-field]",
  ]);
});

Deno.test("what any object's metadata has is a field of a pod template, too", () => {
  const labels = { app: "web" };
  const { template } = rollout()["spec"] as { template: Fields };
  const metadata = { labels, creationTimestamp: null, name: "web", finalizers: [] };
  assert.deepEqual(said(rollout({ spec: { template: { ...template, metadata } } })), []);
  const [line] = said(
    rollout({ spec: { template: { ...template, metadata: { labels, nam: "a" } } } }),
  );
  assert.match(
    line ?? "",
    /^warning: spec\.template\.metadata\.nam: unknown field of a pod template/,
  );
});

Deno.test("an amount that is none is left out of the pods, and told so in one finding", () => {
  const container = { resources: { limits: { memory: "1Gigi" }, requests: { cpu: -1 } } };
  const at = "spec.template.spec.containers[0].resources";
  assert.deepEqual(said(rollout({ container })), [
    `error: ${at}.limits[memory]: must be an amount such as 500m or 2Gi, but is "1Gigi"; ` +
    "the pods run without it [left-out-field]",
    `error: ${at}.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0 [invalid-spec]`,
  ]);
  const volumes = [{ name: "tmp", emptyDir: { sizeLimit: "much" } }];
  const { template } = rollout()["spec"] as { template: { spec: Fields } };
  const spec = { template: { ...template, spec: { ...template.spec, volumes } } };
  assert.match(
    said(rollout({ spec })).join(),
    /sizeLimit: .*"much"; the pods run without it \[left/,
  );
});

Deno.test("a step that is none, or two in one, is told by what it has", () => {
  const steps = [{ setWeight: 20 }, {}, { setWeight: 30, pause: {} }, { pause: {} }];
  assert.deepEqual(said(rollout({ canary: { steps } })), [
    `error: ${STEPS}[1]: must have one of experiment, pause, setWeight, analysis, setCanaryScale, ` +
    "setHeaderRoute, setMirrorRoute, plugin [invalid-spec]",
    `error: ${STEPS}[2]: must be one step, but has pause and setWeight: write a step for each ` +
    "[invalid-spec]",
  ]);
});

Deno.test("a surge and an unavailability of 0 are told with what that means", () => {
  assert.deepEqual(said(rollout({ canary: { maxSurge: 0, maxUnavailable: 0 } })), [
    "error: spec.strategy.canary.maxSurge: maxSurge and maxUnavailable cannot both be 0: " +
    "no pod could ever be replaced [invalid-spec]",
  ]);
});

Deno.test("an amount of a resource has one name, that of Kubernetes", () => {
  const resources = (requests: Fields) => rollout({ container: { resources: { requests } } });
  for (const value of ["much", true]) {
    const [line] = said(resources({ memory: value }));
    assert.match(line ?? "", /containers\[0\]\.resources\.requests\[memory\]: /);
  }
});

Deno.test("a workload's template is told where it stands", () => {
  const ports = [{ containerPort: 70_000 }];
  const container = { name: "web", image: "web:1", ports, readinessProbe: {}, tty: "yes" };
  const spec = { ...DEPLOYMENT["spec"] as Fields };
  spec["template"] = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };
  const found = lintObjects(referring({ scaleDown: "never" }), { ...DEPLOYMENT, spec });
  assert.deepEqual(found.map(({ object, line, path }) => `${object}:${line} ${path}`), [
    "Deployment/web:3 spec.template.spec.containers[0].ports[0].containerPort",
    "Deployment/web:3 spec.template.spec.containers[0].readinessProbe",
    "Deployment/web:3 spec.template.spec.containers[0].tty",
  ]);
});

Deno.test("the text of a finding ends with the name of its rule", () => {
  assert.deepEqual(said(rollout({ spec: { revisionHistoryLimit: 0 } })), [
    "warning: spec.revisionHistoryLimit: no old revision is kept: there is nothing to go back to " +
    "[no-history]",
  ]);
});

const NAMES: [what: string, head: string, text: string | undefined][] = [
  [
    "a version that there is not",
    "apiVersion: argoproj.io/v1\nkind: Rollout\n",
    "apiVersion: Rollout has no version argoproj.io/v1; write argoproj.io/v1alpha1",
  ],
  [
    "a kind in small letters",
    "apiVersion: argoproj.io/v1alpha1\nkind: rollout\n",
    'kind: must be Rollout, but is "rollout"',
  ],
  [
    "a Service in capitals",
    "apiVersion: v1\nkind: SERVICE\n",
    'kind: must be Service, but is "SERVICE"',
  ],
  ["a kind of other programs", "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n", undefined],
];

Deno.test("a version or a kind that no server knows is an error", () => {
  for (const [what, head, text] of NAMES) {
    const spec =
      "spec: {strategy: {canary: {}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: 'a:1'}]}}}\n";
    const found = lintText(`${head}metadata: {name: a}\n${spec}`);
    assert.equal(found.map(({ path, text }) => `${path}: ${text}`)[0], text, what);
  }
});

Deno.test("a namespace that no server takes is an error", () => {
  const [finding] = lintObjects(object("v1", "ConfigMap", { namespace: "My_NS" }));
  assert.equal(finding?.path, "metadata.namespace");
  assert.match(finding?.text ?? "", /a lowercase RFC 1123 label/);
  assert.deepEqual(lintObjects(object("v1", "ConfigMap", { namespace: "my-ns" })), []);
});

Deno.test("what begins as JSON has to be JSON", () => {
  const good = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}';
  const rows = [
    good.replace("}}", "},}"),
    good.replaceAll('"', "'"),
    `\n  ${good.replace("}}", "}")},}`,
  ];
  for (const text of rows) {
    assert.deepEqual(lintText(text).map(({ rule }) => rule), ["not-json"], text);
  }
  const [comma] = lintText(good.replace("}}", "},}"));
  assert.deepEqual([comma?.line, comma?.column], [1, good.length + 1]);
  for (const text of [good, `${good}${good.replace('"a"', '"b"')}`, `# YAML\n${rows[0]}`]) {
    assert.deepEqual(lintText(text), [], text);
  }
});
