/**
 * An abort that does not end: after `progressDeadlineSeconds` one pod may be missing, whatever
 * `maxUnavailable` says. Pods of the aborted revision may stand where stable's should be scheduled.
 */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../api/names/defaults.ts";
import { timeMs } from "../api/values/time.ts";

/** When an abort should have ended; undefined: nothing is aborted. */
export function abortDeadlineMs({ spec, status }: Rollout): number | undefined {
  const abortedMs = status?.abort === true ? timeMs(status.abortedAt) : undefined;
  if (abortedMs === undefined) return undefined;
  return abortedMs + (spec.progressDeadlineSeconds ?? PROGRESS_DEADLINE_DEFAULT_SECONDS) * 1000;
}

/** True when an abort should have ended. */
export function isAbortOverdue(rollout: Rollout, nowMs: number): boolean {
  const deadlineMs = abortDeadlineMs(rollout);
  return deadlineMs !== undefined && deadlineMs <= nowMs;
}
