import assert from "node:assert/strict";
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { MetricProvider, Reading } from "../../../sdk/mod.ts";
import { NO_PLUGINS } from "../../../sdk/registry.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { ANALYSIS_RUNS } from "../../../core/api/names/resources.ts";
import { createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";
import { routedDefinition } from "../../../core/simulate/routed_kinds.ts";
import { metric } from "./run_world.ts";

const PROBES = defineResource("test.dev", "v1", "probes", "Probe");
const LOOK_MS = 600_000;

/** A world whose provider measures by probes, and looks at each after ten minutes by itself. */
function probeWorld({ isInstalled = true } = {}) {
  const over = new Set<string>();
  const looks: number[] = [];
  const provider: MetricProvider = {
    name: "test/script",
    watches: {
      type: PROBES,
      labelSelector: "run",
      over: ({ metadata: { name, namespace = "", labels = {} } }) => ({
        namespace,
        run: labels["run"] ?? "",
        metric: "m",
        metadata: { probe: name },
      }),
    },
    run: ({ number }, ports): Promise<Reading> =>
      Promise.resolve({
        is: "running",
        resumeAtMs: ports.now() + LOOK_MS,
        metadata: { probe: `probe-${number}` },
      }),
    resume({ metadata }, ports): Promise<Reading> {
      looks.push((ports.now() - startMs) / 1000);
      return Promise.resolve(
        over.has(metadata["probe"] ?? "")
          ? { is: "verdict", phase: "Successful" }
          : { is: "running", resumeAtMs: ports.now() + LOOK_MS },
      );
    },
  };
  const world = createWorld(1, {
    plugins: { ...NO_PLUGINS, metricProviders: [provider] },
    definitions: isInstalled ? [routedDefinition(PROBES)] : [],
  });
  const { clock, cluster, engine } = world;
  const startMs = clock.now();
  const user = cluster.client("user");
  const untilSeconds = async (seconds: number) => {
    for (;;) {
      await settleInstant(world);
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > startMs + seconds * 1000) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(startMs + seconds * 1000);
  };
  return {
    over,
    looks,
    untilSeconds,
    run: () => cluster.objects(ANALYSIS_RUNS)[0] as AnalysisRun,
    async begin(count: number) {
      await user.create(ANALYSIS_RUNS, {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AnalysisRun",
        metadata: { name: "run", namespace: "default" },
        spec: { metrics: [metric("m", { count, interval: "10s" })] },
      } as AnalysisRun);
      engine.start();
    },
    /** The probe says that it is over, which may be true. */
    async tell(name: string, { isTrue = true } = {}) {
      if (isTrue) over.add(name);
      const metadata = { name, namespace: "default", labels: { run: "run" } };
      await user.create(
        PROBES,
        { apiVersion: "test.dev/v1", kind: "Probe", metadata } as KubeObject,
      );
    },
  };
}

Deno.test("a measurement that an object says is over is looked at before its time", async () => {
  const world = probeWorld();
  await world.begin(1);
  await world.untilSeconds(30);
  assert.deepEqual(world.looks, []);
  await world.tell("probe-1");
  await world.untilSeconds(31);
  assert.equal(world.run().status?.phase, "Successful");
  assert.equal(world.looks.length, 1);
});

Deno.test("the object of one measurement says nothing of the next", async () => {
  const world = probeWorld();
  await world.begin(2);
  await world.tell("probe-1");
  await world.untilSeconds(300);
  assert.equal(world.looks.length, 1);
  assert.equal(world.run().status?.metricResults?.[0]?.count, 1);
  await world.tell("probe-2");
  await world.untilSeconds(301);
  assert.equal(world.run().status?.phase, "Successful");
});

Deno.test("an object that is wrong about the end has its measurement looked at once a second", async () => {
  const world = probeWorld();
  await world.begin(1);
  await world.untilSeconds(5);
  await world.tell("probe-1", { isTrue: false });
  await world.untilSeconds(25);
  assert.ok(world.looks.length >= 5 && world.looks.length <= 21, `${world.looks}`);
  world.over.add("probe-1");
  await world.untilSeconds(30);
  assert.equal(world.run().status?.phase, "Successful");
});

Deno.test("where such objects are not installed, measurements are looked at in their time", async () => {
  const world = probeWorld({ isInstalled: false });
  await world.begin(1);
  world.over.add("probe-1");
  await world.untilSeconds(599);
  assert.deepEqual(world.looks, []);
  await world.untilSeconds(601);
  assert.equal(world.run().status?.phase, "Successful");
});
