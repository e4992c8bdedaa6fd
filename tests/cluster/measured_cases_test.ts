/**
 * Measured canaries on a real control plane, by a controller in a process of its own that asks a
 * real Prometheus, all at the pace at which they were recorded, one beside the other.
 */
import assert from "node:assert/strict";
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../core/api/names/resources.ts";
import { KINDS } from "../../core/api/schema/kinds.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { playCase05 } from "../seeds/case_05.ts";
import { playCase06 } from "../seeds/case_06.ts";
import { playCase08 } from "../seeds/case_08.ts";
import { playCase09 } from "../seeds/case_09.ts";
import type { SeenEvent } from "../seeds/compare.ts";
import type { CaseWorld } from "../seeds/run_case.ts";
import { type AuditedWrite, auditedWrites } from "./audit_log.ts";
import { commandLineOf } from "./command_line.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { MeshTraffic } from "./mesh_traffic.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { prometheusPath } from "./prometheus/install.ts";
import { RealPrometheus } from "./prometheus/real_prometheus.ts";
import { playPublishedExperiment } from "./published_experiment.ts";
import { connect, serveKind, until } from "./real_cluster.ts";
import { istioDefinitions } from "./routed_definitions.ts";
import { playStandaloneExperiment } from "./standalone_experiment.ts";

interface MeasuredCase {
  readonly name: string;
  readonly play: (world: CaseWorld) => Promise<unknown>;
  /** How many measurements find no request. */
  readonly silent: number;
  readonly writesMax: number;
  /**
   * What is written after the abort of a step's own run, while the canary keeps its pods: where the
   * canary's Service leads, and until when the pods stay.
   */
  readonly settling?: readonly string[];
}

/**
 * Argo Rollouts: 77, 172, 66, 170. Pods get ready in bursts here, and a burst may be worth a status:
 * 51, 99, 46 and 99 were counted on a machine with nothing beside it.
 */
const CASES: readonly MeasuredCase[] = [
  {
    name: "05",
    play: playCase05,
    silent: 4,
    writesMax: 60,
    settling: ["services", "replicasets"],
  },
  { name: "06", play: playCase06, silent: 10, writesMax: 112 },
  { name: "08", play: playCase08, silent: 4, writesMax: 55, settling: ["replicasets"] },
  { name: "09", play: playCase09, silent: 10, writesMax: 112 },
];

/** Between an abort and the end of the pods it took back, less what the two lie from whole seconds. */
const SILENCE_MS = 28_500;

const path = await prometheusPath();

/** Rates are sums of products: what was measured is compared by two places. */
function rounded(runs: readonly KubeObject[]): KubeObject[] {
  const texts = (runs as readonly AnalysisRun[]).map((run) =>
    JSON.stringify(run).replace(
      /("value":")(0\.\d{3,})"/g,
      (_, field: string, value: string) => `${field}${Number(Number(value).toFixed(2))}"`,
    )
  );
  return texts.map((text) => JSON.parse(text) as KubeObject);
}

async function playMeasured(
  plane: ControlPlane,
  { name, play, silent, writesMax, settling }: MeasuredCase,
): Promise<void> {
  const user = connect(plane, "user");
  const namespace = await makeNamespace(user);
  const userAgent = `controller-${name}`;
  const events: SeenEvent[] = [];
  const controller = await startControllerProcess(plane, {
    userAgent,
    namespace,
    onEvent: (event) => events.push(event),
  });
  try {
    await using traffic = new MeshTraffic(user, { namespace, silent });
    await using server = await RealPrometheus.start({ path, metrics: () => traffic.metrics() });
    await play({
      user,
      namespace,
      events,
      prometheusUrl: server.url,
      commandLine: commandLineOf(plane, namespace),
      comparableRuns: rounded,
      nowMs: () => systemClock.now(),
      until: (what, probe) => until(what, probe, 120_000),
      rest: () => sleep(systemClock, 3_000),
      wait: (durationMs) => sleep(systemClock, durationMs),
    });
    const writes = await auditedWrites(plane, userAgent);
    assert.ok(writes.length > 20, "the writes are counted at all");
    assert.ok(writes.length <= writesMax, `${writes.length} writes:\n${linesOf(writes)}`);
    if (settling !== undefined) checkSilence(writes, settling);
  } finally {
    await killProcess(controller);
    await user.close();
  }
}

/** From the abort until the canary gives its pods up nothing is written but what the abort takes. */
function checkSilence(writes: readonly AuditedWrite[], settling: readonly string[]): void {
  const isAbort = ({ body }: AuditedWrite) => fieldsOf(fieldsOf(body)["status"])["abort"] === true;
  const isScaling = ({ body }: AuditedWrite) => fieldsOf(fieldsOf(body)["spec"])["replicas"] === 0;
  const later = writes.slice(writes.findIndex(isAbort));
  const end = later.findIndex(isScaling);
  const [abort, scaling] = [later[0], later[end]];
  assert.ok(abort !== undefined && isAbort(abort), "the abort is written");
  assert.ok(scaling !== undefined, "the canary gives its pods up");
  const between = later.slice(1, end);
  assert.deepEqual(between.map(({ resource }) => resource), settling, linesOf(between));
  const silenceMs = scaling.atMs - abort.atMs;
  assert.ok(silenceMs >= SILENCE_MS, `the pods go after ${silenceMs} ms`);
}

function linesOf(writes: readonly AuditedWrite[]): string {
  return writes.map(({ verb, resource, subresource, name, body }) =>
    `${verb} ${resource}/${subresource} ${name} ${JSON.stringify(body)}`
  ).join("\n");
}

Deno.test({
  name: "a real control plane plays measured cases as they were recorded",
  ignore: path === "",
  async fn(test) {
    const plane = await startControlPlane();
    try {
      const user = connect(plane, "user");
      for (const kind of KINDS) await serveKind(user, kind);
      for (const definition of await istioDefinitions()) {
        await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
      }
      await user.close();
      // They run beside each other.
      const beside = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
      const plays: [string, () => Promise<void>][] = [
        ...CASES.map((measured): [string, () => Promise<void>] => [
          `case ${measured.name}`,
          () => playMeasured(plane, measured),
        ]),
        ["an experiment of three versions", () => playStandaloneExperiment(plane)],
        ["published steps with an experiment", () => playPublishedExperiment(plane)],
      ];
      await Promise.all(plays.map(([name, fn]) => test.step({ name, fn, ...beside })));
    } finally {
      await plane.stop();
    }
  },
});
