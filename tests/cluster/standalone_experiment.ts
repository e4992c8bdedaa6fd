/** An Experiment by itself: three versions for five minutes, and what is left of them. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import manifest from "../fixtures/seeds/90-section1-examples/manifest-6.yaml" with {
  type: "text",
};
import type { Experiment } from "../../sdk/api/experiment.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { EXPERIMENTS, PODS, REPLICA_SETS } from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { auditedWrites } from "./audit_log.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { connect, until } from "./real_cluster.ts";

const DURATION_MS = 300_000;
/** Pods stay so long; what lies between whole seconds is taken off. */
const DELAY_MS = 28_500;
const REST_MS = 5_000;
/** Three sets made, three scaled down, and a status for each burst of pods. */
const WRITES_MAX = 28;

/** The published manifest, with the selectors that it lacks. */
function experiment(namespace: string): Experiment {
  const { spec, ...rest } = parse(manifest) as Experiment;
  const templates = (spec.templates ?? []).map((template) => ({
    ...template,
    selector: { matchLabels: template.template.metadata?.labels ?? {} },
  }));
  return { ...rest, metadata: { ...rest.metadata, namespace }, spec: { ...spec, templates } };
}

export async function playStandaloneExperiment(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  const namespace = await makeNamespace(user);
  const userAgent = "controller-experiment";
  const controller = await startControllerProcess(plane, { userAgent, namespace });
  const statusOf = async () => {
    const ref = { namespace, name: "mock-server-experiment" };
    return (await user.get(EXPERIMENTS, ref) as Experiment).status ?? {};
  };
  const imagesOf = async () => {
    const { items } = await user.list(PODS, { namespace });
    return items.map(({ spec }) =>
      (spec as { containers: { image: string }[] }).containers[0]?.image
    )
      .sort();
  };
  try {
    await user.create(EXPERIMENTS, experiment(namespace));
    await until("three versions", async () => (await statusOf()).phase === "Running", 120_000);
    const images = ["1.0.0", "2.0.0", "3.0.0"]
      .map((version) => `ghcr.io/ssup2/mock-go-server:${version}`);
    assert.deepEqual(await imagesOf(), images);
    const runningMs = Date.parse((await statusOf()).availableAt ?? "");

    await sleep(systemClock, DURATION_MS - REST_MS - (systemClock.now() - runningMs));
    assert.equal((await statusOf()).phase, "Running", "it goes on until its time is over");
    await until("the end", async () => (await statusOf()).phase !== "Running", 120_000);
    const { phase, message, templateStatuses } = await statusOf();
    assert.deepEqual([phase, message], ["Successful", undefined]);
    assert.deepEqual(templateStatuses?.map(({ name, status }) => `${name} ${status}`), [
      "baseline Successful",
      "canary Successful",
      "experimental Successful",
    ]);
    assert.deepEqual(await imagesOf(), images, "its pods stay for a while");

    await until("no pods", async () => (await imagesOf()).length === 0, 120_000);
    const sets = (await user.list(REPLICA_SETS, { namespace })).items;
    assert.deepEqual(sets.map((set) => (set["spec"] as { replicas: number }).replicas), [0, 0, 0]);
    await sleep(systemClock, REST_MS);
    const writes = await auditedWrites(plane, userAgent);
    const ended = writes.find(({ resource, body }) =>
      resource === "experiments" && JSON.stringify(body).includes('"phase":"Successful"')
    );
    const endMs = ended?.atMs ?? NaN;
    const gone = writes.filter(({ verb, resource, body }) =>
      verb === "patch" && resource === "replicasets" &&
      fieldsOf(fieldsOf(body)["spec"])["replicas"] === 0
    );
    assert.equal(gone.length, 3);
    const delaysMs = gone.map(({ atMs }) => atMs - endMs);
    assert.ok(delaysMs.every((delayMs) => delayMs >= DELAY_MS), `pods went after ${delaysMs} ms`);
    assert.ok(endMs - runningMs >= DURATION_MS, `ended ${endMs - runningMs} ms after it ran`);
    assert.ok(writes.length <= WRITES_MAX, `${writes.length} writes`);
  } finally {
    await killProcess(controller);
    await user.close();
  }
}
