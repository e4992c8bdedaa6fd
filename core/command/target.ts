/** The Rollout that a command is about. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import { isConflict, isNotFound } from "../ports/api_error.ts";
import type { Cluster, WriteOptions } from "../ports/cluster.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { ObjectNotFound } from "./refusal.ts";

export interface Target {
  readonly namespace: string;
  readonly name: string;
}

/** @throws {ObjectNotFound} */
export async function readRollout(cluster: Cluster, target: Target): Promise<Rollout> {
  return await toldIfMissing(ROLLOUTS, target, cluster.get(ROLLOUTS, target)) as Rollout;
}

/** Merge-patches a Rollout. @throws {ObjectNotFound} */
export async function patchRollout(
  cluster: Cluster,
  target: Target,
  body: unknown,
  options: WriteOptions = {},
): Promise<void> {
  await patchObject(cluster, { type: ROLLOUTS, target }, body, options);
}

/** Merge-patches an object. @throws {ObjectNotFound} */
export async function patchObject(
  cluster: Cluster,
  { type, target }: { readonly type: ResourceType; readonly target: Target },
  body: unknown,
  options: WriteOptions = {},
): Promise<void> {
  const patching = cluster.patch(type, target, { type: "merge", body }, options);
  await toldIfMissing(type, target, patching);
}

/** The answer; that there is no such object is said as people read it. @throws {ObjectNotFound} */
export async function toldIfMissing<Answer>(
  type: ResourceType,
  target: Target,
  answer: Promise<Answer>,
): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw isNotFound(error) ? new ObjectNotFound(type, target) : error;
  }
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
  target: Target,
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
