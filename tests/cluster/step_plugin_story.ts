/**
 * The built-in step plugin on a real control plane: it runs, it is asked again, its controller is
 * killed in the middle, and it is ended by an abort.
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { ROLLOUTS } from "../../core/api/names/resources.ts";
import {
  MetricData,
  parseStepSeries,
  parseTimedCommand,
  simulate,
} from "../../core/simulate/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { connect, until, webRollout } from "./real_cluster.ts";

/** What the webhook was asked. */
interface Asked {
  readonly operation: string;
  readonly id: string;
  readonly step: string;
  readonly status?: { readonly asked: number };
}

/** A service that goes on until it is told that all is well; it is asked again after 11 s. */
function serve(asked: Asked[], isWell: () => boolean) {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const call = await request.json() as Asked;
    asked.push(call);
    if (call.operation !== "Run" || isWell()) return Response.json({ phase: "Successful" });
    const status = { asked: (call.status?.asked ?? 0) + 1 };
    return Response.json({ phase: "Running", requeueAfterSeconds: 11, status });
  });
}

function rolloutOf(namespace: string, url: string): Rollout {
  const plugin = { name: "sluice/webhook", config: { url } };
  const steps = [{ setWeight: 50 }, { plugin }, { pause: {} }];
  return webRollout(namespace, { replicas: 1, canary: { steps } });
}

function entriesOf({ status }: Rollout) {
  return listOf(fieldsOf(status?.canary)["stepPluginStatuses"]).map(fieldsOf);
}

/** What is the same however long everything took. */
function courseOf(rollout: Rollout) {
  const entries = entriesOf(rollout)
    .map(({ index, name, operation, phase }) => ({ index, name, operation, phase }));
  const { phase, message, currentStepIndex } = rollout.status ?? {};
  return { phase, message, currentStepIndex, entries };
}

/** The same story without a cluster, up to a time. */
async function rehearsed(rollout: Rollout, untilMs: number) {
  const image = (version: number) => `set image web web=registry/web:${version}`;
  const commands = [`10s: ${image(2)}`, `60s: ${image(3)}`, "80s: abort web"]
    .map(parseTimedCommand)
    .filter(({ trigger }) => trigger.kind === "at" && trigger.atMs < untilMs);
  const told = {
    "sluice/webhook": [
      { at: "0s", phase: "Running" },
      { at: "20s", phase: "Successful" },
      { at: "60s", phase: "Running" },
    ],
  };
  const { rollouts } = await simulate({
    objects: [rollout],
    script: [],
    timed: commands,
    files: new Map(),
    untilMs,
    seed: 1,
  }, { plugins, metricData: new MetricData([], new Map(), parseStepSeries(told)) });
  return courseOf(rollouts[0] as Rollout);
}

export async function playStepPlugin(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  const namespace = await makeNamespace(user);
  const asked: Asked[] = [];
  let isWell = false;
  await using server = serve(asked, () => isWell);
  const rollout = rolloutOf(namespace, `http://127.0.0.1:${server.addr.port}/gate`);
  const start = () => startControllerProcess(plane, { userAgent: "steps", namespace });
  const ref = { namespace, name: "web" };
  const present = async () => await user.get(ROLLOUTS, ref) as Rollout;
  const reach = (what: string, isSo: (rollout: Rollout) => boolean) =>
    until(what, async () => isSo(await present()));
  const update = (image: string) =>
    user.patch(ROLLOUTS, ref, {
      type: "merge",
      body: { spec: { template: { spec: { containers: [{ name: "web", image }] } } } },
    });
  const isAskedOnce = (one: Rollout) =>
    entriesOf(one).some(({ phase, executions }) => phase === "Running" && executions === 1);

  let process = await start();
  try {
    await user.create(ROLLOUTS, rollout);
    await reach("the first revision", ({ status }) => status?.phase === "Healthy");
    await update("registry/web:2");
    await reach("the first answer", isAskedOnce);
    const [begun] = entriesOf(await present());
    await killProcess(process);
    isWell = true;
    process = await start();
    await reach("the pause", ({ status }) => status?.phase === "Paused");
    const [ended] = entriesOf(await present());
    assert.equal(ended?.["startedAt"], begun?.["startedAt"], "the run is the one that was begun");
    assert.deepEqual(asked.map(({ operation }) => operation), ["Run", "Run"]);
    assert.equal(asked[0]?.step, asked[1]?.step);
    assert.notEqual(asked[0]?.id, asked[1]?.id);
    assert.deepEqual(asked[1]?.status, { asked: 1 }, "it goes on from what it said last");
    assert.deepEqual(courseOf(await present()), await rehearsed(rollout, 55_000));

    isWell = false;
    await update("registry/web:3");
    await reach("the answer for the next revision", isAskedOnce);
    await user.patch(ROLLOUTS, ref, { type: "merge", body: { status: { abort: true } } }, {
      subresource: "status",
    });
    await reach(
      "the step to be undone",
      (one) =>
        entriesOf(one).some(({ operation, phase }) =>
          operation === "Abort" && phase === "Successful"
        ),
    );
    assert.deepEqual(asked.map(({ operation }) => operation), ["Run", "Run", "Run", "Abort"]);
    assert.notEqual(asked[2]?.step, asked[1]?.step);
    assert.deepEqual(courseOf(await present()), await rehearsed(rollout, 120_000));
  } finally {
    await killProcess(process);
    await user.close();
  }
}
