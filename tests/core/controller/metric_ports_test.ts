import assert from "node:assert/strict";
import { metricPorts } from "../../../core/controller/metric_ports.ts";
import { ApiError, type Cluster, silentLog } from "../../../core/ports/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { ManualClock } from "../cluster/kube/manual_clock.ts";

const JOBS = defineResource("batch", "v1", "jobs", "Job");
const JOB = { apiVersion: "batch/v1", kind: "Job", metadata: { namespace: "shop", name: "a" } };

function apiError(code: number, reason: string, message = reason): ApiError {
  return new ApiError({ code, reason, message });
}

function secret(namespace: string, value: string): KubeObject {
  const metadata = { namespace, name: "keys" };
  return { apiVersion: "v1", kind: "Secret", metadata, data: { token: btoa(value) } };
}

const OBJECTS = [secret("shop", "of the run"), secret("sluice", "of the controller"), JOB];

function portsOf(change: Partial<Cluster> = {}, jobCluster?: Cluster) {
  const clock = new ManualClock();
  const cluster = {
    get: (_type: unknown, { namespace, name }: { namespace?: string; name: string }) => {
      const found = OBJECTS.find(({ metadata }) =>
        metadata.namespace === namespace && metadata.name === name
      );
      const missing = apiError(404, "NotFound", `secrets "${name}" not found`);
      return found === undefined ? Promise.reject(missing) : Promise.resolve(found);
    },
    ...change,
  } as Cluster;
  const settings = {
    namespace: "sluice",
    ...(jobCluster === undefined ? {} : { jobCluster }),
    setting: (name: string) => ({ TOKEN_FILE: "/token", LOST_FILE: "/lost" })[name],
    readFile: (path: string) =>
      path === "/token"
        ? Promise.resolve(new TextEncoder().encode("from a file"))
        : Promise.reject(new Error("no such file")),
  };
  const http = { send: () => Promise.reject(new Error("nobody is asked")) };
  const { signal } = new AbortController();
  return metricPorts({ clock, log: silentLog, http, cluster, settings })({
    namespace: "shop",
    signal,
  });
}

Deno.test("a secret is that of the run's namespace, or of the controller's", async () => {
  assert.equal(await portsOf().secret("run", "keys", "token"), "of the run");
  assert.equal(await portsOf().secret("controller", "keys", "token"), "of the controller");
});

Deno.test("a secret or a key that is missing is told by name", async () => {
  await assert.rejects(() => portsOf().secret("run", "keys", "other"), {
    message: "key 'other' does not exist in secret 'keys'",
  });
  await assert.rejects(() => portsOf().secret("run", "none", "token"), {
    message: 'secrets "none" not found',
  });
});

Deno.test("settings are handed in, and the files that they name", async () => {
  assert.equal(portsOf().setting("TOKEN_FILE"), "/token");
  assert.equal(await portsOf().settingFile("TOKEN_FILE"), "from a file");
  assert.equal(await portsOf().settingFile("OTHER"), undefined);
  await assert.rejects(() => portsOf().settingFile("LOST_FILE"), {
    message: 'Cannot read the file "/lost" that LOST_FILE names',
  });
});

Deno.test("times of range queries are expressions over the controller's clock", () => {
  assert.equal(portsOf().evaluateTime('now() - duration("1h")'), 1_700_000_000_000 - 3_600_000);
  assert.throws(() => portsOf().evaluateTime("1 + 1"), /expected time.Time, but got int/);
});

Deno.test("what is gone is nothing, and what is there already is the object", async () => {
  const ports = portsOf({
    create: () => Promise.reject(apiError(409, "AlreadyExists")),
    delete: () => Promise.reject(apiError(404, "NotFound")),
  });
  assert.equal(await ports.cluster.get(JOBS, { namespace: "shop", name: "b" }), undefined);
  assert.equal(await ports.cluster.create(JOBS, { ...JOB, spec: {} }), JOB);
  await ports.cluster.delete(JOBS, { namespace: "shop", name: "b" });
});

Deno.test("what the cluster refuses is refused", async () => {
  const refuse = () => Promise.reject(apiError(403, "Forbidden", "jobs is forbidden"));
  const { cluster } = portsOf({ get: refuse, create: refuse, delete: refuse });
  const ref = { namespace: "shop", name: "a" };
  await assert.rejects(() => cluster.get(JOBS, ref), /forbidden/);
  await assert.rejects(() => cluster.create(JOBS, JOB), /forbidden/);
  await assert.rejects(() => cluster.delete(JOBS, ref), /forbidden/);
});

Deno.test("objects are those of the cluster of Jobs where there is one, secrets are not", async () => {
  const jobCluster = { get: () => Promise.resolve(JOB) } as unknown as Cluster;
  const ports = portsOf({}, jobCluster);
  assert.equal(await ports.cluster.get(JOBS, { namespace: "far", name: "away" }), JOB);
  assert.equal(await ports.secret("run", "keys", "token"), "of the run");
});
