/**
 * Two controllers on a real control plane, in processes of their own. One is stopped in the middle
 * of many updates; the other finishes them; the first wakes and must not write what it had decided.
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS, SERVICES } from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { makeNamespace } from "../contract/expect.ts";
import { auditedWrites } from "./audit_log.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { connect, serveRollouts, until } from "./real_cluster.ts";

const COUNT = 20;
const NAMES = Array.from({ length: COUNT }, (_, index) => `web-${index + 1}`);

function rollout(namespace: string, name: string): Rollout {
  const labels = { app: name };
  const strategy = name.endsWith("5")
    ? {
      blueGreen: {
        activeService: `${name}-a`,
        previewService: `${name}-b`,
        scaleDownDelaySeconds: 1,
      },
    }
    : {
      canary: {
        stableService: `${name}-a`,
        canaryService: `${name}-b`,
        steps: [{ setWeight: 25 }, { pause: { duration: 1 } }, { setWeight: 50 }],
      },
    };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "registry/web:1" }] },
      },
      strategy,
    },
  };
}

function service(namespace: string, name: string, app: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app }, ports: [{ port: 80 }] },
  };
}

/** What that controller wrote from that time on, as far as it came true. */
async function written(
  plane: ControlPlane,
  userAgent: string,
  sinceMs: number,
): Promise<string[]> {
  const writes = await auditedWrites(plane, userAgent);
  return writes.filter(({ atMs, isRefused }) => atMs >= sinceMs && !isRefused)
    .map(({ verb, resource, subresource, name, atMs, body }) =>
      `${verb} ${resource}/${subresource} ${name} after ${atMs - sinceMs} ms: ` +
      JSON.stringify(body)
    );
}

async function playFrozen(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  await serveRollouts(user);
  const namespace = await makeNamespace(user);
  const started = systemClock.now();
  const processes = ["first", "second"].map((userAgent) =>
    startControllerProcess(plane, { userAgent, namespace })
  );
  const areHealthy = async () => {
    const rollouts = (await user.list(ROLLOUTS, { namespace })).items as Rollout[];
    return rollouts.every(({ status, metadata }) =>
      status?.phase === "Healthy" && status.observedGeneration === String(metadata.generation)
    );
  };
  try {
    for (const name of NAMES) {
      for (const part of ["a", "b"]) {
        await user.create(SERVICES, service(namespace, `${name}-${part}`, name));
      }
      await user.create(ROLLOUTS, rollout(namespace, name));
    }
    await until("all to be Healthy", areHealthy);
    for (const one of ["first", "second"]) {
      assert.ok((await written(plane, one, started)).length > 0, `${one} is at work`);
    }
    const containers = [{ name: "web", image: "registry/web:2" }];
    const body = { spec: { template: { spec: { containers } } } };
    await Promise.all(
      NAMES.map((name) => user.patch(ROLLOUTS, { namespace, name }, { type: "merge", body })),
    );
    await sleep(systemClock, 1_500);
    processes[0]?.kill("SIGSTOP");
    await until("the second to finish", areHealthy);
    // Until the last former revision has given up its pods nothing is settled.
    await sleep(systemClock, 5_000);
    const wokenMs = systemClock.now();
    processes[0]?.kill("SIGCONT");
    await sleep(systemClock, 10_000);
    assert.deepEqual(
      await written(plane, "first", wokenMs),
      [],
      "what it had decided is not written",
    );

    // It is none the worse for it: alone it carries on.
    processes[1]?.kill("SIGKILL");
    const next = {
      spec: { template: { spec: { containers: [{ ...containers[0], image: "web:3" }] } } },
    };
    await user.patch(ROLLOUTS, { namespace, name: "web-1" }, { type: "merge", body: next });
    await until("the first to serve", async () => await areHealthy());
    assert.ok((await written(plane, "first", wokenMs)).length > 0);
  } finally {
    await Promise.all(processes.map(killProcess));
    await user.close();
  }
}

Deno.test("a real control plane: a controller that was frozen writes nothing of what it knew", async () => {
  const plane = await startControlPlane();
  try {
    await playFrozen(plane);
  } finally {
    await plane.stop();
  }
});
