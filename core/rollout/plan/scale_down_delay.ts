/** Sets that are on their way out keep their pods for a delay, noted on them as a deadline. */
import { timeMs, timestampRoundedUp } from "../../api/values/time.ts";
import type { ReplicaSet } from "../../sets/mod.ts";
import type { Facts } from "../situation.ts";

export const DELAY_DEFAULT_SECONDS = 30;
export const DELAY_OVER = "the scale-down delay has passed";

/** The plan for a set before the pods that users need are added. */
export interface Wish {
  readonly set: ReplicaSet;
  readonly size: number;
  /** When it is to give its pods up; undefined: not at all. */
  readonly deadline?: string | undefined;
  /** Why it shrinks, where that needs to be said. */
  readonly reason?: string;
}

export function isPassed({ world }: Facts, deadline: string | undefined): boolean {
  const ms = timeMs(deadline);
  return ms !== undefined && ms <= world.nowMs;
}

/** Rounded up: a delay is never shorter than asked for. */
export function after({ world }: Facts, seconds: number): string {
  return timestampRoundedUp(world.nowMs + seconds * 1000);
}

/** The deadline of an aborted set; an earlier one is from before this abort. */
export function abortDeadlineOf(
  { state, world }: Facts,
  noted: string | undefined,
  seconds: number,
): string | undefined {
  const abortedMs = timeMs(state.abortedAt) ?? world.nowMs;
  return (timeMs(noted) ?? 0) >= abortedMs + seconds * 1000 ? noted : undefined;
}
