/** Experiments that are wrong, lose what they need, or come from another controller. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import type { Experiment } from "../../../sdk/api/experiment.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { MetricProvider } from "../../../sdk/metric_provider.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { type Outcome, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import running from "../../fixtures/dumps/experiment-running.yaml" with { type: "text" };
import manifest from "../../fixtures/seeds/90-section1-examples/manifest-7.yaml" with {
  type: "text",
};
import { play, service, shop } from "./shop.ts";
import { told, toldMetrics } from "./told_metrics.ts";

/** One template of an Experiment, in YAML's flow style. */
function template(name: string, { selector = "{matchLabels: {app: t}}", fields = "" } = {}) {
  return `{name: "${name}", selector: ${selector}, ${fields} template: {metadata: {labels: ` +
    '{app: t}}, spec: {containers: [{name: main, image: "shop:1", ports: [{containerPort: 80}]}]}}}';
}

function trial(templates: readonly string[], fields = ""): string {
  return `
---
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: trial}
spec: {${fields} templates: [${templates.join(", ")}]}
`;
}

function ofKind({ objects }: Outcome, kind: string): KubeObject[] {
  return objects.filter((object) => object.kind === kind);
}

function namesOf(outcome: Outcome, kind: string): string[] {
  return ofKind(outcome, kind).map(({ metadata }) => metadata.name);
}

function experimentOf(outcome: Outcome): Experiment {
  return ofKind(outcome, "Experiment")[0] as Experiment;
}

const INVALID: [what: string, manifests: string, message: string][] = [
  [
    "a selector of all pods",
    trial([template("a"), template("b", { selector: "{}" })]),
    "This experiment is selecting all pods at index 1. A non-empty selector is required.",
  ],
  [
    "pods that are ready after their deadline",
    trial([template("a", { fields: "minReadySeconds: 11," })], "progressDeadlineSeconds: 10,"),
    "MinReadySeconds cannot be longer than ProgressDeadlineSeconds. Check template index 0",
  ],
  [
    "a template without a name",
    trial([template("a"), template("")]),
    "Experiment trial has empty template name at index 1",
  ],
  [
    "two templates of one name",
    trial([template("a"), template("a")]),
    "Experiment trial has repeated template name 'a' in templates",
  ],
  [
    "a duration that cannot be read",
    trial([template("a")], "duration: soon,"),
    'invalid duration string: time: invalid duration "soon"',
  ],
];

for (const [what, manifests, message] of INVALID) {
  Deno.test(`an experiment with ${what} makes nothing, says so, and begins once it is mended`, async () => {
    const outcome = await play(manifests);
    const { phase, conditions } = experimentOf(outcome).status ?? {};
    assert.equal(phase, undefined);
    assert.deepEqual(
      conditions?.map(({ type, status, reason, message }) => ({
        type,
        status,
        reason,
        message,
      })),
      [{ type: "InvalidSpec", status: "True", reason: "InvalidSpec", message }],
    );
    assert.deepEqual(namesOf(outcome, "ReplicaSet"), []);
    assert.equal(outcome.writes.total, 1);
    const mended = await play(manifests, ["1m: apply mended"], {
      files: { mended: trial([template("a")]).replace("spec: {", "spec: {duration: 30s,") },
    });
    const { status } = experimentOf(mended);
    assert.equal(status?.phase, "Successful");
    assert.deepEqual(status?.conditions?.map(({ type }) => type), ["Progressing"]);
  });
}

Deno.test("an experiment without a selector is refused as an API server refuses it", async () => {
  const manifests = trial([template("a")]).replace(/selector: \{matchLabels: \{app: t\}\}, /, "");
  await assert.rejects(play(manifests), { message: /spec\.templates\[0\]\.selector/ });
});

const UPDATE = "10s: set image shop main=registry.example/shop:2";
const ROUTE = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http:
  - route:
    - {destination: {host: stable}, weight: 100}
    - {destination: {host: canary}, weight: 0}
`;

/** A routed Rollout whose first step is an experiment with a share of the traffic. */
function routed({ duration = "1m", analyses = "", serviceName = "trial" } = {}): string {
  const step = `{experiment: {duration: ${duration}, ${analyses} templates: [{name: a, ` +
    `specRef: canary, weight: 20, service: {name: ${serviceName}}}]}}`;
  const strategy = `canary: {stableService: stable, canaryService: canary, ` +
    `steps: [${step}, {pause: {}}], trafficRouting: {istio: {virtualService: {name: shop}}}}`;
  const withPort = shop(strategy).replace(
    'image: "registry.example/shop:1"',
    'image: "registry.example/shop:1", ports: [{containerPort: 80}]',
  );
  return withPort + service("stable") + service("canary") + ROUTE;
}

/** The weights at the end, and the most that \`name\` had. */
function weightsOf({ timeline }: Outcome, name = "trial") {
  const all = timeline.flatMap(({ routes }) => Object.values(routes ?? {}));
  return { last: all.at(-1), most: Math.max(...all.map((weights) => weights[name] ?? 0)) };
}

const ALL_TO_STABLE = { stable: 100, canary: 0 };

Deno.test("a Service of somebody else ends the experiment of a step: it gets no weight, and stays", async () => {
  const outcome = await play(routed() + service("trial", "app: other"), [UPDATE], { plugins });
  assert.equal(outcome.result.phase, "Degraded");
  assert.match(
    outcome.result.message,
    /service trial already exists and is not owned by experiment template a/,
  );
  assert.deepEqual(weightsOf(outcome), { last: ALL_TO_STABLE, most: 0 });
  const [other] = ofKind(outcome, "Service").filter(({ metadata }) => metadata.name === "trial");
  assert.deepEqual(fieldsOf(other?.["spec"])["selector"], { app: "other" });
  assert.equal(namesOf(outcome, "Pod").length, 2);
});

Deno.test("a step whose duration cannot be read is refused with its place, before anything is made", async () => {
  const outcome = await play(routed({ duration: "soon" }), [UPDATE], { plugins });
  assert.equal(
    outcome.result.message,
    'InvalidSpec: The Rollout "shop" is invalid: ' +
      'spec.strategy.steps[0].experiment.duration: Invalid value: "soon": ' +
      'invalid duration string: time: invalid duration "soon"',
  );
  assert.deepEqual(namesOf(outcome, "Experiment"), []);
});

Deno.test("a step whose experiment is refused ends the update, and says why", async () => {
  const twice = routed().replace(
    "service: {name: trial}}]",
    "service: {name: trial}}, {name: a, specRef: stable}]",
  );
  const outcome = await play(twice, [UPDATE], { plugins });
  assert.equal(outcome.result.phase, "Degraded");
  assert.match(outcome.result.message, /has repeated template name 'a' in templates$/);
  assert.deepEqual(outcome.result.violations, []);
  assert.deepEqual(weightsOf(outcome), { last: ALL_TO_STABLE, most: 0 });
  assert.equal(namesOf(outcome, "Pod").length, 2);
});

const COMPARED = "analyses: [{name: compare, templateName: compare}],";

Deno.test("a step of a template that is not there ends the update before any share, until a retry", async () => {
  const plugins = toldMetrics({ compare: [1] });
  const text = routed({ analyses: COMPARED });
  const without = await play(text, [UPDATE], { plugins });
  assert.equal(without.result.phase, "Degraded");
  assert.match(without.result.message, /analysistemplate\.argoproj\.io "compare" not found$/);
  assert.deepEqual(weightsOf(without), { last: ALL_TO_STABLE, most: 0 });
  const later = await play(text, [UPDATE, "1m: apply template", "70s: retry shop"], {
    plugins,
    files: { template: told("compare") },
  });
  assert.equal(later.result.phase, "Paused");
  assert.equal(weightsOf(later).most, 20);
});

Deno.test("a template that is removed before its run begins ends the update, and leaves no share", async () => {
  const outcome = await play(routed({ analyses: COMPARED }) + told("compare"), [
    "0s: pod-start 20s",
    "40s: set image shop main=registry.example/shop:2",
    "45s: delete analysistemplate/compare",
  ], { plugins: toldMetrics({ compare: [1] }) });
  assert.equal(outcome.result.phase, "Degraded");
  assert.match(outcome.result.message, /"?compare"?'? not found/);
  assert.deepEqual(weightsOf(outcome), { last: ALL_TO_STABLE, most: 0 });
  assert.equal(namesOf(outcome, "Pod").length, 2);
});

Deno.test("a template that is removed once its run goes on does not touch the experiment", async () => {
  const outcome = await play(routed({ analyses: COMPARED }) + told("compare", { count: 5 }), [
    UPDATE,
    "20s: delete analysistemplate/compare",
    "25s: apply template",
  ], {
    plugins: toldMetrics({ compare: [1] }),
    files: { template: told("compare", { count: 5 }) },
  });
  const { status } = experimentOf(outcome);
  assert.equal(status?.phase, "Successful");
  assert.deepEqual(namesOf(outcome, "AnalysisRun").length, 1);
});

Deno.test("a Rollout that is deleted in the middle and applied again takes the share back", async () => {
  const text = routed();
  const [rollout = ""] = text.split("---");
  const outcome = await play(text, [UPDATE, "30s: delete rollout shop", "1m: apply again"], {
    plugins,
    files: { again: rollout },
  });
  assert.deepEqual(weightsOf(outcome), { last: ALL_TO_STABLE, most: 20 });
  assert.equal(outcome.result.phase, "Healthy");
  assert.deepEqual(namesOf(outcome, "Service"), ["canary", "stable"]);
});

/** A Prometheus that always finds the same. */
const GOOD: MetricProvider = {
  name: "prometheus",
  run: () =>
    Promise.resolve({ is: "value", value: { shape: "scalar", value: 0.99 }, text: "0.99" }),
};

Deno.test("an experiment that Argo Rollouts began is taken over without a write, and ends in its time", async () => {
  const { items } = parse(running) as { items: KubeObject[] };
  const goOn = (untilMs: number) =>
    simulate({ objects: items, script: [], timed: [], files: new Map(), untilMs, seed: 1 }, {
      plugins: { ...plugins, metricProviders: [GOOD] },
    });
  // Before the next measurement.
  assert.equal((await goOn(1000)).writes.total, 0);
  const outcome = await goOn(600_000);
  assert.deepEqual(outcome.result.violations, []);
  const { experiments = [] } = outcome;
  const ended = experiments.find(({ phase }) => phase !== "Running");
  const { availableAt = "", templateStatuses = [] } = experimentOf(outcome).status ?? {};
  const startMs = Date.parse(items[0]?.metadata.creationTimestamp ?? "");
  assert.ok(Date.parse(availableAt) >= startMs);
  assert.equal(ended?.phase, "Successful");
  assert.deepEqual(templateStatuses.map(({ status }) => status), ["Successful", "Successful"]);
  assert.deepEqual(namesOf(outcome, "Service"), ["mock-server-canary", "mock-server-stable"]);
  assert.deepEqual(namesOf(outcome, "Experiment").slice(0, 1), ["mock-server-77f87799cf-2-0"]);
  const keys = Object.keys(weightsOf(outcome).last ?? {}).sort();
  assert.deepEqual(keys, ["mock-server-canary", "mock-server-stable"]);
});

Deno.test("the published step whose experiment takes all traffic gets it, and gives it back", async () => {
  const rollout = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: mock-server}
spec:
  replicas: 4
  selector: {matchLabels: {app: mock-server}}
  template:
    metadata: {labels: {app: mock-server}}
    spec: {containers: [{name: mock-server, image: "mock:1", ports: [{containerPort: 8080}]}]}
${manifest}`;
  const services = ["stable", "canary"].map((side) => service(`mock-server-${side}`)).join("");
  const route = ROUTE.replaceAll("shop", "mock-server").replaceAll("host: ", "host: mock-server-")
    .replace("  - route:", "  - name: primary\n    route:");
  const compared = told("compare-success-rate", { count: 0 }).replace(
    "args: []",
    "args: [{name: stable-hash}, {name: canary-hash}]",
  );
  const outcome = await play(
    rollout + services.replaceAll("app: shop", "app: mock-server") +
      route + compared,
    ["10s: set image mock-server mock-server=mock:2"],
    {
      plugins: toldMetrics({ "compare-success-rate": [1] }),
    },
  );
  assert.deepEqual(outcome.result.violations, []);
  const texts = outcome.timeline.map(({ routes }) =>
    Object.entries(Object.values(routes ?? {})[0] ?? {}).sort()
      .map(([name, weight]) => `${name.replace("mock-server-", "")} ${weight}`).join(", ")
  );
  assert.deepEqual(texts.filter((text, index) => text !== texts[index - 1]).slice(0, 5), [
    "canary 0, stable 100",
    "canary 10, stable 90",
    "canary 0, experiment-canary 50, experiment-stable 50, stable 0",
    "canary 10, stable 90",
    "canary 20, stable 80",
  ]);
  assert.equal(listOf(experimentOf(outcome).status?.analysisRuns).length, 1);
});
