/** `pause ROLLOUT` */
import type { Cluster } from "../ports/cluster.ts";
import { patchRollout, type Target } from "./target.ts";

/** Sets `spec.paused`: nothing moves until it is taken back (`promote` does). */
export async function pause(cluster: Cluster, target: Target): Promise<string> {
  await patchRollout(cluster, target, { spec: { paused: true } });
  return `rollout '${target.name}' paused`;
}
