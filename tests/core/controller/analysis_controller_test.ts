/** The whole controller with a run whose provider says its secrets wherever it can. */
import assert from "node:assert/strict";
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { MetricProvider, Reading } from "../../../sdk/mod.ts";
import { NO_PLUGINS } from "../../../sdk/registry.ts";
import { ANALYSIS_RUNS, EVENTS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { startController } from "../../../core/controller/run_controller.ts";
import type { Cluster, Log } from "../../../core/ports/mod.ts";
import { analysisDefinitions } from "../../../core/simulate/simulated_analysis.ts";
import { turns } from "../engine/virtual_time.ts";

const SECRETS: Readonly<Record<string, string>> = {
  token: 'tok"en-of-the-run',
  password: "hunter2/of+the=run",
};

/** The cluster with the Secrets of the test: the one in memory has none. */
function withSecrets(cluster: Cluster): Cluster {
  return {
    get(type, ref) {
      if (type.plural !== "secrets") return cluster.get(type, ref);
      const data = Object.fromEntries(
        Object.entries(SECRETS).map(([key, value]) => [
          key,
          new TextEncoder().encode(value).toBase64(),
        ]),
      );
      return Promise.resolve({ apiVersion: "v1", kind: "Secret", metadata: ref, data });
    },
    list: (...args) => cluster.list(...args),
    watch: (...args) => cluster.watch(...args),
    create: (...args) => cluster.create(...args),
    update: (...args) => cluster.update(...args),
    patch: (...args) => cluster.patch(...args),
    delete: (...args) => cluster.delete(...args),
  };
}

/** Says what it knows in everything that it hands back; then it fails with it, for ever. */
const talkative: MetricProvider = {
  name: "test/talkative",
  metadata: ({ config }) => ({ query: JSON.stringify(config) }),
  async run({ config, number }, ports): Promise<Reading> {
    const password = await ports.secret("run", "tokens", "password");
    const text = `${config["token"]} ${password} ${encodeURIComponent(password)}`;
    ports.log("warning", text);
    if (number > 1) throw new Error(`refused: ${text}`);
    const metadata = { warnings: text };
    return { is: "value", value: { shape: "json", value: text }, text, metadata };
  },
};

const RUN: AnalysisRun = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AnalysisRun",
  metadata: { name: "run", namespace: "default" },
  spec: {
    args: [{ name: "token", valueFrom: { secretKeyRef: { name: "tokens", key: "token" } } }],
    metrics: [{
      name: "m",
      interval: "30s",
      provider: { plugin: { "test/talkative": { token: "{{args.token}}" } } },
    }],
  },
};

function world({ definitions }: { definitions: readonly KubeObject[] }) {
  const clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  const cluster = new EmbeddedCluster({
    clock,
    random: seededRandom(1),
    customResources: [openDefinition(ROLLOUT_KIND), ...definitions],
  });
  const lines: string[] = [];
  const say = (level: string) => (message: string, fields?: unknown) => {
    lines.push(JSON.stringify([level, message, fields]));
  };
  const log: Log = {
    debug: say("debug"),
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
  };
  const controller = startController({
    cluster: withSecrets(cluster.client("sluice")),
    clock,
    log,
    plugins: { ...NO_PLUGINS, metricProviders: [talkative] },
  });
  const advance = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await turns();
      cluster.settle();
      await turns();
      if (clock.runDue()) continue;
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
  };
  return { cluster, clock, lines, advance, controller, user: cluster.client("user") };
}

Deno.test("no secret is in a status, an event or a line of the log", async () => {
  const { cluster, lines, advance, user } = world({ definitions: analysisDefinitions() });
  await user.create(ANALYSIS_RUNS, RUN);
  await advance(120_000);
  const [run] = cluster.objects(ANALYSIS_RUNS) as AnalysisRun[];
  assert.equal(run?.status?.phase, "Error");
  assert.equal(run?.status?.metricResults?.[0]?.metadata?.["query"], '{"token":"*****"}');
  const said = JSON.stringify([run?.status, cluster.objects(EVENTS)]) + lines.join("\n");
  assert.ok(said.includes("refused: *****"));
  assert.ok(cluster.objects(EVENTS).length >= 2);
  for (const part of ["tok", "en-of-the-run", "hunter2", "of+the"]) {
    assert.ok(!said.replaceAll('"token', "").includes(part), `${part} in ${said}`);
  }
});

Deno.test("where AnalysisRuns are not installed, Rollouts go on all the same", async () => {
  const { cluster, lines, advance, user, controller } = world({ definitions: [] });
  await user.create(ROLLOUTS, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "web:1" }] },
      },
      strategy: { canary: {} },
    },
  } as KubeObject);
  await advance(60_000);
  assert.ok(controller.isReady);
  const [rollout] = cluster.objects(ROLLOUTS);
  assert.equal((rollout?.["status"] as { phase?: string } | undefined)?.phase, "Healthy");
  const told = lines.filter((line) =>
    !line.startsWith('["debug"') && line.includes("analysisruns")
  );
  assert.equal(told.length, 1, told.join("\n"));
});
