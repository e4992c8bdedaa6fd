/** `retry rollout ROLLOUT` */
import type { Cluster } from "../ports/cluster.ts";
import { patchStatus, type Target } from "./target.ts";

/** Takes an abort back: the update starts again at its first step. */
export async function retry(cluster: Cluster, target: Target): Promise<string> {
  await patchStatus(cluster, target, { status: { abort: false } });
  return `rollout '${target.name}' retried`;
}
