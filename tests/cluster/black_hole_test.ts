/**
 * A way to the API server that swallows everything without a word, as after a lost entry of a packet
 * filter. A leader that renews its Lease notices, and works on over new connections.
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../../core/api/names/resources.ts";
import { KubeCluster } from "../../core/cluster/kube/mod.ts";
import { systemClock as clock, systemRandom as random } from "../../core/cluster/system/mod.ts";
import { DEFAULT_TIMES, LeaderElection, startController } from "../../core/controller/mod.ts";
import { silentLog as log } from "../../core/ports/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { Wire } from "../core/cluster/kube/wire.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { connect, serveRollouts, until, webRollout } from "./real_cluster.ts";

const SURVIVED_MS = 30_000;

async function play(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  await serveRollouts(user);
  const namespace = await makeNamespace(user);
  const ref = { namespace, name: "web" };
  const isDone = async () => {
    const { metadata, status } = await user.get(ROLLOUTS, ref) as Rollout;
    return status?.phase === "Healthy" && status.observedGeneration === `${metadata.generation}`;
  };
  await using wire = new Wire(Number(new URL(plane.url).port));
  const credentials = {
    server: wire.url,
    namespace,
    caPem: plane.caPem,
    headers: () => Promise.resolve({ authorization: `Bearer ${plane.token}` }),
  };
  const own = new KubeCluster(credentials, { clock, log, random }, {
    leaseTimeoutMs: DEFAULT_TIMES.renewDeadlineMs / 3,
  });
  const election = new LeaderElection(
    { lease: { namespace, name: "lock" }, identity: "one", times: DEFAULT_TIMES },
    { cluster: own.lease, clock, log, random },
  );
  const controller = startController({ cluster: own, clock, log, plugins, namespace, election });
  try {
    await user.create(ROLLOUTS, webRollout(namespace, { replicas: 2, canary: {} }));
    await until("the Rollout to be Healthy", isDone);
    const { connections } = wire;
    wire.swallow();
    const containers = [{ name: "web", image: "registry/web:2" }];
    const body = { spec: { template: { spec: { containers } } } };
    await user.patch(ROLLOUTS, ref, { type: "merge", body });
    await until("the update to be complete", isDone, SURVIVED_MS);
    assert.ok(wire.connections > connections, "over new connections");
  } finally {
    await controller.stop();
    await own.close();
    await user.close();
  }
}

Deno.test("a leader whose connections carry nothing any more finishes an update within 30 s", async () => {
  const plane = await startControlPlane();
  try {
    await play(plane);
  } finally {
    await plane.stop();
  }
});
