/** The Rollout that a command is about. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import { isConflict, isNotFound } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
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
      `rollout "${target.name}" not found in namespace "${target.namespace}"`,
    );
  }
}

/** Merge-patches a Rollout. */
export async function patchRollout(
  cluster: Cluster,
  target: ObjectRef,
  body: unknown,
): Promise<void> {
  await cluster.patch(ROLLOUTS, target, { type: "merge", body });
}

/** What a command changes of a Rollout. */
export interface RolloutChange {
  readonly status: Record<string, unknown>;
  readonly spec?: Record<string, unknown>;
}

/**
 * Merge-patches the status of a Rollout, then its spec if that is given. Where the definition of
 * Rollouts has no status subresource, both go into one patch of the object.
 */
export async function patchStatus(
  cluster: Cluster,
  target: ObjectRef,
  change: RolloutChange,
): Promise<void> {
  const { status, spec } = change;
  const patch = { type: "merge", body: { status } } as const;
  try {
    await cluster.patch(ROLLOUTS, target, patch, { subresource: "status" });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await patchRollout(cluster, target, change);
    return;
  }
  if (spec !== undefined) await patchRollout(cluster, target, { spec });
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
