/** `restart ROLLOUT [--in DURATION]` */
import type { Cluster } from "../ports/cluster.ts";
import { timestamp } from "../api/values/time.ts";
import { patchRollout, type Target } from "./target.ts";

/** When pods are to be replaced. */
export interface RestartTime {
  readonly nowMs: number;
  readonly delayMs: number;
  /** The delay as it was asked for, e.g. `10s`. */
  readonly delayText: string;
}

/** Asks for every pod that is older than a time to be replaced, now or when that time has come. */
export async function restart(
  cluster: Cluster,
  target: Target,
  { nowMs, delayMs, delayText }: RestartTime,
): Promise<string> {
  const restartAt = timestamp(nowMs + delayMs);
  await patchRollout(cluster, target, { spec: { restartAt } });
  return `rollout '${target.name}' restarts in ${delayText}`;
}
