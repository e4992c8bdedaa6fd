/** The delay in which a set keeps its pods, noted on it as the time at which it ends. */
import { timeMs, timestampRoundedUp } from "../api/values/time.ts";

/** `scaleDownDelaySeconds` of a Rollout and of an Experiment. */
export const SCALE_DOWN_DELAY_DEFAULT_SECONDS = 30;

/** The deadline of a delay that begins now, rounded up: it is never shorter than asked for. */
export function deadlineIn(nowMs: number, seconds: number): string {
  return timestampRoundedUp(nowMs + seconds * 1000);
}

export function isDeadlinePassed(nowMs: number, deadline: string | undefined): boolean {
  const ms = timeMs(deadline);
  return ms !== undefined && ms <= nowMs;
}
