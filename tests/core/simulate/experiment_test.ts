import assert from "node:assert/strict";
import type { Experiment } from "../../../sdk/api/experiment.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { exitCodeOf, type Outcome, renderTimeline } from "../../../core/simulate/mod.ts";
import threeVersions from "../../fixtures/experiments/three_versions.yaml" with { type: "text" };
import { BAD, play, service } from "./shop.ts";
import { told, toldMetrics } from "./told_metrics.ts";

const NAME = "mock-server-experiment";

function experimentOf({ objects }: Outcome): Experiment {
  return objects.find(({ kind }) => kind === "Experiment") as Experiment;
}

function toldBy({ events }: Outcome, reason = ""): string[] {
  return events.filter((event) => event.object.startsWith("experiment/"))
    .filter((event) => event.reason.includes(reason))
    .map(({ atSeconds, message }) => `${atSeconds} ${message}`);
}

Deno.test("three versions run side by side for five minutes, and leave nothing behind", async () => {
  const outcome = await play(threeVersions);
  assert.deepEqual(toldBy(outcome, "ScalingReplicaSet"), [
    ...["baseline", "canary", "experimental"].map((name) =>
      `0 Scaled up ReplicaSet ${NAME}-${name} from 0 to 1`
    ),
    ...["baseline", "canary", "experimental"].map((name) =>
      `332 Scaled down ReplicaSet ${NAME}-${name} from 1 to 0`
    ),
  ]);
  assert.deepEqual(toldBy(outcome, "Experiment"), [
    "0 Experiment transitioned from  -> Pending",
    "1.2 Experiment transitioned from Pending -> Running",
    "302 Experiment transitioned from Running -> Successful",
  ]);
  assert.deepEqual(outcome.objects.filter(({ kind }) => kind === "Pod"), []);
  const { status } = experimentOf(outcome);
  assert.equal(status?.phase, "Successful");
  assert.deepEqual(status?.templateStatuses?.map(({ status: each }) => each), [
    "Successful",
    "Successful",
    "Successful",
  ]);
  assert.equal(status?.conditions?.[0]?.reason, "ExperimentCompleted");
  const sets = outcome.objects.filter(({ kind }) => kind === "ReplicaSet");
  assert.deepEqual(sets.map(({ spec }) => fieldsOf(spec)["replicas"]), [0, 0, 0]);
});

/** An Experiment `trial` with two sets of a pod; `fields` in YAML's block style, two blanks deep. */
function trial(fields = "", { image = "registry.example/shop:1", service = "" } = {}): string {
  const template = (name: string) => `
  - name: ${name}
    ${service}
    selector: {matchLabels: {app: shop, set: ${name}}}
    template:
      metadata: {labels: {app: shop, set: ${name}}}
      spec: {containers: [{name: main, image: "${image}", ports: [{containerPort: 80}]}]}`;
  return `
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: trial}
spec:
  templates:${template("base")}${template("next")}
${fields}`;
}

const COMPARED = `
  duration: 5m
  analyses:
  - name: compare
    templateName: compare
    args: [{name: set, value: "{{templates.next.replicaset.name}}"}]
`;

function ofKind({ objects }: Outcome, kind: string): string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}

Deno.test("an analysis begins once all pods are available, and its failure ends the experiment", async () => {
  const plugins = toldMetrics({ compare: [1, 0.5] });
  const manifests = trial(COMPARED) + told("compare", { args: "{name: set}" });
  const outcome = await play(manifests, [], { plugins });
  assert.deepEqual(plugins.asked, ['compare {"of":"trial-next"}', 'compare {"of":"trial-next"}']);
  assert.deepEqual(toldBy(outcome, "AnalysisRun"), [
    "1.2 AnalysisRun 'compare' transitioned from  -> Pending",
    "1.2 AnalysisRun 'compare' transitioned from Pending -> Running",
    "11 AnalysisRun 'compare' transitioned from Running -> Failed: " +
    'Metric "compare" assessed Failed due to failed (1) > failureLimit (0)',
  ]);
  assert.equal(outcome.result.phase, "Failed");
  assert.deepEqual(ofKind(outcome, "AnalysisRun"), ["trial-compare"]);
  assert.deepEqual(ofKind(outcome, "Pod"), []);
});

Deno.test("an analysis that is required ends the experiment with its success", async () => {
  const plugins = toldMetrics({ compare: [1] });
  const manifests = trial(`${COMPARED}    requiredForCompletion: true\n`) +
    told("compare", { args: "{name: set}" });
  const outcome = await play(manifests, [], { plugins });
  assert.deepEqual(toldBy(outcome, "Experiment"), [
    "0 Experiment transitioned from  -> Pending",
    "1.2 Experiment transitioned from Pending -> Running",
    "21 Experiment transitioned from Running -> Successful",
  ]);
  assert.equal(experimentOf(outcome).status?.message, "Required AnalysisRuns completed");
});

Deno.test("what still measures when the duration is over is told to end", async () => {
  const plugins = toldMetrics({ compare: [1] });
  const fields = COMPARED.replace("5m", "15s");
  const manifests = trial(fields) + told("compare", { count: 9, args: "{name: set}" });
  const outcome = await play(manifests, [], { plugins });
  assert.deepEqual(toldBy(outcome, "Terminating"), ["17 Terminating compare (trial-compare)"]);
  assert.equal(outcome.result.phase, "Successful");
  const [run] = outcome.objects.filter(({ kind }) => kind === "AnalysisRun");
  assert.equal(fieldsOf(run?.["status"])["phase"], "Successful");
});

Deno.test("a template that is not there ends the experiment before it makes pods", async () => {
  const outcome = await play(trial(COMPARED));
  assert.equal(
    outcome.result.message,
    "AnalysisTemplate verification failed for analysis 'compare': " +
      'analysistemplate.argoproj.io "compare" not found',
  );
  assert.equal(outcome.result.peakPods, 0);
});

Deno.test("pods that never come end the experiment, and nothing is left of it", async () => {
  const manifests = trial("  progressDeadlineSeconds: 60\n", {
    image: BAD,
    service: "service: {}",
  });
  const outcome = await play(manifests, [`0s: fail-image ${BAD}`]);
  assert.equal(outcome.result.phase, "Failed");
  assert.equal(
    outcome.result.message,
    "Template 'base' exceeded its progressDeadlineSeconds (60)",
  );
  assert.deepEqual([ofKind(outcome, "Pod"), ofKind(outcome, "Service")], [[], []]);
  // The deadline is over at 60 s, the delay at 90 s; how many pods are left is told a moment later.
  assert.equal(outcome.endSeconds, 91.5);
});

Deno.test("Services come with the pods, lead to them alone, and go with them", async () => {
  const running = await play(trial("", { service: "service: {}" }));
  assert.deepEqual(ofKind(running, "Service"), ["trial-base", "trial-next"]);
  const slices = running.objects.filter(({ kind }) => kind === "EndpointSlice");
  assert.deepEqual(slices.map((slice) => listOf(slice["endpoints"]).length), [1, 1]);
  const ended = await play(trial("", { service: "service: {}" }), ["1m: apply ended"], {
    files: { ended: trial("  terminate: true\n", { service: "service: {}" }) },
  });
  assert.deepEqual([ofKind(ended, "Pod"), ofKind(ended, "Service")], [[], []]);
  assert.equal(ended.endSeconds, 90);
});

Deno.test("an experiment that is deleted takes everything with it", async () => {
  const manifests = trial(COMPARED, { service: "service: {}" }) +
    told("compare", { count: 0, args: "{name: set}" });
  const plugins = toldMetrics({ compare: [1] });
  const outcome = await play(manifests, ["30s: delete experiment trial"], { plugins });
  assert.deepEqual([outcome.result.phase, exitCodeOf(outcome)], ["", 0]);
  for (const kind of ["Experiment", "ReplicaSet", "Pod", "Service", "AnalysisRun"]) {
    assert.deepEqual(ofKind(outcome, kind), [], kind);
  }
});

Deno.test("a Service that belongs to somebody else ends the experiment, and stays as it is", async () => {
  const manifests = trial("", { service: "service: {name: shop}" }) + service("shop");
  const outcome = await play(manifests);
  assert.equal(
    outcome.result.message,
    "Failed to create Service shop for template 'base': " +
      "service shop already exists and is not owned by experiment template base",
  );
  assert.deepEqual(ofKind(outcome, "Service"), ["shop"]);
  assert.deepEqual(ofKind(outcome, "Pod"), []);
});

Deno.test("a template that is taken out of the spec loses its pods", async () => {
  const [one = ""] = trial("", { service: "service: {}" }).split("  - name: next");
  const outcome = await play(trial("", { service: "service: {}" }), ["30s: apply one"], {
    files: { one },
  });
  assert.deepEqual(ofKind(outcome, "Service"), ["trial-base"]);
  assert.equal(ofKind(outcome, "Pod").length, 1);
});

Deno.test("the timeline shows an experiment, and its pods are counted", async () => {
  const outcome = await play(threeVersions);
  const lines = outcome.experiments?.map(({ atSeconds, phase, templates }) =>
    `${atSeconds} ${phase} ${templates.map((each) => `${each.available}/${each.replicas}`)}`
  );
  assert.deepEqual(lines, [
    "0 Pending 0/0,0/0,0/0",
    "0 Pending 0/1,0/1,0/1",
    "1.2 Running 1/1,1/1,1/1",
    "302 Successful 1/1,1/1,1/1",
    "332 Successful 1/0,1/0,1/0",
    "332 Successful 0/0,0/0,0/0",
  ]);
  assert.equal(outcome.result.peakPods, 3);
  assert.equal(outcome.result.atSeconds, 302);
  assert.match(
    renderTimeline(outcome),
    /^Name: +mock-server-experiment\n(?:.*\n)*^Σ mock-server-experiment +Experiment +✔ Successful/m,
  );
  assert.match(
    renderTimeline(outcome),
    /5m2s Σ mock-server-experiment: ✔ Successful, baseline 1\/1, canary 1\/1/,
  );
});

Deno.test("of two experiments that change at once, each has its own reason", async () => {
  const other = trial().replaceAll("trial", "other").replaceAll("base", "left")
    .replaceAll("next", "right");
  const { experiments = [] } = await play(`${trial()}\n---${other}`);
  const firstOf = (name: string) => experiments.find(({ experiment }) => experiment === name)?.why;
  assert.equal(firstOf("trial"), "waiting for the pods of base, next");
  assert.equal(firstOf("other"), "waiting for the pods of left, right");
});
