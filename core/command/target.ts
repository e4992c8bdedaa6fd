/** The Rollout that a command is about. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../api/resources.ts";
import { isConflict, isNotFound } from "../ports/api_error.ts";
import type { Cluster, ObjectRef } from "../ports/cluster.ts";
import { CommandRefused } from "./refusal.ts";

export interface Target {
  readonly namespace: string;
  readonly name: string;
}

/** @throws {CommandRefused} when there is no such Rollout. */
export async function readRollout(cluster: Cluster, target: Target): Promise<Rollout> {
  try {
    return (await cluster.get(ROLLOUTS, target)) as Rollout;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CommandRefused(
      `there is no rollout "${target.name}" in namespace "${target.namespace}"`,
    );
  }
}

/** Merge-patches a Rollout, or its status. */
export async function patchRollout(
  cluster: Cluster,
  target: ObjectRef,
  { body, subresource }: { body: unknown; subresource?: "status" },
): Promise<void> {
  const options = subresource === undefined ? {} : { subresource };
  await cluster.patch(ROLLOUTS, target, { type: "merge", body }, options);
}

/** Tries again what somebody else's write came between, a few times. */
export async function retryOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let triesLeft = 4;; triesLeft--) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) || triesLeft === 0) throw error;
    }
  }
}
