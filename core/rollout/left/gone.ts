/** Whether a Rollout that is not in the cache is gone, and whether its pods wait for another. */
import type { ObjectRef } from "../../../sdk/wire/write.ts";
import { ROLLOUTS } from "../../api/names/resources.ts";
import type { CacheReader, GetQuestion, Inquiry } from "../../engine/mod.ts";
import { freeSets, hashOf, wantedPods } from "../../sets/mod.ts";

/** The inquiry whether the Rollout is gone, and not merely left to another controller. */
export const ROLLOUT = "rollout";
const GET_DEADLINE_MS = 10_000;
const GET_MAX_AGE_MS = 300_000;

export function rolloutInquiry(ref: ObjectRef): Inquiry {
  const question: GetQuestion = { kind: "get", type: ROLLOUTS, ref };
  return { id: ROLLOUT, question, deadlineMs: GET_DEADLINE_MS, maxAgeMs: GET_MAX_AGE_MS };
}

/** True while pods of these revisions were left to be taken in again (`--cascade=orphan`). */
export function arePodsKept(
  namespace: string | undefined,
  hashes: readonly string[],
  caches: CacheReader,
): boolean {
  return freeSets(namespace, caches)
    .some((set) => hashes.includes(hashOf(set)) && wantedPods(set) > 0);
}
