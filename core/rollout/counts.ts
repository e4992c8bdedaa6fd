/** The pods of a Rollout, counted over its sets as the snapshot shows them. */
import { activeSet } from "./bluegreen_facts.ts";
import { availablePods, presentPods, readyPods } from "../sets/mod.ts";
import type { Facts } from "./situation.ts";

export interface Counts {
  /** Pods of all sets. */
  readonly present: number;
  /** Pods that an autoscaler counts; with `ready` and `available` those that serve users. */
  readonly scaled: number;
  readonly ready: number;
  readonly available: number;
  /** Pods of the present template's set. */
  readonly updated: number;
  readonly updatedAvailable: number;
}

export function countPods(situation: Facts): Counts {
  const { world, sets } = situation;
  const sum = (count: typeof presentPods, of = world.replicaSets) =>
    of.reduce((total, set) => total + count(set), 0);
  const active = activeSet(situation);
  const serving = active === undefined ? world.replicaSets : [active];
  return {
    present: sum(presentPods),
    scaled: sum(presentPods, serving),
    ready: sum(readyPods, serving),
    available: sum(availablePods, serving),
    updated: presentPods(sets.next),
    updatedAvailable: availablePods(sets.next),
  };
}
