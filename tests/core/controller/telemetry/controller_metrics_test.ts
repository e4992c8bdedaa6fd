import assert from "node:assert/strict";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  EXPERIMENTS,
  ROLLOUTS,
} from "../../../../core/api/names/resources.ts";
import { VirtualClock } from "../../../../core/cluster/embedded/mod.ts";
import { ControllerMetrics, metricsRoute } from "../../../../core/controller/telemetry/mod.ts";
import { keyOf, type PassReport } from "../../../../core/engine/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { apiVersionOf, type ResourceType } from "../../../../sdk/wire/resource_type.ts";
import { parseStrictly, type Scrape } from "./strict_parser.ts";

type Parts = { namespace?: string; name?: string; spec?: unknown; status?: unknown };

function objectOf(type: ResourceType, { name = "web", ...parts }: Parts): KubeObject {
  const { namespace = "shop", spec = {}, status = {} } = parts;
  const metadata = type.namespaced ? { namespace, name } : { name };
  return { apiVersion: apiVersionOf(type), kind: type.kind, metadata, spec, status } as KubeObject;
}

function scrapeOf(
  objects: readonly KubeObject[],
  metrics = new ControllerMetrics(new VirtualClock(0)),
): Scrape {
  const objectsOf = ({ kind }: ResourceType) => objects.filter((object) => object.kind === kind);
  return parseStrictly([...metrics.text(objectsOf)].join(""));
}

/** What a scrape says of names that begin so. */
function saying(scrape: Scrape, prefix: string): Record<string, number> {
  return Object.fromEntries([...scrape].filter(([series]) => series.startsWith(prefix)));
}

const canary = { canary: {} };
const progressing = (reason: string) => [{ type: "Progressing", status: "True", reason }];

const INFO: [what: string, parts: Parts, labels: string][] = [
  ["new", { spec: {} }, 'strategy="none",traffic_router="",phase="Progressing"'],
  [
    "complete",
    {
      spec: { strategy: canary },
      status: { conditions: progressing("NewReplicaSetAvailable") },
    },
    'strategy="canary",traffic_router="",phase="Completed"',
  ],
  [
    "paused",
    {
      spec: { strategy: { blueGreen: { activeService: "a" } } },
      status: { conditions: progressing("RolloutPaused") },
    },
    'strategy="blueGreen",traffic_router="",phase="Paused"',
  ],
  [
    "stuck behind Istio",
    {
      spec: { strategy: { canary: { trafficRouting: { istio: {} } } } },
      status: { conditions: progressing("ProgressDeadlineExceeded") },
    },
    'strategy="canary",traffic_router="Istio",phase="Timeout"',
  ],
  [
    "behind a router that Argo Rollouts does not name",
    {
      spec: { strategy: { canary: { trafficRouting: { plugins: { "a/b": {} } } } } },
      status: { conditions: progressing("RolloutAborted") },
    },
    'strategy="canary",traffic_router="",phase="Abort"',
  ],
  [
    "without a ReplicaSet",
    { status: { conditions: progressing("ReplicaSetCreateError") } },
    'strategy="none",traffic_router="",phase="Error"',
  ],
  [
    "invalid",
    {
      status: {
        conditions: [...progressing("RolloutPaused"), { type: "InvalidSpec", status: "True" }],
      },
    },
    'strategy="none",traffic_router="",phase="InvalidSpec"',
  ],
];

for (const [what, parts, labels] of INFO) {
  Deno.test(`rollout_info of a Rollout that is ${what}`, () => {
    const scrape = scrapeOf([objectOf(ROLLOUTS, parts)]);
    assert.deepEqual(saying(scrape, "rollout_info{"), {
      [`rollout_info{namespace="shop",name="web",${labels}}`]: 1,
    });
    const phases = Object.entries(saying(scrape, "rollout_phase{"));
    assert.equal(phases.length, 6);
    const isTrue = phases.filter(([, value]) => value === 1).map(([series]) => series);
    const [, phase = ""] = /phase="(\w+)"$/.exec(labels) ?? [];
    assert.deepEqual(isTrue.length, phase === "InvalidSpec" ? 0 : 1);
    assert.ok(isTrue.every((series) => series.endsWith(`phase="${phase}"}`)), `${isTrue}`);
  });
}

Deno.test("replicas of a Rollout: desired is 1 where the spec names none", () => {
  const status = { replicas: 7, availableReplicas: 5, updatedReplicas: 2 };
  const named = '{namespace="shop",name="web"}';
  assert.deepEqual(
    saying(scrapeOf([objectOf(ROLLOUTS, { spec: {}, status })]), "rollout_info_replicas"),
    {
      [`rollout_info_replicas_available${named}`]: 5,
      [`rollout_info_replicas_unavailable${named}`]: 2,
      [`rollout_info_replicas_desired${named}`]: 1,
      [`rollout_info_replicas_updated${named}`]: 2,
    },
  );
});

Deno.test("an AnalysisRun and its metrics, and an Experiment", () => {
  const run = objectOf(ANALYSIS_RUNS, {
    spec: {
      metrics: [
        { name: "errors", provider: { prometheus: { address: "x" } } },
        { name: "probe", provider: { job: {} } },
        { name: "odd", provider: { "new": {} } },
      ],
    },
    status: {
      phase: "Running",
      metricResults: [{ name: "errors", phase: "Failed", dryRun: true }, {
        name: "probe",
        phase: "Running",
      }],
    },
  });
  const scrape = scrapeOf([run, objectOf(EXPERIMENTS, { status: undefined })]);
  const named = 'namespace="shop",name="web"';
  assert.deepEqual(saying(scrape, "analysis_run_info"), {
    [`analysis_run_info{${named},phase="Running"}`]: 1,
  });
  assert.deepEqual(saying(scrape, "analysis_run_metric_type"), {
    [`analysis_run_metric_type{${named},metric="errors",type="Prometheus"}`]: 1,
    [`analysis_run_metric_type{${named},metric="probe",type="Job"}`]: 1,
    [`analysis_run_metric_type{${named},metric="odd",type="Unknown Provider"}`]: 1,
  });
  const phases = Object.entries(saying(scrape, "analysis_run_metric_phase"));
  assert.equal(phases.length, 12);
  assert.deepEqual(phases.filter(([, value]) => value === 1).map(([series]) => series), [
    `analysis_run_metric_phase{${named},metric="errors",type="Prometheus",dry_run="true",phase="Failed"}`,
    `analysis_run_metric_phase{${named},metric="probe",type="Job",dry_run="false",phase="Running"}`,
  ]);
  assert.deepEqual(saying(scrape, "experiment_info"), {
    [`experiment_info{${named},phase="Pending"}`]: 1,
  });
  assert.equal(scrape.get(`experiment_phase{${named},phase="Pending"}`), 1);
});

Deno.test("templates, those of the cluster with an empty namespace", () => {
  const spec = { metrics: [{ name: "m", provider: { web: {} } }] };
  const scrape = scrapeOf([
    objectOf(ANALYSIS_TEMPLATES, { spec }),
    objectOf(CLUSTER_ANALYSIS_TEMPLATES, { spec: { metrics: "wrong" } }),
  ]);
  assert.deepEqual(saying(scrape, "analysis_template"), {
    'analysis_template_info{namespace="shop",name="web"}': 1,
    'analysis_template_info{namespace="",name="web"}': 1,
    'analysis_template_metric_info{namespace="shop",name="web",type="Web",metric="m"}': 1,
  });
});

function report(parts: Partial<PassReport>): PassReport {
  const applied = { writes: 0, done: [], routes: [], forbidden: [], events: [] };
  return {
    controller: "rollout",
    key: keyOf("shop", "web"),
    durationMs: 200,
    status: "unchanged",
    applied,
    ...parts,
  } as unknown as PassReport;
}

Deno.test("passes, failures and events of an object; they go when it goes", () => {
  const metrics = new ControllerMetrics(new VirtualClock(0));
  const web = objectOf(ROLLOUTS, {});
  metrics.onPass(report({}));
  metrics.onPass(report({ status: "failed" }));
  metrics.onPass(report({ controller: "service" }));
  metrics.onPassFailed("rollout", keyOf("shop", "web"));
  metrics.onEvent({ object: web, type: "Normal", reason: "RolloutPaused", message: "", atMs: 0 });
  metrics.onEvent({
    object: objectOf(EXPERIMENTS, {}),
    type: "Normal",
    reason: "Other",
    message: "",
    atMs: 0,
  });
  const scrape = scrapeOf([web], metrics);
  assert.equal(scrape.get('rollout_reconcile_bucket{namespace="shop",name="web",le="0.15"}'), 0);
  assert.equal(scrape.get('rollout_reconcile_bucket{namespace="shop",name="web",le="0.25"}'), 2);
  assert.equal(scrape.get('rollout_reconcile_sum{namespace="shop",name="web"}'), 0.4);
  assert.equal(scrape.get('rollout_reconcile_error{namespace="shop",name="web"}'), 2);
  assert.deepEqual(saying(scrape, "rollout_events_total"), {
    'rollout_events_total{namespace="shop",name="web",type="Normal",reason="RolloutPaused"}': 1,
  });
  assert.deepEqual([...scrapeOf([], metrics).keys()], []);
});

Deno.test("how long an update took, how long of that it waited for a user, and how it ended", () => {
  const metrics = new ControllerMetrics(new VirtualClock(0));
  const steps = [{ pause: {} }, { pause: { duration: "10m" } }];
  const at = (atS: number, reason: string, currentStepIndex = 0) =>
    metrics.onEvent({
      object: objectOf(ROLLOUTS, {
        spec: { strategy: { canary: { steps } } },
        status: { currentStepIndex },
      }),
      type: "Normal",
      message: "",
      reason,
      atMs: atS * 1000,
    });
  at(0, "RolloutCompleted");
  at(100, "RolloutUpdated");
  at(110, "RolloutPaused");
  at(170, "RolloutResumed");
  at(180, "RolloutPaused", 1);
  at(190, "RolloutResumed", 1);
  at(200, "RolloutCompleted", 2);
  at(300, "RolloutUpdated");
  at(310, "RolloutPaused");
  at(340, "RolloutUpdated");
  at(345, "RolloutAborted");
  const scrape = scrapeOf([], metrics);
  const sums = [...scrape].filter(([series]) => series.includes("_sum{"));
  assert.deepEqual(Object.fromEntries(sums), {
    'rollout_duration_seconds_sum{status="completed"}': 100,
    'rollout_duration_seconds_sum{status="superseded"}': 40,
    'rollout_duration_seconds_sum{status="aborted"}': 5,
    'rollout_progression_duration_seconds_sum{status="completed"}': 40,
    'rollout_progression_duration_seconds_sum{status="superseded"}': 10,
    'rollout_progression_duration_seconds_sum{status="aborted"}': 5,
    'rollout_manual_pause_duration_seconds_sum{status="completed"}': 60,
    'rollout_manual_pause_duration_seconds_sum{status="superseded"}': 30,
    'rollout_manual_pause_duration_seconds_sum{status="aborted"}': 0,
  });
});

Deno.test("a scrape has all of it; for a probe of the kubelet nothing is gathered", async () => {
  let scrapes = 0;
  const route = metricsRoute(() => {
    scrapes++;
    return ["a 1\n", "", "b 2\n"];
  });
  const ask = async (agent: string) => {
    const headers = { "User-Agent": agent };
    const response = await route(new Request("http://x/metrics", { headers }));
    return [response.status, await response.text()];
  };
  assert.deepEqual(await ask("Prometheus/3.1"), [200, "a 1\nb 2\n"]);
  assert.deepEqual(await ask("kube-probe/1.34"), [200, ""]);
  assert.equal(scrapes, 1);
});

Deno.test("the work queues, by Argo Rollouts' names", () => {
  const clock = new VirtualClock(0);
  const metrics = new ControllerMetrics(clock);
  const meter = metrics.meterFor("rollout");
  metrics.meterFor("destinationrule");
  meter.added("a");
  meter.added("b");
  clock.advanceTo(500);
  meter.taken("a");
  clock.advanceTo(2_500);
  meter.retried();
  const before = scrapeOf([], metrics);
  assert.equal(before.get('workqueue_depth{name="Rollouts"}'), 1);
  assert.equal(before.get('workqueue_depth{name="destinationrule"}'), 0);
  assert.equal(before.get('workqueue_adds_total{name="Rollouts"}'), 2);
  assert.equal(before.get('workqueue_retries_total{name="Rollouts"}'), 1);
  assert.equal(before.get('workqueue_queue_duration_seconds_sum{name="Rollouts"}'), 0.5);
  assert.equal(before.get('workqueue_unfinished_work_seconds{name="Rollouts"}'), 2);
  assert.equal(before.get('workqueue_longest_running_processor_seconds{name="Rollouts"}'), 2);
  meter.done("a");
  const after = scrapeOf([], metrics);
  assert.equal(after.get('workqueue_work_duration_seconds_sum{name="Rollouts"}'), 2);
  assert.equal(after.get('workqueue_unfinished_work_seconds{name="Rollouts"}'), 0);
});
