import assert from "node:assert/strict";
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  freeName,
  isSameRun,
  newRun,
  noDataPolicy,
  sameSpec,
  terminateWrite,
} from "../../../core/analysis/mod.ts";
import { collectTemplates } from "../../../core/api/validation/analysis_templates.ts";
import { templateReferences } from "../../../core/api/validation/references.ts";

const OWNER: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "shop", uid: "u1" },
};

interface TemplateSpec {
  readonly metrics?: readonly string[];
  readonly args?: readonly unknown[];
  readonly dryRun?: readonly string[];
  readonly kept?: readonly string[];
  readonly names?: readonly string[];
  readonly isForCluster?: boolean;
  readonly onNoData?: string;
}

function template(name: string, spec: TemplateSpec): KubeObject {
  const { metrics = [], args = [], dryRun = [], kept = [], names = [], isForCluster } = spec;
  const annotations = spec.onNoData === undefined
    ? {}
    : { annotations: { "sluice.dev/on-no-data": spec.onNoData } };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: isForCluster === true ? "ClusterAnalysisTemplate" : "AnalysisTemplate",
    metadata: { name, ...annotations },
    spec: {
      metrics: metrics.map((metric) => ({ name: metric, provider: { job: {} } })),
      args,
      dryRun: dryRun.map((metricName) => ({ metricName })),
      measurementRetention: kept.map((metricName) => ({ metricName, limit: 3 })),
      templates: names.map(referenceTo),
    },
  };
}

/** `cluster/x` is a ClusterAnalysisTemplate. */
function referenceTo(name: string) {
  return name.startsWith("cluster/")
    ? { templateName: name.slice("cluster/".length), clusterScope: true }
    : { templateName: name };
}

function runOf(
  templates: readonly KubeObject[],
  parts: Partial<Parameters<typeof newRun>[0]> = {},
) {
  return newRun({
    name: "web-abc-2-1",
    namespace: "shop",
    owner: OWNER,
    templates: templates.filter(({ kind }) => kind === "AnalysisTemplate"),
    clusterTemplates: templates.filter(({ kind }) => kind !== "AnalysisTemplate"),
    args: [],
    ...parts,
  });
}

function valueOf(templates: readonly KubeObject[], parts = {}): AnalysisRun {
  const made = runOf(templates, parts);
  assert.equal(made.error, undefined);
  return (made as { value: AnalysisRun }).value;
}

/** The names of the metrics of the run that a list of names comes to. */
function metricsOf(named: readonly string[], templates: readonly KubeObject[]): string[] {
  const { templates: own, clusterTemplates } = collectTemplates(
    templateReferences(named.map(referenceTo), []),
    ({ type, name }) =>
      templates.find(({ kind, metadata }) => kind === type.kind && metadata.name === name),
  );
  return valueOf([...own, ...clusterTemplates]).spec.metrics.map(({ name }) => name);
}

Deno.test("newRun() makes the run that Argo makes of a template", () => {
  const args = [{ name: "service" }, { name: "token", valueFrom: { secretKeyRef: SECRET } }];
  const made = valueOf([template("rate", { metrics: ["rate"], args })], {
    labels: { "rollout-type": "Step", app: "web" },
    annotations: { "rollout.argoproj.io/revision": "2" },
    args: [{ name: "service", value: "web-canary" }, { name: "unknown", value: "dropped" }],
  });
  assert.deepEqual(made, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: {
      name: "web-abc-2-1",
      namespace: "shop",
      labels: { "rollout-type": "Step", app: "web" },
      annotations: { "rollout.argoproj.io/revision": "2" },
      ownerReferences: [{
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        name: "web",
        uid: "u1",
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec: {
      metrics: [{ name: "rate", provider: { job: {} } }],
      args: [{ name: "service", value: "web-canary" }, {
        name: "token",
        valueFrom: { secretKeyRef: SECRET },
      }],
    },
  });
});

const SECRET = { name: "tokens", key: "prometheus" };

Deno.test("templates that templates name come behind them, each once, also in a circle", () => {
  const a = template("a", { metrics: ["a"], names: ["b", "cluster/c"] });
  const b = template("b", { metrics: ["b"], names: ["a", "d", "b"] });
  const c = template("c", { metrics: ["c"], names: ["cluster/c", "d"], isForCluster: true });
  const d = template("d", { metrics: ["d"] });
  const all = [a, b, c, d];
  assert.deepEqual(metricsOf(["a"], all), ["a", "b", "d", "c"]);
  assert.deepEqual(metricsOf(["d", "a", "d"], all), ["d", "a", "b", "c"]);
  assert.deepEqual(metricsOf(["cluster/c", "b"], all), ["d", "b", "a", "c"]);
});

Deno.test("newRun() refuses with Argo's words", () => {
  const twoValues = [{ name: "x", value: "a" }, { name: "x", value: "b" }];
  const rows: [KubeObject[], string, object?][] = [
    [
      [template("a", { metrics: ["x"] }), template("b", { metrics: ["x"] })],
      "two metrics have the same name 'x'",
    ],
    [
      [template("a", { metrics: ["m"], dryRun: ["x"] }), template("b", { dryRun: ["x"] })],
      "two Dry-Run metric rules have the same name 'x'",
    ],
    [
      [template("a", { metrics: ["m"], dryRun: ["x"] })],
      "two Dry-Run metric rules have the same name 'x'",
      { dryRun: [{ metricName: "x" }] },
    ],
    [
      [template("a", { metrics: ["m"], kept: ["x"] }), template("b", { kept: ["x"] })],
      "two Measurement Retention metric rules have the same name 'x'",
    ],
    [
      [template("a", { metrics: ["m"], args: twoValues })],
      "Argument `x` specified multiple times with different values: 'a', 'b'",
    ],
    [[template("a", { metrics: ["m"], args: [{ name: "x" }] })], "args.x was not resolved"],
    [
      [template("a", { metrics: ["m"], onNoData: "shrug" })],
      "AnalysisTemplate 'a': annotation sluice.dev/on-no-data must be inconclusive, fail or wait, " +
      "not 'shrug'",
    ],
  ];
  for (const [templates, error, parts] of rows) {
    assert.deepEqual(runOf(templates, parts), { error });
  }
});

Deno.test("a caller's rules stand before those of the templates", () => {
  const made = valueOf([template("a", { metrics: ["m"], dryRun: ["m"], kept: ["m"] })], {
    dryRun: [{ metricName: ".*" }],
    measurementRetention: [{ metricName: "m.*", limit: 7 }],
  });
  assert.deepEqual(made.spec.dryRun, [{ metricName: ".*" }, { metricName: "m" }]);
  assert.deepEqual(made.spec.measurementRetention, [
    { metricName: "m.*", limit: 7 },
    { metricName: "m", limit: 3 },
  ]);
});

Deno.test("what a template says about missing data reaches its metrics, and no others", () => {
  const made = valueOf([
    template("a", { metrics: ["one", "two"], onNoData: "fail" }),
    template("b", { metrics: ["three", "__proto__"], onNoData: "wait" }),
    template("c", { metrics: ["four"], onNoData: "wait", isForCluster: true }),
  ]);
  const policies = ["one", "two", "none", "__proto__", "four", "toString"]
    .map((metric) => noDataPolicy(made, metric));
  assert.deepEqual(policies, ["fail", "fail", undefined, "wait", "wait", undefined]);
  const plain = { ...made, metadata: { name: "x", annotations: { [ON_NO_DATA]: "inconclusive" } } };
  assert.equal(noDataPolicy(plain, "any"), "inconclusive");
  for (const text of ["{", "{}", "[]", "null", '{"any":7}', '{"any":"shrug"}']) {
    const odd = { ...made, metadata: { name: "x", annotations: { [ON_NO_DATA]: text } } };
    assert.equal(noDataPolicy(odd, "any"), undefined, text);
  }
});

const ON_NO_DATA = "sluice.dev/on-no-data";

Deno.test("runs are the same when metrics, rules and arguments are", () => {
  const made = valueOf([template("a", { metrics: ["m"] })]);
  const [metric] = made.spec.metrics;
  const provider = { job: { metadata: {}, spec: null } };
  const asArgo = { ...made, spec: { metrics: [{ ...metric, provider }], args: [], dryRun: [] } };
  assert.ok(sameSpec(made, asArgo as unknown as AnalysisRun), "empty structures count as absent");
  assert.ok(sameSpec(made, { ...made, spec: { ...made.spec, terminate: true } }));
  const others: Partial<AnalysisRun["spec"]>[] = [
    { metrics: [] },
    { args: [{ name: "x", value: "1" }] },
    { dryRun: [{ metricName: "m" }] },
    { measurementRetention: [{ metricName: "m", limit: 1 }] },
  ];
  for (const other of others) {
    assert.ok(!sameSpec(made, { ...made, spec: { ...made.spec, ...other } }));
  }
});

Deno.test("a run stands for a new one while it goes on, is the owner's and the same", () => {
  const made = valueOf([template("a", { metrics: ["m"] })]);
  assert.ok(isSameRun(made, made));
  assert.ok(isSameRun({ ...made, status: { phase: "Running" } }, made));
  assert.ok(!isSameRun({ ...made, status: { phase: "Error" } }, made));
  assert.ok(!isSameRun({ ...made, spec: { metrics: [] } }, made));
  const [reference] = made.metadata.ownerReferences ?? [];
  assert.ok(reference !== undefined);
  const ownerReferences = [{ ...reference, uid: "u2" }];
  assert.ok(!isSameRun({ ...made, metadata: { ...made.metadata, ownerReferences } }, made));
});

Deno.test("a name that is taken gets the first number that is free", () => {
  const taken = new Set(["web", "web.1", "web.1.1", "exp", "exp-1"]);
  const isTaken = (name: string) => taken.has(name);
  assert.equal(freeName("free", isTaken), "free");
  assert.equal(freeName("web", isTaken), "web.2");
  assert.equal(freeName("web.1", isTaken), "web.1.2");
  assert.equal(freeName("web", (name) => name === "web"), "web.1");
  assert.equal(freeName("exp", isTaken, { separator: "-" }), "exp-2");
});

Deno.test("a run is ended by one field of its spec", () => {
  const made = valueOf([template("a", { metrics: ["m"] })]);
  const present = { ...made, metadata: { ...made.metadata, resourceVersion: "7" } };
  const { patch, ref, type, decidedOn } = terminateWrite(present) as Extract<
    ReturnType<typeof terminateWrite>,
    { verb: "patch" }
  >;
  assert.deepEqual(patch, { type: "merge", body: { spec: { terminate: true } } });
  assert.deepEqual([ref, type.plural, decidedOn], [
    { namespace: "shop", name: "web-abc-2-1" },
    "analysisruns",
    "7",
  ]);
});
