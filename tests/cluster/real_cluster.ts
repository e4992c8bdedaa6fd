/** A booted control plane as the cluster port sees it, with the kind Rollout served. */
import { rolloutCrd } from "../../core/api/crd.ts";
import { CUSTOM_RESOURCE_DEFINITIONS, NAMESPACES, ROLLOUTS } from "../../core/api/resources.ts";
import { type Credentials, KubeCluster } from "../../core/cluster/kube/mod.ts";
import { systemClock, systemRandom } from "../../core/cluster/system/mod.ts";
import { type Cluster, isNotFound, silentLog, sleep } from "../../core/ports/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

/** A connection of its own; close it. */
export function connect(plane: ControlPlane, userAgent: string): KubeCluster {
  const credentials: Credentials = {
    server: plane.url,
    namespace: "default",
    caPem: plane.caPem,
    headers: () => Promise.resolve({ authorization: `Bearer ${plane.token}` }),
  };
  const ports = { clock: systemClock, log: silentLog, random: systemRandom };
  return new KubeCluster(credentials, ports, { userAgent });
}

/** Asks until the answer is yes; fails after `withinMs`. */
export async function until(
  what: string,
  probe: () => Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const endMs = systemClock.monotonic() + withinMs;
  while (!await probe()) {
    if (systemClock.monotonic() > endMs) throw new Error(`Cannot wait any longer for ${what}`);
    await sleep(systemClock, 50);
  }
}

export async function serveRollouts(cluster: Cluster): Promise<void> {
  await cluster.create(CUSTOM_RESOURCE_DEFINITIONS, rolloutCrd() as unknown as KubeObject);
  await until("the kind Rollout", async () => {
    try {
      await cluster.list(ROLLOUTS);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  });
}

export async function createNamespace(cluster: Cluster, name: string): Promise<void> {
  await cluster.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}
