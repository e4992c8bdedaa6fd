/**
 * Services: the canary Service follows the newest revision, the stable Service the stable one; each
 * moves only to pods that are there. The stable Service leaves a set before its last pods do.
 */
import type { Write } from "../../engine/mod.ts";
import { isSelected } from "../kept_pods.ts";
import { availablePods, hashOf, type ReplicaSet, revisionOf, wantedPods } from "../../sets/mod.ts";
import { isManaged, selectWrite } from "../service.ts";
import { CONTINUE, isHalted, type Situation, type Verdict } from "../situation.ts";
import { plannedSizes } from "../weight.ts";

export function services(situation: Situation): Verdict {
  const { canaryService, stableService } = situation.world.rollout.spec.strategy?.canary ?? {};
  const { progress, replicas, sets } = situation;
  const users = stableTarget(situation);
  const update = progress.abort ? sets.stable : sets.next;
  const targets: [string | undefined, ReplicaSet | undefined, wholeSize: number][] = [
    // Where the newest set stands in for stable, users are to have all of their pods.
    [stableService, users, users === sets.stable ? wantedPods(users) : replicas],
    [canaryService, update, wantedPods(update)],
  ];
  const effects: Write[] = [];
  const changes: string[] = [];
  for (const [name, set, wholeSize] of targets) {
    const service = name === undefined ? undefined : situation.world.services.get(name);
    if (service === undefined || set === undefined) continue;
    // A Service that nobody steered yet serves all pods: narrow it only to a complete set.
    const needed = isManaged(service) ? 1 : Math.max(1, wholeSize);
    if (availablePods(set) < needed) continue;
    const write = selectWrite(situation.world, service, hashOf(set));
    if (write === undefined) continue;
    effects.push(write);
    changes.push(`${name} selects revision ${revisionOf(set)}`);
  }
  if (effects.length === 0) return CONTINUE;
  return { effects, then: "continue", why: `pods are available: ${changes.join(", ")}` };
}

/** The set that the stable Service should select; undefined: leave it. */
function stableTarget(situation: Situation): ReplicaSet | undefined {
  const { sets } = situation;
  if (sets.stable === undefined || sets.stable === sets.next) return sets.stable;
  if (isHalted(situation)) return haltedTarget(situation);
  const isStaying = plannedSizes(situation).stable > 0;
  if (isStaying && availablePods(sets.stable) > 0) return sets.stable;
  // Without pods, or about to be without: whoever has pods serves (safety rule S6).
  return isServing(sets.next) ? sets.next : undefined;
}

/** Under spec.paused sizes stay as they are, and users with the pods that they reach. */
function haltedTarget(situation: Situation): ReplicaSet | undefined {
  const { sets: { stable, next }, world } = situation;
  const { stableService } = world.rollout.spec.strategy?.canary ?? {};
  const serving = [stable, next].filter(isServing);
  const reached = serving.find((set) => isSelected(situation, set, stableService));
  return reached === undefined ? serving[0] : undefined;
}

/** A set that wants no pods is losing the ones that it still has. */
function isServing(set: ReplicaSet | undefined): set is ReplicaSet {
  return wantedPods(set) > 0 && availablePods(set) > 0;
}
