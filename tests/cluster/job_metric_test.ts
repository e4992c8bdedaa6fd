/** Jobs that measure, on a real control plane: what its Job controller makes of them. */
import assert from "node:assert/strict";
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import { ANALYSIS_RUNS, PODS } from "../../core/api/names/resources.ts";
import { KINDS } from "../../core/api/schema/kinds.ts";
import { isNotFound } from "../../core/ports/mod.ts";
import { JOBS } from "../../plugins/metrics/job/resources.ts";
import { playServed, type ServedNamespace, serveKind, until } from "./real_cluster.ts";

const ANALYSIS_RUN_KIND = KINDS.find(({ type }) => type === ANALYSIS_RUNS)!;

function runOf(namespace: string, name: string, image: string): AnalysisRun {
  // The pods of these Jobs run until the test ends them.
  const container = { name: "check", image, command: ["sh", "-c", "sleep 1000"] };
  const template = { spec: { containers: [container], restartPolicy: "Never" } };
  const spec = { backoffLimit: 0, template };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: { name, namespace },
    spec: { metrics: [{ name: "check", provider: { job: { spec } } }] },
  };
}

async function playJobs({ user, namespace }: ServedNamespace): Promise<void> {
  await serveKind(user, ANALYSIS_RUN_KIND);
  const begin = (name: string, image: string) =>
    user.create(ANALYSIS_RUNS, runOf(namespace, name, image));
  const read = async (name: string) =>
    await user.get(ANALYSIS_RUNS, { namespace, name }) as AnalysisRun;
  const phaseOf = async (name: string) => (await read(name)).status?.phase;
  const measurementOf = async (name: string) =>
    (await read(name)).status?.metricResults?.[0]?.measurements?.[0];
  const jobsOf = async (uid: string) => {
    const labelSelector = `analysisrun.argoproj.io/uid=${uid}`;
    return (await user.list(JOBS, { namespace, labelSelector })).items;
  };
  /** Ends the pods of a run's Job, as their containers would. */
  const finish = async (uid: string, phase: "Succeeded" | "Failed") => {
    const labelSelector = `analysisrun.argoproj.io/uid=${uid}`;
    const running = async () =>
      (await user.list(PODS, { namespace, labelSelector })).items
        .filter(({ status }) => (status as { phase?: string }).phase === "Running");
    await until("a running pod", async () => (await running()).length > 0);
    for (const { metadata: { name } } of await running()) {
      const body = { status: { phase } };
      const patch = { type: "merge", body } as const;
      await user.patch(PODS, { namespace, name }, patch, { subresource: "status" });
    }
  };

  const good = await begin("good", "registry/check:1");
  const uid = good.metadata.uid ?? "";
  await until("a Job", async () => (await jobsOf(uid)).length > 0);
  const [job] = await jobsOf(uid);
  assert.equal(job?.metadata.name, `${uid}.check.1`);
  assert.deepEqual(job?.metadata.ownerReferences?.map((owner) => owner.uid), [uid]);
  await finish(uid, "Succeeded");
  await until("success", async () => await phaseOf("good") === "Successful");
  assert.deepEqual((await measurementOf("good"))?.metadata, {
    "job-name": `${uid}.check.1`,
    "job-namespace": namespace,
  });
  assert.equal((await jobsOf(uid)).length, 1);

  const bad = await begin("bad", "registry/check:1");
  await finish(bad.metadata.uid ?? "", "Failed");
  await until("failure", async () => await phaseOf("bad") === "Failed");

  await begin("stuck", "registry/does-not-exist:1");
  await until("no verdict", async () => await phaseOf("stuck") === "Inconclusive");
  assert.match(
    (await measurementOf("stuck"))?.message ?? "",
    /^Pod \S+, container check has terminal error \(ImagePullBackOff\): Back-off pulling image/,
  );

  const ended = await begin("ended", "registry/check:1");
  const endedUid = ended.metadata.uid ?? "";
  await until("a Job", async () => (await jobsOf(endedUid)).length > 0);
  const terminate = { type: "merge", body: { spec: { terminate: true } } } as const;
  await until("a measurement", async () => await measurementOf("ended") !== undefined);
  await user.patch(ANALYSIS_RUNS, { namespace, name: "ended" }, terminate);
  await until("no Job", async () => (await jobsOf(endedUid)).length === 0);
  await until("an end", async () => (await measurementOf("ended"))?.finishedAt !== undefined);
  const { phase, message } = (await measurementOf("ended"))!;
  assert.deepEqual([phase, message], ["Inconclusive", "Metric Terminated"]);

  // With the run its Jobs go.
  await user.delete(ANALYSIS_RUNS, { namespace, name: "good" });
  await until("no Job of a run that is gone", async () => (await jobsOf(uid)).length === 0);
  await assert.rejects(() => read("good"), isNotFound);
}

Deno.test("Jobs measure: success, failure, an image that is not there, an early end", () =>
  playServed(playJobs));
