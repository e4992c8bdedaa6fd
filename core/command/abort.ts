/** `abort ROLLOUT` */
import type { Cluster } from "../ports/cluster.ts";
import { patchStatus, type Target } from "./target.ts";

/** Gives the update up: stable gets everything back, until `retry` or a new template. */
export async function abort(cluster: Cluster, target: Target): Promise<string> {
  await patchStatus(cluster, target, { status: { abort: true } });
  return `rollout '${target.name}' aborted`;
}
