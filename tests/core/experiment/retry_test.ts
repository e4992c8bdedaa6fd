import assert from "node:assert/strict";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  EXPERIMENTS,
  PODS,
} from "../../../core/api/names/resources.ts";
import { apply, RUN_VERBS } from "../../../core/command/mod.ts";
import type { Experiment } from "../../../sdk/api/experiment.ts";
import { embeddedCase } from "../../seeds/embedded_case.ts";
import { objectsOf } from "../simulate/shop.ts";
import { told, toldMetrics } from "../simulate/told_metrics.ts";

const PLACE = { namespace: "default", name: "trial" };
const TRIAL = `
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: trial, namespace: default}
spec:
  duration: 5m
  analyses: [{name: rate, templateName: rate, requiredForCompletion: true}]
  templates:
  - name: next
    selector: {matchLabels: {app: shop}}
    template:
      metadata: {labels: {app: shop}}
      spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
`;

Deno.test("an experiment that is tried again is measured anew, and its pods have their delay", async () => {
  const values = toldMetrics({ rate: [0] });
  const world = embeddedCase(values.metricProviders);
  const [template] = objectsOf(told("rate", { count: 1 }));
  assert.ok(template !== undefined);
  const metadata = { ...template.metadata, namespace: "default" };
  await apply(world.user, ANALYSIS_TEMPLATES, { ...template, metadata });
  for (const trial of objectsOf(TRIAL)) await apply(world.user, EXPERIMENTS, trial);
  const names = async (type: typeof PODS) =>
    (await world.user.list(type, { namespace: "default" })).items.map((one) => one.metadata.name);
  const phase = async () => (await world.user.get(EXPERIMENTS, PLACE) as Experiment).status?.phase;
  await world.wait(60_000);
  assert.equal(await phase(), "Failed");
  assert.deepEqual(await names(PODS), []);
  await RUN_VERBS["retry experiment"].carryOut(
    { cluster: world.user, nowMs: world.nowMs(), locate: () => PLACE },
    { names: ["trial"] },
  );
  await world.wait(20_000);
  assert.deepEqual(await names(ANALYSIS_RUNS), ["trial-rate", "trial-rate.1"]);
  assert.equal((await names(PODS)).length, 1);
  await world.wait(40_000);
  assert.deepEqual(await names(PODS), []);
});
