import assert from "node:assert/strict";
import type { JobConfig } from "../../../plugins/metrics/job/config.ts";
import { job } from "../../../plugins/metrics/job/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { MetricPorts, RunningCall } from "../../../sdk/metric_provider.ts";
import { MemoryCluster } from "../../../sdk/testing/memory_cluster.ts";
import { callOf, fakePorts, NOW_MS, outcomeOf } from "./fake_ports.ts";

const UID = "8f9d2c1e-6a2b-4c3d-9e4f-0a1b2c3d4e5f";
const RUN = { namespace: "shop", name: "web-1", uid: UID };
const NAME = `${UID}.rate.1`;
const CONFIG: JobConfig = {
  metadata: { labels: { team: "shop" }, annotations: { note: "a" } },
  spec: {
    backoffLimit: 1,
    template: {
      metadata: { labels: { app: "check" } },
      spec: { containers: [{ name: "check", image: "check:1" }], restartPolicy: "Never" },
    },
  },
};
const METADATA = { "job-name": NAME, "job-namespace": "shop" };

interface World {
  readonly cluster: MemoryCluster;
  readonly ports: MetricPorts;
}

function worldOf(settings: Record<string, string> = {}, nowMs = NOW_MS): World {
  const cluster = new MemoryCluster();
  return { cluster, ports: { ...fakePorts({ settings }), cluster, now: () => nowMs } };
}

function call(change: object = {}) {
  return callOf(CONFIG, { run: RUN, ...change });
}

function running(change: object = {}): RunningCall<JobConfig> {
  return { ...call(), startedAtMs: NOW_MS, metadata: METADATA, ...change };
}

function finished(type: string, status = "True"): (object: KubeObject) => KubeObject {
  return (object) => ({ ...object, status: { conditions: [{ type, status }] } });
}

Deno.test("a measurement is a Job that belongs to the run", async () => {
  const { cluster, ports } = worldOf();
  assert.deepEqual(await job.run(call(), ports), {
    is: "running",
    resumeAtMs: NOW_MS,
    metadata: METADATA,
  });
  const [made] = cluster.objects;
  const label = { "analysisrun.argoproj.io/uid": UID };
  assert.deepEqual(made, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: NAME,
      namespace: "shop",
      uid: "uid-1",
      creationTimestamp: made?.metadata.creationTimestamp,
      labels: { team: "shop", ...label },
      annotations: {
        note: "a",
        "analysisrun.argoproj.io/name": "web-1",
        "analysisrun.argoproj.io/namespace": "shop",
        "analysisrun.argoproj.io/metric-name": "rate",
      },
      ownerReferences: [{
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AnalysisRun",
        name: "web-1",
        uid: UID,
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec: {
      backoffLimit: 1,
      template: {
        metadata: { labels: { app: "check", ...label } },
        spec: { containers: [{ name: "check", image: "check:1" }], restartPolicy: "Never" },
      },
    },
  });
});

Deno.test("the same measurement begun twice is one Job", async () => {
  const { cluster, ports } = worldOf();
  const first = await job.run(call(), ports);
  assert.deepEqual(await job.run(call(), ports), first);
  assert.equal(cluster.objects.length, 1);
  await job.run(call({ number: 2 }), ports);
  assert.equal(cluster.objects.length, 2);
});

Deno.test("a Job of another run that has the name is no measurement", async () => {
  const { cluster, ports } = worldOf();
  await job.run(call(), ports);
  cluster.edit((object) => ({ ...object, metadata: { ...object.metadata, labels: {} } }));
  assert.equal(
    await outcomeOf(() => job.run(call(), ports)),
    `jobs.batch "${NAME}" already exists`,
  );
});

Deno.test("a name has 63 characters at the most, the metric's gives way", async () => {
  for (
    const [metric, number, name] of [
      ["a".repeat(30), 1, `${UID}.${"a".repeat(24)}.1`],
      ["a".repeat(30), 12, `${UID}.${"a".repeat(23)}.12`],
      [`${"a".repeat(23)}-b`, 1, `${UID}.${"a".repeat(23)}.1`],
      ["a".repeat(24), 1, `${UID}.${"a".repeat(24)}.1`],
    ] as const
  ) {
    const { cluster, ports } = worldOf();
    await job.run(call({ metric, number }), ports);
    assert.equal(cluster.objects[0]?.metadata.name, name);
    assert.ok(name.length <= 63);
  }
});

Deno.test("a Job in another namespace or cluster belongs to nobody", async () => {
  const other = worldOf({ ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE: "jobs" });
  const reading = await job.run(call(), other.ports);
  assert.ok(reading.is === "running");
  assert.equal(reading.metadata?.["job-namespace"], "jobs");
  const remote = worldOf({ ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG: "/remote.yaml" });
  await job.run(call(), remote.ports);
  for (const { cluster } of [other, remote]) {
    assert.equal(cluster.objects[0]?.metadata.ownerReferences, undefined);
  }
  const inside = worldOf({ ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG: "in-cluster" });
  await job.run(call(), inside.ports);
  assert.equal(inside.cluster.objects[0]?.metadata.ownerReferences?.length, 1);
});

Deno.test("Quirk(job-conditions): a condition decides by its type alone", async () => {
  for (
    const [type, status, phase] of [
      ["Complete", "True", "Successful"],
      ["Failed", "True", "Failed"],
      ["Complete", "False", "Successful"],
    ] as const
  ) {
    const { cluster, ports } = worldOf();
    await job.run(call(), ports);
    cluster.edit(finished(type, status));
    const verdict = { is: "verdict", phase, metadata: METADATA };
    assert.deepEqual(await job.resume?.(running(), ports), verdict);
  }
});

Deno.test("a Job that goes on is looked at ever more rarely, a second later at the earliest", async () => {
  for (
    const [elapsedMs, waitMs] of [[0, 1_000], [50_000, 10_000], [200_000, 20_000], [-9, 1_000]]
  ) {
    const nowMs = NOW_MS + (elapsedMs ?? 0);
    const { cluster, ports } = worldOf({}, nowMs);
    await job.run(call(), ports);
    cluster.edit(finished("Suspended"));
    assert.deepEqual(await job.resume?.(running(), ports), {
      is: "running",
      resumeAtMs: nowMs + (waitMs ?? 0),
      metadata: METADATA,
    });
  }
});

function pod(name: string, status: object, labels: object = {}): KubeObject {
  const own = { "analysisrun.argoproj.io/uid": UID, "job-name": NAME, ...labels };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: own },
    status,
  };
}

function waiting(name: string, reason: string): object {
  return { name, state: { waiting: { reason, message: `why ${name}` } } };
}

Deno.test("pods that will never start are told apart, and are inconclusive", async () => {
  const { ports } = worldOf();
  const seen = async (...pods: KubeObject[]) => {
    const cluster = new MemoryCluster(pods);
    await job.run(call(), { ...ports, cluster });
    return await job.resume?.(running(), { ...ports, cluster });
  };
  for (const reason of ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"]) {
    assert.deepEqual(await seen(pod("a", { containerStatuses: [waiting("main", reason)] })), {
      is: "verdict",
      phase: "Inconclusive",
      message: `Pod a, container main has terminal error (${reason}): why main\n`,
      metadata: METADATA,
    });
  }
  const init = pod("a", { initContainerStatuses: [waiting("init", "ErrImagePull")] });
  assert.equal((await seen(init))?.is, "verdict");
  const fine = pod("a", { containerStatuses: [waiting("main", "ContainerCreating")] });
  const foreign = pod("b", { containerStatuses: [waiting("main", "ErrImagePull")] }, {
    "job-name": "other",
  });
  assert.equal((await seen(fine, foreign))?.is, "running");
});

Deno.test("a Job that is gone, or of which nothing is known, is an error", async () => {
  const { ports } = worldOf();
  const gone = await outcomeOf(async () => await job.resume?.(running(), ports));
  assert.equal(gone, `job.batch "${NAME}" not found`);
  for (const step of [job.resume, job.terminate]) {
    const unknown = await outcomeOf(async () => await step?.(running({ metadata: {} }), ports));
    assert.equal(unknown, "job metadata reference missing");
  }
});

Deno.test("ended early the Job is deleted, also when it is gone", async () => {
  const { cluster, ports } = worldOf();
  await job.run(call(), ports);
  const verdict = { is: "verdict", phase: "Inconclusive", metadata: METADATA };
  assert.deepEqual(await job.terminate?.(running(), ports), verdict);
  assert.deepEqual(cluster.objects, []);
  assert.deepEqual(await job.terminate?.(running(), ports), verdict);
});

Deno.test("the newest Jobs of a run are kept, and those that still measure", async () => {
  const { cluster, ports } = worldOf();
  for (const number of [1, 2, 3, 4]) await job.run(call({ number }), ports);
  await job.run(call({ run: { ...RUN, uid: "other" } }), ports);
  const complete = finished("Complete");
  cluster.edit((object) => object.metadata.name.endsWith(".2") ? object : complete(object));
  await job.collect?.({ run: RUN, limit: 1 }, ports);
  const names = cluster.objects.map(({ metadata }) => metadata.name);
  assert.deepEqual(names, [`${UID}.rate.2`, `${UID}.rate.4`, "other.rate.1"]);
  await job.collect?.({ run: RUN, limit: 5 }, ports);
  assert.equal(cluster.objects.length, 3);
});

Deno.test("what the cluster refuses is an error", async () => {
  const refused = () => Promise.reject(new Error("jobs.batch is forbidden"));
  const cluster = { get: refused, list: refused, create: refused, delete: refused };
  const ports = { ...fakePorts(), cluster };
  for (
    const work of [
      () => job.run(call(), ports),
      async () => await job.resume?.(running(), ports),
      async () => await job.terminate?.(running(), ports),
      async () => await job.collect?.({ run: RUN, limit: 1 }, ports),
    ]
  ) assert.equal(await outcomeOf(work), "jobs.batch is forbidden");
});

Deno.test("a Job that has ended says which measurement is over", () => {
  const over = job.watches?.over;
  const annotations = {
    "analysisrun.argoproj.io/name": "run",
    "analysisrun.argoproj.io/namespace": "shop",
    "analysisrun.argoproj.io/metric-name": "m",
  };
  const jobOf = (conditions: unknown[], metadata = { name: "u.m.1", annotations }) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    status: { conditions },
  });
  const measurement = {
    namespace: "shop",
    run: "run",
    metric: "m",
    metadata: { "job-name": "u.m.1" },
  };
  assert.deepEqual(over?.(jobOf([{ type: "Complete" }])), measurement);
  assert.deepEqual(over?.(jobOf([{ type: "Failed" }])), measurement);
  assert.equal(over?.(jobOf([{ type: "Suspended" }])), undefined);
  const strange = { name: "u.m.1", annotations: {} as typeof annotations };
  assert.equal(over?.(jobOf([{ type: "Complete" }], strange)), undefined);
});
