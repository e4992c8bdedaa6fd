/**
 * That the control plane boots, that its pods behave as kwok.yaml says, and that it leaves nothing
 * behind. Needs minutes where the programs have to be built first; part of the task `test:cluster`.
 */

import assert from "node:assert/strict";
import { ApiClient } from "./api_client.ts";
import { type ControlPlane, startControlPlane } from "./boot.ts";
import { isPortFree } from "./ports.ts";

const PODS = "/api/v1/namespaces/default/pods";
const REPLICA_SETS = "/apis/apps/v1/namespaces/default/replicasets";
const JOBS = "/apis/batch/v1/namespaces/default/jobs";

type Json = Record<string, unknown>;

interface Pod {
  status: {
    phase: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: {
      restartCount: number;
      state: { waiting?: { reason: string }; terminated?: { exitCode: number } };
    }[];
  };
}

Deno.test("startControlPlane() runs pods as kwok.yaml says and leaves nothing", async (t) => {
  const plane = await startControlPlane();
  const client = new ApiClient(plane);
  const steps: Record<string, (client: ApiClient) => Promise<void>> = {
    "a ReplicaSet's pods are Ready after 1.2 s": replicaSetGetsReady,
    "a readiness probe's initial delay is waited for": initialDelayIsWaitedFor,
    "a change of a pod does not start its delay anew": changesDoNotDelay,
    "a bad image and a failing command never get Ready": badPodsStayUnready,
    "readiness gates hold Ready back": gatesHoldReadyBack,
    "the pods of Jobs end": jobsEnd,
    "deleted pods go at once": deletedPodsGo,
  };
  try {
    for (const [name, step] of Object.entries(steps)) await t.step(name, () => step(client));
    await t.step("writes are in the audit log", () => writesAreLogged(plane));
  } finally {
    client.close();
    await plane.stop();
  }
  await t.step("stop() leaves no process, no port and no folder", () => nothingIsLeft(plane));
});

async function replicaSetGetsReady(client: ApiClient): Promise<void> {
  const template = { metadata: { labels: { app: "web" } }, spec: podSpec({}) };
  const spec = { replicas: 3, selector: { matchLabels: { app: "web" } }, template };
  await create(client, REPLICA_SETS, { kind: "ReplicaSet", apiVersion: "apps/v1", spec }, "web");
  const createdAtMs = performance.now();
  await until(async () => (await podsOf(client, "web")).some(isReady), 6_000);
  assert.ok(performance.now() - createdAtMs >= 1_100, "a pod was Ready too early");
  await until(async () => {
    const { status } = await client.expect("GET", `${REPLICA_SETS}/web`);
    return status.readyReplicas === 3;
  }, createdAtMs + 6_000 - performance.now());
}

async function initialDelayIsWaitedFor(client: ApiClient): Promise<void> {
  const readinessProbe = { initialDelaySeconds: 3, httpGet: { port: 80 } };
  await createPod(client, "slow", podSpec({ readinessProbe }));
  const createdAtMs = performance.now();
  await until(() => isPodReady(client, "slow"), 6_000);
  assert.ok(performance.now() - createdAtMs >= 2_900, "the pod was Ready too early");
}

async function changesDoNotDelay(client: ApiClient): Promise<void> {
  await createPod(client, "busy", podSpec({}));
  const createdAtMs = performance.now();
  for (let change = 1; performance.now() - createdAtMs < 1_600; change++) {
    const annotations = { change: `${change}` };
    await client.expect("PATCH", `${PODS}/busy`, { metadata: { annotations } });
    await sleep(100);
  }
  assert.ok(await isPodReady(client, "busy"), "the pod is still not Ready");
}

async function badPodsStayUnready(client: ApiClient): Promise<void> {
  await createPod(client, "bad-image", podSpec({ image: "web:does-not-exist" }));
  await createPod(client, "crashing", podSpec({ command: ["sh", "-c", "sleep 1; exit 1"] }));
  await createPod(client, "good", podSpec({}));
  const createdAtMs = performance.now();
  while (performance.now() - createdAtMs < 4_000) {
    for (const name of ["bad-image", "crashing"]) {
      assert.ok(!await isPodReady(client, name), `${name} is Ready`);
    }
    await sleep(100);
  }
  assert.ok(await isPodReady(client, "good"));
  const badImage = await podNamed(client, "bad-image");
  assert.equal(badImage.status.phase, "Pending");
  assert.equal(badImage.status.containerStatuses?.[0]?.state.waiting?.reason, "ImagePullBackOff");
  await client.expect("PATCH", `${PODS}/bad-image`, { spec: podSpec({ image: "web:2" }) });
  await until(() => isPodReady(client, "bad-image"), 2_000);
  const crashing = await podNamed(client, "crashing");
  assert.equal(crashing.status.phase, "Running");
  assert.equal(crashing.status.containerStatuses?.[0]?.state.waiting?.reason, "CrashLoopBackOff");
  assert.equal(crashing.status.containerStatuses?.[0]?.restartCount, 1);
}

async function gatesHoldReadyBack(client: ApiClient): Promise<void> {
  const readinessGates = [{ conditionType: "example.com/a" }, { conditionType: "example.com/b" }];
  await createPod(client, "gated", { ...podSpec({}), readinessGates });
  await setGate(client, "example.com/a", "True");
  await until(
    async () => isConditionTrue(await podNamed(client, "gated"), "ContainersReady"),
    6_000,
  );
  await sleep(1_000);
  assert.ok(!await isPodReady(client, "gated"), "the pod is Ready with a gate shut");
  await setGate(client, "example.com/b", "True");
  await until(() => isPodReady(client, "gated"), 2_000);
  await setGate(client, "example.com/a", "False");
  await until(async () => !await isPodReady(client, "gated"), 2_000);
}

async function jobsEnd(client: ApiClient): Promise<void> {
  await createJob(client, "succeeding", "sleep 2");
  await createJob(client, "failing", "sleep 1; exit 1");
  const createdAtMs = performance.now();
  await until(() => hasJobEnded(client, "succeeding", "Complete"), 10_000);
  assert.ok(performance.now() - createdAtMs >= 3_100, "the Job ended too early");
  await until(() => hasJobEnded(client, "failing", "Failed"), 10_000);
  const phases = (await podsOf(client, "failing")).map(({ status }) => status.phase);
  assert.deepEqual(phases, ["Failed"]);
}

async function deletedPodsGo(client: ApiClient): Promise<void> {
  await client.expect("DELETE", `${PODS}/good`);
  await client.expect("DELETE", `${REPLICA_SETS}/web?propagationPolicy=Background`);
  await createJob(client, "running", "sleep 100");
  await until(async () => (await podsOf(client, "running")).some(isReady), 6_000);
  await client.expect("DELETE", `${JOBS}/running?propagationPolicy=Background`);
  await until(async () => {
    const left = [...await podsOf(client, "web"), ...await podsOf(client, "running")];
    return left.length === 0 && (await client.request("GET", `${PODS}/good`)).status === 404;
  }, 3_000);
}

async function writesAreLogged(plane: ControlPlane): Promise<void> {
  const lines = (await Deno.readTextFile(plane.auditLogPath)).trim().split("\n");
  const writes = lines.map((line) => JSON.parse(line));
  const ours = writes.filter(({ userAgent }) => userAgent === "sluice-control-plane");
  const created = ours.find(({ verb, objectRef }) =>
    verb === "create" && objectRef.resource === "replicasets"
  );
  assert.equal(created.user.username, "sluice:admin");
  assert.equal(created.requestObject.spec.replicas, 3);
  const resources = new Set(writes.map(({ objectRef }) => objectRef.resource));
  assert.ok(!resources.has("leases") && !resources.has("nodes"));
  const verbs = new Set(writes.map(({ verb }) => verb));
  assert.ok(!verbs.has("get") && !verbs.has("list") && !verbs.has("watch"));
}

async function nothingIsLeft(plane: ControlPlane): Promise<void> {
  assert.equal(plane.processes.length, 5);
  for (const { name, pid } of plane.processes) {
    assert.throws(() => Deno.kill(pid, "SIGCONT"), Deno.errors.NotFound, `${name} still runs`);
  }
  for (const port of plane.ports) assert.ok(isPortFree(port), `port ${port} is not free`);
  await assert.rejects(Deno.stat(plane.directory), Deno.errors.NotFound);
}

function podSpec(container: Json): Json {
  return { containers: [{ name: "main", image: "web:1", ...container }] };
}

async function create(client: ApiClient, path: string, object: Json, name: string): Promise<void> {
  await client.expect("POST", path, { ...object, metadata: { name, labels: { app: name } } });
}

function createPod(client: ApiClient, name: string, spec: Json): Promise<void> {
  return create(client, PODS, { apiVersion: "v1", kind: "Pod", spec }, name);
}

function createJob(client: ApiClient, name: string, script: string): Promise<void> {
  const podTemplate = podSpec({ command: ["sh", "-c", script] });
  const template = {
    metadata: { labels: { app: name } },
    spec: { ...podTemplate, restartPolicy: "Never" },
  };
  const spec = { backoffLimit: 0, template };
  return create(client, JOBS, { apiVersion: "batch/v1", kind: "Job", spec }, name);
}

async function hasJobEnded(client: ApiClient, name: string, type: string): Promise<boolean> {
  const { status } = await client.expect("GET", `${JOBS}/${name}`);
  return isConditionTrue({ status }, type);
}

async function setGate(client: ApiClient, type: string, status: string): Promise<void> {
  const conditions = [{ type, status }];
  await client.expect("PATCH", `${PODS}/gated/status`, { status: { conditions } });
}

async function podsOf(client: ApiClient, app: string): Promise<Pod[]> {
  return (await client.expect("GET", `${PODS}?labelSelector=app%3D${app}`)).items;
}

async function podNamed(client: ApiClient, name: string): Promise<Pod> {
  return await client.expect("GET", `${PODS}/${name}`);
}

async function isPodReady(client: ApiClient, name: string): Promise<boolean> {
  return isReady(await podNamed(client, name));
}

function isReady(pod: Pod): boolean {
  return isConditionTrue(pod, "Ready");
}

function isConditionTrue(object: { status: Pick<Pod["status"], "conditions"> }, type: string) {
  return object.status.conditions?.find((condition) => condition.type === type)?.status === "True";
}

/** Looks every 50 ms until it is so. */
async function until(isSo: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!await isSo()) {
    assert.ok(performance.now() < deadlineMs, `it is not so after ${Math.round(timeoutMs)} ms`);
    await sleep(50);
  }
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
