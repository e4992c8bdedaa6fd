/** `scale ROLLOUT N` */
import type { Cluster } from "../ports/cluster.ts";
import { patchRollout, type Target } from "./target.ts";

/** Sets `spec.replicas` through the scale subresource, as an autoscaler does. */
export async function scale(
  cluster: Cluster,
  target: Target,
  { replicas }: { replicas: number },
): Promise<string> {
  const body = { spec: { replicas } };
  await patchRollout(cluster, target, body, { subresource: "scale" });
  return `rollout '${target.name}' scaled to ${replicas}`;
}
