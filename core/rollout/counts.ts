/** The pods of a Rollout, counted over its sets as the snapshot shows them. */
import { availablePods, presentPods, readyPods } from "./replica_set.ts";
import type { Situation } from "./situation.ts";

export interface Counts {
  /** Pods of all sets. */
  readonly present: number;
  readonly ready: number;
  readonly available: number;
  /** Pods of the present template's set. */
  readonly updated: number;
  readonly updatedAvailable: number;
}

export function countPods({ world, sets }: Situation): Counts {
  const sum = (count: typeof presentPods) =>
    world.replicaSets.reduce((total, set) => total + count(set), 0);
  return {
    present: sum(presentPods),
    ready: sum(readyPods),
    available: sum(availablePods),
    updated: presentPods(sets.next),
    updatedAvailable: availablePods(sets.next),
  };
}
