/** `scale ROLLOUT N` */
import { ROLLOUTS } from "../api/names/resources.ts";
import type { Cluster } from "../ports/cluster.ts";
import { readRollout, type Target } from "./target.ts";

/** Sets `spec.replicas` through the scale subresource, as an autoscaler does. */
export async function scale(
  cluster: Cluster,
  target: Target,
  { replicas }: { replicas: number },
): Promise<string> {
  await readRollout(cluster, target);
  const body = { spec: { replicas } };
  await cluster.patch(ROLLOUTS, target, { type: "merge", body }, { subresource: "scale" });
  return `rollout '${target.name}' scaled to ${replicas}`;
}
