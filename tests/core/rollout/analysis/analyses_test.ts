import assert from "node:assert/strict";
import type { AnalysisRun } from "../../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import { ANALYSIS_RUNS } from "../../../../core/api/names/resources.ts";
import { Memo } from "../../../../core/rollout/memo.ts";
import { controllerOver, replicaSet, rollout, SERVED } from "../controller_world.ts";
import { RATE, runOf } from "./run_shapes.ts";

const SET = replicaSet({ name: "web-a", hash: "a", image: "web:1" });

/** `web` with one analysis after its first step. */
function measured(
  { analysis = RATE, status = {} }: { analysis?: Record<string, unknown>; status?: object } = {},
): Rollout {
  const written = rollout("web:1");
  const { canary } = written.spec.strategy ?? {};
  const steps = [{ setWeight: 20 }, { analysis }];
  return {
    ...written,
    spec: { ...written.spec, strategy: { canary: { ...canary, steps } } },
    status: { currentPodHash: "a", stableRS: "old", currentStepIndex: 1, ...status },
  };
}

function template(name = "rate", spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name, namespace: "shop", uid: name, resourceVersion: "7" },
    spec: { metrics: [{ name, provider: { web: { url: "http://shop" } } }], ...spec },
  };
}

const FOR_CLUSTER: KubeObject = {
  ...template("wide"),
  kind: "ClusterAnalysisTemplate",
  metadata: { name: "wide", uid: "wide", resourceVersion: "8" },
};

function ownRun(name: string, phase?: "Running" | "Successful"): AnalysisRun {
  const run = runOf({ name, ...(phase === undefined ? {} : { phase }) });
  const owners = run.metadata.ownerReferences?.map((owner) => ({ ...owner, uid: "rollout" }));
  return { ...run, metadata: { ...run.metadata, ownerReferences: owners ?? [] } };
}

Deno.test("observe() drafts the run of the present step, of the templates as they are", () => {
  const analysis = {
    templates: [{ templateName: "rate" }, { templateName: "wide", clusterScope: true }],
    args: [{ name: "hash", valueFrom: { podTemplateHashValue: "Latest" } }],
    analysisRunMetadata: { labels: { app: "theirs", team: "x" }, annotations: { note: "y" } },
  };
  const { observe } = controllerOver([
    measured({ analysis }),
    template("rate", { args: [{ name: "hash" }] }),
    FOR_CLUSTER,
    SET,
    ...SERVED,
  ]);
  const world = observe();
  assert.equal(world?.invalid, undefined);
  const run = world?.analysis.drafts.Step?.run;
  assert.deepEqual(run?.metadata, {
    name: "web-a-1-1",
    namespace: "shop",
    labels: {
      app: "web",
      team: "x",
      "rollout-type": "Step",
      "rollouts-pod-template-hash": "a",
      "step-index": "1",
    },
    annotations: { "rollout.argoproj.io/revision": "1", note: "y" },
    ownerReferences: [{
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      name: "web",
      uid: "rollout",
      controller: true,
      blockOwnerDeletion: true,
    }],
  });
  assert.deepEqual(run?.spec.metrics.map(({ name }) => name), ["rate", "wide"]);
  assert.deepEqual(run?.spec.args, [{ name: "hash", value: "a" }]);
});

Deno.test("observe() takes the run that is there and the same, and another name than a taken one", () => {
  const draft = (present?: AnalysisRun) =>
    controllerOver([
      measured(),
      template(),
      SET,
      ...SERVED,
      ...(present === undefined ? [] : [present]),
    ]).observe()?.analysis.drafts.Step;
  const { spec } = draft()?.run ?? {};
  const made = (phase?: "Running" | "Successful", terminate = false): AnalysisRun => ({
    ...ownRun("web-a-1-1", phase),
    spec: { metrics: [], ...spec, terminate },
  });
  const nameOf = (present: AnalysisRun) => draft(present)?.run.metadata.name;
  assert.equal(draft(made("Running"))?.present?.metadata.name, "web-a-1-1");
  assert.equal(draft(made())?.present?.metadata.name, "web-a-1-1");
  assert.equal(draft(made("Successful"))?.present, undefined);
  assert.equal(nameOf(made("Successful")), "web-a-1-1.1");
  assert.equal(nameOf(made("Running", true)), "web-a-1-1.1");
  assert.equal(nameOf(runOf({ name: "web-a-1-1" })), "web-a-1-1.1");
});

Deno.test("observe() calls a spec invalid whose analysis cannot be made", () => {
  const invalid = (analysis: Record<string, unknown>, ...objects: KubeObject[]) =>
    controllerOver([measured({ analysis }), SET, ...SERVED, ...objects]).observe()?.invalid;
  const at = "spec.strategy.canary.steps[1].analysis";
  assert.equal(
    invalid(RATE),
    `${at}.templates: Invalid value: "rate": AnalysisTemplate 'rate' not found`,
  );
  assert.equal(
    invalid({ templates: [{ templateName: "wide", clusterScope: true }] }, template("wide")),
    `${at}.templates: Invalid value: "wide": ClusterAnalysisTemplate 'wide' not found`,
  );
  const args = [{ name: "n", valueFrom: { fieldRef: { fieldPath: "spec.none" } } }];
  assert.equal(
    invalid({ ...RATE, args }, template("rate", { args: [{ name: "n" }] })),
    `${at}.args: Invalid value: "args: [n]": invalid path spec.none in rollout`,
  );
  assert.equal(invalid(RATE, template()), undefined);
});

Deno.test("templates that may not be read are not called missing", () => {
  const { observe } = controllerOver([measured(), SET, ...SERVED], new Memo(), "forbidden");
  assert.match(observe()?.invalid ?? "", /the controller may not list these templates, nor read/);
});

Deno.test("a service that is missing is told before a template that is missing", () => {
  const { observe } = controllerOver([measured(), SET]);
  assert.match(observe()?.invalid ?? "", /service "web-stable" not found/);
});

Deno.test("the cluster itself is asked for a run that is recorded as going on and not cached", () => {
  const name = "web-a-1-1";
  const recorded = (status: string) =>
    measured({ status: { canary: { currentStepAnalysisRunStatus: { name, status } } } });
  const id = `analysis run ${name}`;
  const world = controllerOver([recorded("Running"), template(), SET, ...SERVED]);
  assert.deepEqual(world.asks(0), {
    [id]: { kind: "get", type: ANALYSIS_RUNS, ref: { namespace: "shop", name } },
  });
  const answer = (value: unknown) =>
    world.observe(new Map([[id, { state: "answered", value, askedAtMs: 0 }]]))?.analysis;
  assert.deepEqual(answer(null)?.gone, [name]);
  assert.deepEqual(answer(ownRun(name))?.runs.map(({ metadata }) => metadata.name), [name]);
  assert.deepEqual(answer(runOf({ name }))?.gone, [name]);
  const foreign = controllerOver([recorded(""), template(), runOf({ name }), SET, ...SERVED]);
  assert.deepEqual(foreign.observe()?.analysis.gone, [name]);
  assert.deepEqual(controllerOver([recorded(""), template(), SET]).asks(0), {});
  assert.deepEqual(world.observe()?.analysis.gone, []);
  const present = ownRun(name, "Running");
  assert.deepEqual(
    controllerOver([recorded("Running"), template(), present, SET, ...SERVED]).asks(0),
    {},
  );
  assert.deepEqual(controllerOver([recorded("Successful"), template(), SET]).asks(0), {});
});

Deno.test("runs and templates wake the Rollouts that they are about, and nobody else", () => {
  const outer = template("outer", { templates: [{ templateName: "rate" }] });
  const named = { templates: [{ templateName: "outer" }] };
  const { wakes } = controllerOver([measured({ analysis: named }), outer, template(), ...SERVED]);
  const elsewhere = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, namespace: "other" },
  });
  assert.deepEqual(wakes(outer), ["shop/web"]);
  assert.deepEqual(wakes(template()), ["shop/web"]);
  assert.deepEqual(wakes(template("another")), []);
  assert.deepEqual(wakes(elsewhere(template())), []);
  assert.deepEqual(wakes(FOR_CLUSTER), []);
  assert.deepEqual(wakes(ownRun("web-a-1-1")), ["shop/web"]);
  const foreign = ownRun("x");
  foreign.metadata.ownerReferences = [];
  assert.deepEqual(wakes(foreign), []);
});

Deno.test("needs() names the runs and the templates, and nothing without an analysis", () => {
  assert.deepEqual(controllerOver([rollout("web:1")]).needs(), []);
  const refs = (objects: KubeObject[]) =>
    controllerOver(objects).needs().map(({ type, refs }) => [type.plural, refs]);
  assert.deepEqual(refs([measured()]), [
    ["analysisruns", []],
    ["analysistemplates", [{ namespace: "shop", name: "rate" }]],
  ]);
  const outer = template("rate", {
    templates: [{ templateName: "wide", clusterScope: true }],
  });
  assert.deepEqual(refs([measured(), outer]), [
    ["analysisruns", []],
    ["analysistemplates", [{ namespace: "shop", name: "rate" }]],
    ["clusteranalysistemplates", [{ name: "wide" }]],
  ]);
});
