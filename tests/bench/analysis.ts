/**
 * `deno task bench:analysis [VIRTUAL_MINUTES] [REAL_SECONDS]`: what 1,000 AnalysisRuns cost that
 * measure every 10 seconds; and on the clock of the wall, what a source that never answers every
 * tenth question does to the passes over Rollouts.
 */
import process from "node:process";
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type { MetricProvider, Reading } from "../../sdk/mod.ts";
import { NO_PLUGINS } from "../../sdk/registry.ts";
import { MEASURE } from "../../core/analysis/mod.ts";
import { ANALYSIS_RUNS, ROLLOUTS } from "../../core/api/names/resources.ts";
import { timeMs } from "../../core/api/values/time.ts";
import { ROLLOUT_CONTROLLER } from "../../core/rollout/mod.ts";
import { simulatedMeasuring } from "../../core/simulate/simulated_analysis.ts";
import { createWorld, settleInstant } from "../../core/simulate/simulated_world.ts";
import { VirtualClock } from "../../core/cluster/embedded/mod.ts";

const RUNS = 1_000;
const ROLLOUT_COUNT = 50;
const INTERVAL_MS = 10_000;
const ANSWER_MS = 20;
const TICK_MS = 5;
const TOUCH_MS = 40;
const [virtualMinutes = 30, realSeconds = 60] = Deno.args.map(Number);

/** A source that answers after a while, or not at all; and how late it is asked. */
class Source {
  readonly latenessMs: number[] = [];
  calls = 0;
  readonly #hangsEvery: number;
  world: ReturnType<typeof createWorld> | undefined;

  constructor({ hangsEvery = Infinity } = {}) {
    this.#hangsEvery = hangsEvery;
  }

  provider(): MetricProvider {
    return {
      name: "bench/source",
      run: async ({ run, number }, { now }): Promise<Reading> => {
        this.calls++;
        const due = this.#dueMs(run.name);
        if (due !== undefined && number > 1) this.latenessMs.push(now() - due);
        await new Promise<void>((resolve) => {
          if (this.calls % this.#hangsEvery !== 0) this.world?.clock.after(ANSWER_MS, resolve);
        });
        return { is: "value", value: { shape: "vector", value: [0.99] }, text: "[0.99]" };
      },
    };
  }

  #dueMs(name: string): number | undefined {
    const run = this.world?.engine.caches.of(ANALYSIS_RUNS).get("default", name) as AnalysisRun;
    const last = run?.status?.metricResults?.[0]?.measurements?.at(-1);
    const endMs = timeMs(last?.finishedAt);
    return endMs === undefined ? undefined : endMs + INTERVAL_MS;
  }
}

/** A world with all runs, begun at times spread over one interval. */
async function worldWith(source: Source, rollouts = 0) {
  const plugins = { ...NO_PLUGINS, metricProviders: [source.provider()] };
  // Its clock is needed by the answerer, and is known once the world is there.
  const late: { clock: VirtualClock } = { clock: new VirtualClock(0) };
  const clockOf = { now: () => late.clock.now() } as VirtualClock;
  const answerer = simulatedMeasuring(plugins, clockOf).get(MEASURE);
  if (answerer === undefined) throw new Error("nobody measures");
  const answerers = new Map([[MEASURE, { ...answerer, waitsForClock: true }]]);
  const world = createWorld(1, { plugins, registry: { answerers } });
  late.clock = world.clock;
  source.world = world;
  const user = world.cluster.client("user");
  for (let index = 0; index < rollouts; index++) await user.create(ROLLOUTS, rolloutOf(index));
  world.engine.start();
  await settleInstant(world);
  for (let index = 0; index < RUNS; index++) {
    const atMs = (index * INTERVAL_MS) / RUNS;
    world.clock.after(atMs, () => void user.create(ANALYSIS_RUNS, runOf(index)));
  }
  return { ...world, user };
}

function runOf(index: number): AnalysisRun {
  const provider = {
    plugin: { "bench/source": { query: `sum(rate(errors{app="web-${index}"}))` } },
  };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: { name: `run-${index}`, namespace: "default" },
    spec: {
      metrics: [{ name: "rate", interval: "10s", successCondition: "result[0] > 0.95", provider }],
    },
  };
}

function rolloutOf(index: number) {
  const name = `web-${index}`;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      strategy: { canary: { steps: [{ setWeight: 50 }] } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "web", image: "registry.example/web:1" }] },
      },
    },
  };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function heapMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().heapUsed / 2 ** 20;
}

/** In virtual time: memory, lateness, CPU. */
async function virtual(minutes: number): Promise<void> {
  const source = new Source();
  const world = await worldWith(source);
  const { clock } = world;
  const startMs = clock.now();
  const start = process.cpuUsage();
  print(`${RUNS} runs, every ${INTERVAL_MS / 1000} s, ${minutes} virtual minutes`);
  for (let minute = 1; minute <= minutes; minute++) {
    const endMs = startMs + minute * 60_000;
    for (;;) {
      await settleInstant(world);
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    if (minute % 5 === 0 || minute === 1) {
      print(`  minute ${minute}: ${source.calls} measurements, heap ${heapMb().toFixed(0)} MB`);
    }
  }
  const { user, system } = process.cpuUsage(start);
  const cpuMs = (user + system) / 1000 / source.calls;
  print(
    `  lateness p50 ${quantile(source.latenessMs, 0.5)} ms, ` +
      `p99 ${quantile(source.latenessMs, 0.99)} ms, most ${quantile(source.latenessMs, 1)} ms`,
  );
  print(`  CPU ${cpuMs.toFixed(2)} ms for each measurement, the cluster in memory included`);
  world.engine.stop();
}

/** On the clock of the wall: how long a Rollout that was touched waits for its pass. */
async function real(seconds: number, hangsEvery: number): Promise<void> {
  const source = new Source({ hangsEvery });
  const world = await worldWith(source, ROLLOUT_COUNT);
  const { clock, cluster, engine, user } = world;
  const touched = new Map<string, number>();
  const waits: number[] = [];
  engine.onPass(({ controller, key }) => {
    const atMs = touched.get(key);
    if (controller !== ROLLOUT_CONTROLLER || atMs === undefined) return;
    waits.push(performance.now() - atMs);
    touched.delete(key);
  });
  const [startMs, wallMs] = [clock.now(), performance.now()];
  const start = process.cpuUsage();
  let turn = 0;
  for (let passedMs = 0; passedMs < seconds * 1000; passedMs = performance.now() - wallMs) {
    clock.advanceTo(Math.max(clock.now(), startMs + passedMs));
    while (clock.runDue()) {
      cluster.settle();
      await undefined;
    }
    cluster.settle();
    if (++turn % (TOUCH_MS / TICK_MS) === 0) {
      const name = `web-${turn % ROLLOUT_COUNT}`;
      if (!touched.has(`default/${name}`)) touched.set(`default/${name}`, performance.now());
      const body = { metadata: { annotations: { touched: String(turn) } } };
      await user.patch(ROLLOUTS, { namespace: "default", name }, { type: "merge", body });
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const hung = hangsEvery === Infinity ? "answers always" : `hangs on every ${hangsEvery}th call`;
  const text = (values: readonly number[]) =>
    `p50 ${quantile(values, 0.5).toFixed(0)} ms, p99 ${quantile(values, 0.99).toFixed(0)} ms`;
  print(`${RUNS} runs, a source that ${hung}, ${seconds} s of the wall's clock`);
  print(`  ${source.calls} measurements, late by ${text(source.latenessMs)}`);
  print(`  ${waits.length} Rollouts touched, a pass began after ${text(waits)}`);
  const { user: own, system } = process.cpuUsage(start);
  print(`  CPU ${((own + system) / 1000 / (performance.now() - wallMs) * 100).toFixed(0)} %`);
  engine.stop();
}

await virtual(virtualMinutes);
await real(realSeconds, Infinity);
await real(realSeconds, 10);
