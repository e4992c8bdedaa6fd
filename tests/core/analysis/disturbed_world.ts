/** One AnalysisRun, measured by controllers that are killed, started again and disturbed. */
import type { AnalysisRun, Metric } from "../../../sdk/api/analysis.ts";
import type { MetricCall, MetricProvider, Reading, RunningCall } from "../../../sdk/mod.ts";
import { AnalysisRunController, MEASURE, measureAnswerer } from "../../../core/analysis/mod.ts";
import { ANALYSIS_RUNS } from "../../../core/api/names/resources.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { Engine, EventRecorder } from "../../../core/engine/mod.ts";
import { type Cluster, UnreachableError } from "../../../core/ports/mod.ts";
import { silentLog as log } from "../../../core/ports/log.ts";
import { analysisDefinitions } from "../../../core/simulate/simulated_analysis.ts";
import { settleInstant } from "../../../core/simulate/simulated_world.ts";

const REF = { namespace: "default", name: "run" };
const START_MS = Date.parse("2030-01-01T00:00:00Z");

/** What the n-th measurement of each metric finds: `S`, `F`, `?`, `E`; `R` first goes on. */
export type Numbered = Readonly<Record<string, readonly string[]>>;

/** The end of a process: at its n-th write of the run, which may have come true already. */
export interface Death {
  readonly write: number;
  readonly isDone: boolean;
}

/** A process: what it does not live to do is not done. */
interface Life {
  isOver: boolean;
  writes: number;
}

export class DisturbedWorld {
  readonly clock = new VirtualClock(START_MS);
  readonly cluster: EmbeddedCluster;
  readonly problems: string[] = [];
  /** Processes that were killed at a write. */
  deaths = 0;
  /** Calls of the provider, by metric and number. */
  readonly calls = new Map<string, number>();
  /** How long the provider takes, call by call. */
  latencyMs: (metric: string) => number = () => 0;
  #death: Death | undefined;
  #life: Life = { isOver: false, writes: 0 };
  #engine: Engine | undefined;
  readonly #found: Numbered;
  /** Measurements that were recorded, by metric. */
  readonly #recorded = new Map<string, number>();

  constructor(found: Numbered, definitions = analysisDefinitions()) {
    this.#found = found;
    this.cluster = new EmbeddedCluster({
      clock: this.clock,
      housekeepingClock: this.clock.background,
      random: seededRandom(1),
      customResources: definitions,
    });
    this.cluster.onWrite(({ type, after, userAgent }) => {
      if (type.plural === ANALYSIS_RUNS.plural && userAgent !== "user") {
        this.#note(after as AnalysisRun | undefined);
      }
    });
  }

  get run(): AnalysisRun {
    return this.cluster.objects(ANALYSIS_RUNS)[0] as AnalysisRun;
  }

  async create(metrics: readonly Metric[]): Promise<void> {
    await this.cluster.client("user").create(ANALYSIS_RUNS, {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AnalysisRun",
      metadata: REF,
      spec: { metrics: [...metrics] },
    } as unknown as AnalysisRun);
  }

  /** Somebody writes something of no importance: what is under way is refused. */
  async touch(): Promise<void> {
    const annotations = { "user/seen": String(this.clock.now()) + this.problems.length };
    const body = { metadata: { annotations } };
    await this.cluster.client("user").patch(ANALYSIS_RUNS, REF, { type: "merge", body });
  }

  /** Ends the process, if there is one, and starts another. */
  restart(death?: Death): void {
    this.#end();
    this.#death = death;
    const life = { isOver: false, writes: 0 };
    this.#life = life;
    const cluster = this.#mortal(this.cluster.client("sluice"), life);
    const { clock } = this;
    const recorder = new EventRecorder({ cluster, clock, log, component: "sluice" });
    const providers = [this.#provider()];
    const answerer = measureAnswerer({
      providers,
      ports: ({ signal }) => ({ now: () => clock.now(), signal, log: () => {} } as never),
    });
    const engine = new Engine({
      cluster,
      clock,
      log,
      recorder,
      retryClock: clock.background,
      registry: { answerers: new Map([[MEASURE, { ...answerer, waitsForClock: true }]]) },
    });
    engine.add(new AnalysisRunController(providers));
    engine.start();
    this.#engine = engine;
  }

  async settle(): Promise<void> {
    const { clock, cluster } = this;
    for (let engine = this.#engine; engine !== undefined; engine = this.#engine) {
      await settleInstant({ clock, cluster, engine });
      if (!this.#life.isOver) return;
      // It was killed at this instant: another process takes its place.
      this.deaths++;
      this.restart();
    }
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.clock.now() + ms;
    for (;;) {
      await this.settle();
      const nextMs = this.clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      this.clock.advanceTo(nextMs);
    }
    this.clock.advanceTo(endMs);
  }

  /** Until the run is over, in virtual hours. */
  async finish(): Promise<void> {
    for (let hours = 0; hours < 5 && this.run.status?.completedAt === undefined; hours++) {
      await this.advance(3_600_000);
    }
    await this.settle();
  }

  #end(): void {
    this.#life.isOver = true;
    this.#engine?.stop();
  }

  #mortal(cluster: Cluster, life: Life): Cluster {
    const patch: Cluster["patch"] = async (...args) => {
      if (life.isOver) throw new UnreachableError("killed");
      life.writes++;
      const death = this.#death;
      const isLast = death !== undefined && death.write === life.writes;
      if (isLast && !death.isDone) this.#end();
      if (life.isOver) throw new UnreachableError("killed");
      const answer = await cluster.patch(...args);
      if (!isLast) return answer;
      this.#end();
      throw new UnreachableError("killed");
    };
    return {
      get: (...args) => cluster.get(...args),
      list: (...args) => cluster.list(...args),
      watch: (...args) => cluster.watch(...args),
      create: (...args) => cluster.create(...args),
      update: (...args) => cluster.update(...args),
      delete: (...args) => cluster.delete(...args),
      patch,
    };
  }

  /** Every write of the controller adds at most one measurement to a metric, and takes none. */
  #note(run: AnalysisRun | undefined): void {
    for (const { name, count = 0, error = 0 } of run?.status?.metricResults ?? []) {
      const before = this.#recorded.get(name) ?? 0;
      const now = count + error;
      if (now < before || now > before + 1) this.problems.push(`${name}: ${before} to ${now}`);
      this.#recorded.set(name, now);
    }
  }

  #provider(): MetricProvider {
    const look = (call: MetricCall, seen: number) => this.#read(call, seen);
    return {
      name: "test/script",
      run: (call) => look(call, 0),
      resume: (call: RunningCall) => look(call, Number(call.metadata["looks"] ?? 0)),
    };
  }

  async #read({ metric, number }: MetricCall, seen: number): Promise<Reading> {
    const recorded = this.#recorded.get(metric) ?? 0;
    if (number !== recorded + 1) this.problems.push(`${metric}/${number} after ${recorded}`);
    const key = `${metric}/${number}`;
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
    const delayMs = this.latencyMs(metric);
    if (delayMs > 0) await new Promise<void>((done) => this.clock.after(delayMs, done));
    const letters = this.#found[metric]?.[number - 1] ?? "S";
    const letter = letters[Math.min(seen, letters.length - 1)] ?? "S";
    if (letter === "E") throw new Error("the source is away");
    if (letter === "R") {
      const metadata = { looks: String(seen + 1) };
      return { is: "running", resumeAtMs: this.clock.now() + 7_000, metadata };
    }
    return { is: "value", value: { shape: "json", value: letter }, text: letter };
  }
}

/** What a run came to, without times and the order of metrics: these show who was slow. */
export function verdictOf({ status }: AnalysisRun): unknown {
  const { startedAt: _, completedAt: __, metricResults = [], ...rest } = status ?? {};
  return {
    ...rest,
    metricResults: metricResults.map(({ measurements = [], ...result }) => ({
      ...result,
      measurements: measurements.map(({ phase, value, message }) => [phase, value, message]),
    })).sort((one, other) => one.name.localeCompare(other.name)),
  };
}
