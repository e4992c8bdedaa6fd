/** Measured Rollouts, told as what people see: runs that come and go, and what is done about them. */
import assert from "node:assert/strict";
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { Reading } from "../../../sdk/metric_provider.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../core/api/names/resources.ts";
import { setImage } from "../../../core/command/mod.ts";
import {
  createWorld,
  settleInstant,
  type SimulatedWorld,
} from "../../../core/simulate/simulated_world.ts";
import { plugins } from "../../../plugins/mod.ts";
import { objectsOf } from "./shop.ts";

const SHOP = { namespace: "default", name: "shop" };

const ROLLOUT = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  strategy:
    canary:
      steps: [{setWeight: 50}, {analysis: {templates: [{templateName: errors}]}}]
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
`;

const TEMPLATE = `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors}
spec: {metrics: [{name: errors, interval: 10s, count: 3, provider: {plugin: {example/meter: {}}}}]}
`;

/** A cluster in which every measurement is a success, unless it is told otherwise. */
function shopOf(...manifests: string[]) {
  return measuredShop("Successful", manifests);
}

function measuredShop(phase: "Successful" | "Failed", manifests: readonly string[]) {
  const run = (): Promise<Reading> => Promise.resolve({ is: "verdict", phase });
  const metricProviders = [{ name: "example/meter", run }];
  const world = createWorld(1, { plugins: { ...plugins, metricProviders } });
  const user = world.cluster.client("user");
  world.engine.start();
  const apply = async (text: string) => {
    for (const object of objectsOf(text)) {
      const type = object.kind === "Rollout" ? ROLLOUTS : ANALYSIS_TEMPLATES;
      const metadata = { namespace: SHOP.namespace, ...object.metadata };
      await user.create(type, { ...object, metadata });
    }
    await settleInstant(world);
  };
  const start = async () => {
    for (const text of manifests) await apply(text);
    await pass(world, 3_000);
    const image = "registry.example/shop:2";
    await setImage(user, SHOP, { container: "main", image });
    await pass(world, 5_000);
  };
  const rollout = async () => await user.get(ROLLOUTS, SHOP) as Rollout;
  const runs = async () =>
    (await user.list(ANALYSIS_RUNS, { namespace: "default" })).items as AnalysisRun[];
  return { world, user, apply, start, rollout, runs };
}

/** Lets everything happen that happens in this time. */
async function pass(world: SimulatedWorld, durationMs: number): Promise<void> {
  const { clock } = world;
  const endMs = clock.now() + durationMs;
  await settleInstant(world);
  while ((clock.nextDueMs() ?? Infinity) <= endMs) {
    clock.advanceTo(clock.nextDueMs() ?? endMs);
    await settleInstant(world);
  }
  clock.advanceTo(endMs);
}

Deno.test("a run that is deleted under way is made again under its name, and measured anew", async () => {
  const { world, user, start, rollout, runs } = shopOf(TEMPLATE, ROLLOUT);
  await start();
  const [before] = await runs();
  assert.equal(before?.status?.phase, "Running");
  const ref = { namespace: "default", name: before?.metadata.name ?? "" };
  await user.delete(ANALYSIS_RUNS, ref);
  await pass(world, 2_000);
  const [again, ...others] = await runs();
  assert.deepEqual(others, []);
  assert.equal(again?.metadata.name, ref.name);
  assert.notEqual(again?.metadata.uid, before?.metadata.uid);
  await pass(world, 60_000);
  assert.equal((await rollout()).status?.phase, "Healthy");
  assert.equal((await runs()).length, 1);
});

Deno.test("a run that is deleted once it was successful is not made again", async () => {
  const { world, user, start, rollout, runs } = shopOf(TEMPLATE, ROLLOUT);
  await start();
  await pass(world, 60_000);
  assert.equal((await rollout()).status?.phase, "Healthy");
  for (const { metadata: { name } } of await runs()) {
    await user.delete(ANALYSIS_RUNS, { namespace: "default", name });
  }
  await pass(world, 60_000);
  assert.deepEqual(await runs(), []);
});

Deno.test("a template that is missing makes the spec invalid, and mends it by coming", async () => {
  const { world, apply, start, rollout } = shopOf(ROLLOUT);
  await start();
  const { status } = await rollout();
  assert.equal(status?.phase, "Degraded");
  assert.equal(
    status?.message,
    'InvalidSpec: The Rollout "shop" is invalid: spec.strategy.canary.steps[1].analysis' +
      `.templates: Invalid value: "errors": AnalysisTemplate 'errors' not found`,
  );
  await apply(TEMPLATE);
  await pass(world, 60_000);
  assert.equal((await rollout()).status?.phase, "Healthy");
});

const BACKGROUND = ROLLOUT.replace(
  /steps: .*/,
  "analysis: {templates: [{templateName: errors}]}\n      steps: [{setWeight: 50}, {pause: {}}]",
);

for (const [what, rollout] of [["a step", ROLLOUT], ["the background", BACKGROUND]] as const) {
  Deno.test(`a run of ${what} that fails aborts, though its template is gone by then`, async () => {
    const failing = TEMPLATE.replace("count: 3", "count: 3, failureLimit: 1");
    const shop = measuredShop("Failed", [failing, rollout]);
    await shop.start();
    await shop.user.delete(ANALYSIS_TEMPLATES, { namespace: "default", name: "errors" });
    await pass(shop.world, 1_000);
    const before = await shop.rollout();
    assert.equal(before.status?.abort, undefined);
    assert.match(before.status?.message ?? "", /AnalysisTemplate 'errors' not found/);
    await pass(shop.world, 30_000);
    const { status } = await shop.rollout();
    assert.equal(status?.abort, true);
    assert.equal(status?.phase, "Degraded");
    const sets = shop.world.cluster.objects(REPLICA_SETS);
    const sizes = sets.map(({ spec }) => (spec as { replicas: number }).replicas);
    assert.deepEqual(sizes.toSorted(), [0, 2], "stable has all pods, the canary none");
  });
}
