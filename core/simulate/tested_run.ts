/** An analysis by itself: a run is made of templates, and measured in virtual time. */
import type {
  AnalysisArgument,
  AnalysisPhase,
  AnalysisRun,
  MetricResult,
} from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { isCompleted, newRun, readRun } from "../analysis/mod.ts";
import { ANALYSIS_RUNS, findResourceType } from "../api/names/resources.ts";
import { collectTemplates } from "../api/validation/analysis_templates.ts";
import { resolveMetricArguments } from "../api/validation/metric_arguments.ts";
import { type FindObject, templateType } from "../api/validation/references.ts";
import { nearest } from "../api/values/nearest.ts";
import { timeMs } from "../api/values/time.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { type Provider, questionText } from "./fed_providers.ts";
import type { MetricData } from "./metric_data.ts";
import { type MissingData, Rehearsal } from "./rehearsal.ts";
import { rehearsedMeasuring } from "./simulated_analysis.ts";
import { RehearsedRuns } from "./rehearsed_runs.ts";
import { ScriptError } from "./script_error.ts";
import {
  createWorld,
  settleInstant,
  type SimulatedWorld,
  type WorldParts,
} from "./simulated_world.ts";

/** What is tested, and how. */
export interface RunTest {
  /** The template that is tested. */
  readonly template: KubeObject;
  /** Those that it may name. */
  readonly templates: readonly KubeObject[];
  readonly args: readonly AnalysisArgument[];
  /** Instead of the `interval` of each metric that has one, as a Go duration. */
  readonly step?: string | undefined;
  readonly startMs: number;
  /** A run that goes on is ended then. */
  readonly endMs: number;
}

/** What a metric came to. */
export interface TestedMetric {
  readonly name: string;
  /** What it asks, with the values of its arguments. */
  readonly query: string;
  readonly phase: AnalysisPhase;
  readonly message: string;
  readonly dryRun: boolean;
  readonly successful: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly error: number;
  readonly measurements: readonly TestedMeasurement[];
}

export interface TestedMeasurement {
  readonly atSeconds: number;
  readonly phase: AnalysisPhase;
  readonly value: string;
  readonly message: string;
}

/** What a run came to. */
export interface TestedRun {
  readonly phase: AnalysisPhase;
  readonly message: string;
  readonly startMs: number;
  readonly endSeconds: number;
  /** It would have gone on: nothing ended it but the end of the test. */
  readonly isEnded: boolean;
  readonly metrics: readonly TestedMetric[];
  readonly missing: readonly MissingData[];
}

/** Who measures. */
export interface TestOptions extends Pick<WorldParts, "measuring" | "eventLoop"> {
  readonly plugins: PluginRegistry;
  readonly metricData: MetricData;
  /** These measure themselves; the others find what the data say. */
  readonly live?: readonly Provider[];
}

const NAMESPACE = "default";
const USER = "user";
/** What a run says that was ended. */
const ENDED = "Run Terminated";

/**
 * Measures a run to its end.
 * @throws {ScriptError} when no run can be made of the templates
 */
export async function testRun(test: RunTest, options: TestOptions): Promise<TestedRun> {
  const { rehearsal, world } = worldOf(test, options);
  const { cluster, clock, engine } = world;
  const run = await createRun(test, cluster);
  engine.start();
  let isEnded = false;
  for (;;) {
    await settleInstant(world);
    const present = presentRun(cluster, run);
    if (isCompleted(present.status?.phase)) break;
    const nextMs = clock.hasForegroundTimers() ? clock.nextDueMs() : undefined;
    if (nextMs !== undefined && nextMs <= test.endMs) clock.advanceTo(nextMs);
    else if (rehearsal.missing.length > 0 || isEnded) break;
    else {
      isEnded = true;
      await endRun(cluster, run);
    }
  }
  const { missing } = rehearsal;
  const nowMs = clock.now();
  return resultOf(presentRun(cluster, run), { ...test, missing, isEnded, nowMs });
}

function worldOf(
  { startMs, endMs, templates }: RunTest,
  { plugins, metricData, live = [], ...parts }: TestOptions,
): { rehearsal: Rehearsal; world: SimulatedWorld } {
  const rehearsal = new Rehearsal(metricData, {
    cluster: () => world.cluster,
    now: () => world.clock.now(),
    startMs,
    endMs,
  });
  const fed = rehearsal.providers(plugins, templates)
    .filter(({ name }) => !live.some((each) => each.name === name));
  const metricProviders = [...live, ...fed];
  // What measures by itself may find something else at any time.
  const outlook = live.length > 0 ? { changesAfter: () => true } : rehearsal;
  const world: SimulatedWorld = createWorld(1, {
    ...parts,
    plugins: { ...plugins, metricProviders },
    measuring: parts.measuring ?? rehearsedMeasuring,
    runs: new RehearsedRuns(metricProviders, outlook),
    startMs,
  });
  return { rehearsal, world };
}

/**
 * How long a run takes when every measurement is made and none goes wrong; undefined: for ever.
 * @throws {ScriptError} when no run can be made of the templates
 */
export function lengthMs(test: RunTest): number | undefined {
  const facts = readRun(watched(runOf(test, test.template), test));
  // It ends at once, with that error.
  if (facts.error !== undefined) return 0;
  const lengths = facts.value.map(({ count, intervalMs = 0, initialDelayMs = 0 }) =>
    count === undefined ? Infinity : initialDelayMs + (count - 1) * intervalMs
  );
  const longest = Math.max(0, ...lengths);
  return longest === Infinity ? undefined : longest;
}

/** Puts the templates and their run into the cluster. */
async function createRun(test: RunTest, cluster: EmbeddedCluster): Promise<AnalysisRun> {
  const { template, templates } = test;
  const client = cluster.client(USER);
  const put = async (object: KubeObject) => {
    const type = findResourceType(object);
    if (type === undefined) return object;
    const { name, annotations } = object.metadata;
    const metadata = {
      name,
      ...(annotations === undefined ? {} : { annotations }),
      ...(type.namespaced ? { namespace: NAMESPACE } : {}),
    };
    return await client.create(type, { ...object, metadata });
  };
  const owner = await put(template);
  for (const other of templates) if (other !== template) await put(other);
  return await client.create(ANALYSIS_RUNS, watched(runOf(test, owner), test)) as AnalysisRun;
}

function runOf({ template, templates, args }: RunTest, owner: KubeObject): AnalysisRun {
  const { metadata: { name } } = template;
  const collected = collectedOf(template, templates);
  refuseUndeclared(args, [...collected.templates, ...collected.clusterTemplates]);
  const made = newRun({ name, namespace: NAMESPACE, owner, ...collected, args });
  if (made.error !== undefined) throw new ScriptError(made.error);
  return made.value;
}

/** An argument that nothing reads is a mistake in its name. @throws {ScriptError} */
function refuseUndeclared(
  args: readonly AnalysisArgument[],
  templates: readonly KubeObject[],
): void {
  const declared = new Set(
    templates.flatMap(({ spec }) => listOf(fieldsOf(spec)["args"]).map(fieldsOf))
      .map(({ name }) => textOf(name)),
  );
  const unknown = args.find(({ name }) => !declared.has(name));
  if (unknown === undefined) return;
  const names = [...declared];
  const meant = nearest(unknown.name, names);
  const hint = meant !== undefined
    ? `did you mean "${meant}"?`
    : names.length === 0
    ? "they declare none"
    : `they declare: ${names.join(", ")}`;
  throw new ScriptError(`--arg ${unknown.name}: no template declares it; ${hint}`);
}

/** The template and those that it names. */
function collectedOf(template: KubeObject, templates: readonly KubeObject[]) {
  const find: FindObject = ({ type, name }) =>
    templates.find(({ kind, metadata }) => kind === type.kind && metadata.name === name);
  const type = templateType(template.kind === "ClusterAnalysisTemplate");
  const reference = {
    type,
    name: template.metadata.name,
    path: "",
    location: [],
    isValidated: true,
  };
  const { missing: [missing], ...found } = collectTemplates([reference], find);
  if (missing === undefined) return found;
  throw new ScriptError(
    `${missing.type.kind} "${missing.name}" is named, and in none of the files`,
  );
}

/** The run with every measurement kept, and measured as often as the test says. */
function watched(run: AnalysisRun, { step }: RunTest): AnalysisRun {
  const { metrics, measurementRetention = [] } = run.spec;
  return {
    ...run,
    spec: {
      ...run.spec,
      metrics: step === undefined
        ? metrics
        : metrics.map((metric) =>
          metric.interval === undefined ? metric : { ...metric, interval: step }
        ),
      measurementRetention: [
        ...measurementRetention,
        { metricName: ".*", limit: Number.MAX_SAFE_INTEGER },
      ],
    },
  };
}

function presentRun(cluster: EmbeddedCluster, { metadata }: AnalysisRun): AnalysisRun {
  const { name, namespace = NAMESPACE } = metadata;
  return cluster.object(ANALYSIS_RUNS, { namespace, name }) as AnalysisRun;
}

/** Ends a run that goes on, as the end of an update does. */
async function endRun(cluster: EmbeddedCluster, { metadata }: AnalysisRun): Promise<void> {
  const { name, namespace = NAMESPACE } = metadata;
  await cluster.client(USER).patch(ANALYSIS_RUNS, { name, namespace }, {
    type: "merge",
    body: { spec: { terminate: true } },
  });
}

function resultOf(
  { spec, status = {} }: AnalysisRun,
  { startMs, nowMs, isEnded, missing }: {
    startMs: number;
    nowMs: number;
    isEnded: boolean;
    missing: readonly MissingData[];
  },
): TestedRun {
  const { phase = "Pending", metricResults = [] } = status;
  const message = isEnded && status.message === ENDED ? "" : status.message ?? "";
  const metrics = spec.metrics.map((written): TestedMetric => {
    const metric = withArguments(fieldsOf(written), spec.args ?? []);
    const name = textOf(metric["name"]);
    const result = metricResults.find((each) => each.name === name);
    const [config] = Object.values(fieldsOf(metric["provider"]));
    return { name, query: questionText(fieldsOf(config)), ...testedMetric(result, startMs) };
  });
  return {
    phase,
    message,
    startMs,
    endSeconds: (nowMs - startMs) / 1000,
    isEnded,
    metrics,
    missing,
  };
}

/** A metric as people read it: secrets by their names. */
function withArguments(metric: Fields, args: readonly AnalysisArgument[]): Fields {
  const named = args.map(({ name, value, valueFrom }) => {
    const { name: secret = "", key = "" } = valueFrom?.secretKeyRef ?? {};
    return { name, value: value ?? `${secret}.${key}` };
  });
  const resolved = resolveMetricArguments(metric, named);
  return resolved.error === undefined ? resolved.value : metric;
}

function testedMetric(
  result: MetricResult | undefined,
  startMs: number,
): Omit<TestedMetric, "name" | "query"> {
  return {
    phase: result?.phase ?? "Pending",
    message: result?.message ?? "",
    dryRun: result?.dryRun ?? false,
    successful: result?.successful ?? 0,
    failed: result?.failed ?? 0,
    inconclusive: result?.inconclusive ?? 0,
    error: result?.error ?? 0,
    // What waits for its data has not been measured.
    measurements: (result?.measurements ?? []).filter(({ phase }) => phase !== "Pending").map((
      measurement,
    ) => ({
      atSeconds: ((timeMs(measurement.startedAt) ?? startMs) - startMs) / 1000,
      phase: measurement.phase,
      value: measurement.value ?? "",
      message: measurement.message ?? "",
    })),
  };
}
