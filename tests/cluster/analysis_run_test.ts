/** AnalysisRuns on a real control plane, measured over HTTP by the whole controller. */
import assert from "node:assert/strict";
import type { AnalysisRun, Metric } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import {
  ANALYSIS_RUNS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
} from "../../core/api/names/resources.ts";
import { customResourceDefinition } from "../../core/api/schema/custom_resource_definition.ts";
import { KINDS } from "../../core/api/schema/kinds.ts";
import { defineResource } from "../../sdk/wire/resource_type.ts";
import { playServed, type ServedNamespace, until } from "./real_cluster.ts";

const SECRETS = defineResource("", "v1", "secrets", "Secret");
const TOKEN = "t0ken-of-the-test";

/** A service that says how it is doing to those who know the token. */
function serve(asked: string[]) {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    asked.push(request.url);
    if (request.headers.get("authorization") !== TOKEN) return new Response(null, { status: 401 });
    const { pathname } = new URL(request.url);
    if (pathname === "/away") return new Response(TOKEN, { status: 500 });
    return Response.json({ isOk: pathname === "/good", token: TOKEN });
  });
}

function runOf(namespace: string, name: string, metrics: readonly Metric[]): AnalysisRun {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: { name, namespace },
    spec: {
      args: [{ name: "token", valueFrom: { secretKeyRef: { name: "tokens", key: "web" } } }],
      metrics: [...metrics],
    },
  };
}

async function play({ user, own, namespace }: ServedNamespace): Promise<void> {
  const asked: string[] = [];
  await using server = serve(asked);
  const { port } = server.addr;
  const metric = (name: string, path: string, fields: Partial<Metric> = {}): Metric => ({
    name,
    interval: "1s",
    count: 3,
    successCondition: "result.isOk",
    provider: {
      web: {
        url: `http://127.0.0.1:${port}/${path}`,
        headers: [{ key: "authorization", value: "{{args.token}}" }],
      },
    },
    ...fields,
  });
  for (const kind of KINDS.filter(({ type }) => type.plural !== "rollouts")) {
    await user.create(CUSTOM_RESOURCE_DEFINITIONS, customResourceDefinition(kind));
  }
  await user.create(
    SECRETS,
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "tokens", namespace },
      stringData: { web: TOKEN },
    } as KubeObject,
  );
  const create = async (name: string, metrics: readonly Metric[]) => {
    const run = runOf(namespace, name, metrics);
    await until("the kind AnalysisRun", async () => {
      try {
        await user.create(ANALYSIS_RUNS, run);
        return true;
      } catch (error) {
        if ((error as { code?: number }).code === 404) return false;
        throw error;
      }
    });
  };
  const runAt = async (name: string) =>
    (await user.get(ANALYSIS_RUNS, { namespace, name })) as AnalysisRun;
  const reach = (name: string, phase: string) =>
    until(`${name} ${phase}`, async () => (await runAt(name)).status?.phase === phase);

  await create("good", [metric("ok", "good")]);
  await reach("good", "Successful");
  const { status = {} } = await runAt("good");
  const [result] = status.metricResults ?? [];
  assert.deepEqual([result?.count, result?.successful], [3, 3]);
  assert.equal(result?.measurements?.[0]?.value, '{"isOk":true,"token":"*****"}');
  assert.deepEqual(status.runSummary, { count: 1, successful: 1 });
  const patches = own.requests().get("patch analysisruns.argoproj.io");
  assert.equal(patches, 3, "one write for each measurement");

  await create("bad", [metric("ok", "good"), metric("worse", "bad")]);
  await reach("bad", "Failed");
  assert.equal(
    (await runAt("bad")).status?.message,
    'Metric "worse" assessed Failed due to failed (1) > failureLimit (0)',
  );

  await create("away", [metric("gone", "away", { consecutiveErrorLimit: 0 })]);
  await reach("away", "Error");

  await create("ended", [metric("ok", "good", { count: 0, interval: "30s" })]);
  await until(
    "the first measurement",
    async () => (await runAt("ended")).status?.metricResults?.[0]?.count === 1,
  );
  await user.patch(ANALYSIS_RUNS, { namespace, name: "ended" }, {
    type: "merge",
    body: { spec: { terminate: true } },
  });
  await reach("ended", "Successful");
  assert.equal((await runAt("ended")).status?.message, "Run Terminated");

  const wanted = ["AnalysisRunSuccessful", "AnalysisRunFailed", "AnalysisRunError", "MetricFailed"];
  await until("the events", async () => {
    const { items } = await user.list(EVENTS, { namespace });
    assert.ok(!JSON.stringify(items).includes(TOKEN));
    const reasons = new Set(items.map((event) => event["reason"]));
    return wanted.every((reason) => reasons.has(reason));
  });
  const { items } = await user.list(ANALYSIS_RUNS, { namespace });
  assert.ok(!JSON.stringify(items).includes(TOKEN));
}

Deno.test("a real control plane keeps what is measured, and no secret", () => playServed(play));
