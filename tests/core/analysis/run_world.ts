/** AnalysisRuns on the embedded cluster, measured by a provider that follows a script. */
import type { AnalysisRun, Metric } from "../../../sdk/api/analysis.ts";
import type { MetricCall, MetricPorts, MetricProvider, Reading } from "../../../sdk/mod.ts";
import { NO_PLUGINS } from "../../../sdk/registry.ts";
import { ANALYSIS_RUNS } from "../../../core/api/names/resources.ts";
import { createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";

/** What a measurement finds: `S`, `F` and `?` are values, `E` is an error. */
export type Script = Readonly<Record<string, string>>;

export interface Finding {
  readonly metric: string;
  readonly number: number;
  readonly letter: string;
  readonly atSeconds: number;
}

const LETTERS: Readonly<Record<string, (call: MetricCall, ports: MetricPorts) => Reading>> = {
  E: () => {
    throw new Error("the source is away");
  },
  N: () => ({ is: "empty", value: { shape: "vector", value: [] }, text: "[]" }),
  /** Goes on until it is looked at again, ten seconds later. */
  R: (_call, ports) => ({
    is: "running",
    resumeAtMs: ports.now() + 10_000,
    metadata: { "job-name": "j" },
  }),
  /** The source asks for twenty seconds. */
  L: (_call, ports) => ({ is: "later", retryAtMs: ports.now() + 20_000, message: "busy" }),
};

function readingOf(letter: string, call: MetricCall, ports: MetricPorts): Reading {
  const special = LETTERS[letter];
  if (special !== undefined) return special(call, ports);
  return { is: "value", value: { shape: "json", value: letter }, text: letter };
}

/** A provider whose n-th call for a metric, of whatever kind, finds the n-th letter. */
export function scriptedProvider(
  script: Script,
  { findings, collected }: { findings: Finding[]; collected: string[] },
): MetricProvider {
  const calls = new Map<string, number>();
  const next = (call: MetricCall, ports: MetricPorts): Promise<Reading> => {
    const place = calls.get(call.metric) ?? 0;
    calls.set(call.metric, place + 1);
    const letter = script[call.metric]?.[place] ?? script[call.metric]?.at(-1) ?? "S";
    const atSeconds = Math.floor(ports.now() / 1000);
    findings.push({ metric: call.metric, number: call.number, letter, atSeconds });
    return Promise.resolve().then(() => readingOf(letter, call, ports));
  };
  return {
    name: "test/script",
    run: next,
    resume: next,
    terminate: (call) => {
      const { metric, number } = call;
      findings.push({ metric, number, letter: "terminated", atSeconds: 0 });
      return Promise.resolve({ is: "verdict", phase: "Inconclusive", message: "deleted" });
    },
    collect: ({ run, limit }) => {
      collected.push(`${run.name} keeps ${limit}`);
      return Promise.resolve();
    },
  };
}

export const PROVIDER = { plugin: { "test/script": {} } };

/** A metric whose conditions know the letters. */
export function metric(name: string, fields: Partial<Metric> = {}): Metric {
  return {
    name,
    provider: PROVIDER,
    successCondition: 'result == "S"',
    failureCondition: 'result == "F"',
    ...fields,
  };
}

export interface RunFields {
  readonly spec?: Partial<AnalysisRun["spec"]>;
  readonly status?: AnalysisRun["status"];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A world with one run in it, and what came of it. */
export function runWorld(
  metrics: readonly Metric[],
  script: Script,
  { spec = {}, status, annotations = {} }: RunFields = {},
) {
  const findings: Finding[] = [];
  const collected: string[] = [];
  const provider = scriptedProvider(script, { findings, collected });
  const plugins = { ...NO_PLUGINS, metricProviders: [provider] };
  const world = createWorld(1, { plugins });
  const { clock, cluster, engine, recorder } = world;
  const startMs = clock.now();
  const events: string[] = [];
  recorder.onRecord(({ object, type, reason, message }) => {
    if (object.kind === "AnalysisRun") events.push(`${type} ${reason}: ${message}`);
  });
  const user = cluster.client("user");
  let writes = 0;
  cluster.onWrite(({ type, userAgent }) => {
    if (userAgent !== "user" && type.plural === ANALYSIS_RUNS.plural) writes++;
  });
  const ref = { namespace: "default", name: "run" };
  const run = () => cluster.objects(ANALYSIS_RUNS)[0] as AnalysisRun | undefined;
  const untilSeconds = async (seconds: number) => {
    const endMs = startMs + seconds * 1000;
    for (;;) {
      await settleInstant(world);
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    if (clock.now() < endMs) clock.advanceTo(endMs);
  };
  return {
    ...world,
    findings,
    collected,
    events,
    startMs,
    run,
    untilSeconds,
    get writes() {
      return writes;
    },
    async begin() {
      await user.create(ANALYSIS_RUNS, {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AnalysisRun",
        metadata: { ...ref, annotations: { ...annotations } },
        spec: { metrics: [...metrics], ...spec },
        ...(status === undefined ? {} : { status }),
      } as AnalysisRun);
      engine.start();
    },
    async patch(body: unknown) {
      await user.patch(ANALYSIS_RUNS, ref, { type: "merge", body });
    },
  };
}

/** Seconds since the run began. */
export function secondsOf(world: { startMs: number }, text: string | undefined): number {
  return (Date.parse(text ?? "") - world.startMs) / 1000;
}

/** The letters of what is recorded of a metric. */
export function lettersOf(run: AnalysisRun | undefined, name: string): string {
  const result = run?.status?.metricResults?.find((each) => each.name === name);
  return (result?.measurements ?? []).map(({ phase, value }) => value ?? phase[0]).join("");
}
