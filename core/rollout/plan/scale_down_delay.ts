/** Sets that keep their pods for a delay, noted as a deadline; what a plan wishes of a set. */
import { timeMs } from "../../api/values/time.ts";
import { abortedMs } from "../abort.ts";
import {
  deadlineIn,
  desiredWhenScaled,
  isDeadlinePassed,
  type ReplicaSet,
  revisionOf,
  SCALE_DOWN_DELAY_DEFAULT_SECONDS,
  wantedPods,
} from "../../sets/mod.ts";
import type { Facts } from "../situation.ts";
import type { SetPlan } from "./plan.ts";
import { leastPods } from "./users.ts";

export const DELAY_DEFAULT_SECONDS = SCALE_DOWN_DELAY_DEFAULT_SECONDS;
export const DELAY_OVER = "the scale-down delay has passed";

/** The plan for a set before the pods that users need are added. */
export interface Wish {
  readonly set: ReplicaSet;
  readonly size: number;
  /** When it is to give its pods up; undefined: not at all. */
  readonly deadline?: string | undefined;
  /** The deadline stays noted also without pods: people see that the delay has passed. */
  readonly isDelayShown?: boolean;
  /** Why it shrinks, where that needs to be said. */
  readonly reason?: string;
}

export function isPassed({ world }: Facts, deadline: string | undefined): boolean {
  return isDeadlinePassed(world.nowMs, deadline);
}

/** Rounded up: a delay is never shorter than asked for. */
export function after({ world }: Facts, seconds: number): string {
  return deadlineIn(world.nowMs, seconds);
}

/** The deadline of an aborted set; an earlier one is from before this abort. */
export function abortDeadlineOf(
  facts: Facts,
  noted: string | undefined,
  seconds: number,
): string | undefined {
  return (timeMs(noted) ?? 0) >= abortedMs(facts) + seconds * 1000 ? noted : undefined;
}

/** What a set is to be; the one that users' Service selects still has a pod (S6). */
export function setPlan(facts: Facts, wish: Wish): SetPlan {
  const { replicas, sets } = facts;
  const { set, isDelayShown = false } = wish;
  const size = Math.max(wish.size, leastPods(facts, set));
  const deadline = size === 0 && !isDelayShown ? undefined : wish.deadline;
  const isPast = sets.past.includes(set);
  return {
    set,
    size,
    // A change of `spec.replicas` does not concern sets of other revisions.
    replicas: isPast ? desiredWhenScaled(set) ?? replicas : replicas,
    deadline,
    isDelayShown,
    change: changeText({ ...wish, size }),
  };
}

function changeText({ set, size, deadline, reason }: Wish): string {
  const from = wantedPods(set);
  const revision = `revision ${revisionOf(set)}`;
  const why = reason === undefined ? "" : `${reason}: `;
  if (from !== size) return `${why}scale ${revision} from ${from} to ${size}`;
  if (size === 0) {
    return deadline === undefined
      ? `${revision} waits for no delay any more`
      : `the delay of ${revision}, which has no pods, ends at ${deadline}`;
  }
  return deadline === undefined
    ? `${revision} keeps its pods`
    : `${revision} keeps its pods until ${deadline}`;
}
