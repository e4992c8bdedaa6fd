/** The whole controller with a run whose provider says its secrets wherever it can. */
import assert from "node:assert/strict";
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { MetricProvider, Reading } from "../../../sdk/mod.ts";
import { NO_PLUGINS } from "../../../sdk/registry.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  EVENTS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../core/api/names/resources.ts";
import { explanation, renderRollout, rolloutInfo } from "../../../core/view/mod.ts";
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
  mustKeepSecrets(said);
});

/** A Secret has a name and keys; of its values no part may be said. */
function mustKeepSecrets(said: string): void {
  const text = said.replaceAll('"token', "");
  for (const part of ["tok", "en-of-the-run", "hunter2", "of+the", "of%2Bthe"]) {
    assert.ok(!text.includes(part), `${part} in ${text}`);
  }
}

/** A canary whose only step is the talkative analysis. */
function measuredRollout(image: string): KubeObject {
  const templates = [{ templateName: "talkative" }];
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image }] },
      },
      strategy: { canary: { steps: [{ setWeight: 10 }, { analysis: { templates } }] } },
    },
  };
}

Deno.test("no secret is in a Rollout that it aborts, on its screen, or in its explanation", async () => {
  const { cluster, clock, lines, advance, user } = world({ definitions: analysisDefinitions() });
  await user.create(ANALYSIS_TEMPLATES, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name: "talkative", namespace: "default" },
    spec: {
      args: RUN.spec.args,
      metrics: RUN.spec.metrics.map((metric) => ({ ...metric, count: 3 })),
    },
  });
  await user.create(ROLLOUTS, measuredRollout("web:1"));
  await advance(30_000);
  const ref = { namespace: "default", name: "web" };
  const { spec } = measuredRollout("web:2");
  await user.patch(ROLLOUTS, ref, { type: "merge", body: { spec } });
  await advance(120_000);
  const [rollout] = cluster.objects(ROLLOUTS) as [Rollout];
  assert.match(rollout.status?.message ?? "", /assessed Error .*refused: \*{5}/);
  const objects = {
    rollout,
    replicaSets: cluster.objects(REPLICA_SETS),
    pods: cluster.objects(PODS),
    analysisRuns: cluster.objects(ANALYSIS_RUNS),
    experiments: [],
    nowMs: clock.now(),
  };
  const screen = renderRollout(rolloutInfo(objects));
  assert.match(screen, /AnalysisRun/);
  const explained = explanation({
    ...objects,
    pass: undefined,
    areAllRead: true,
    program: "sluice",
    options: "",
  });
  const runs = objects.analysisRuns.map((run) => run["status"]);
  const said = [rollout, runs, cluster.objects(EVENTS), explained];
  mustKeepSecrets([JSON.stringify(said), screen, ...lines].join("\n"));
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
