/** Going back to a revision that was there before. */
import { EXPERIMENT_NAME_ANNOTATION } from "../api/names/names.ts";
import type { ReplicaSet } from "../sets/mod.ts";
import type { Facts } from "./situation.ts";

/** A set that is older than the stable one was there before. */
export function isOlder(set: ReplicaSet, stable: ReplicaSet | undefined): boolean {
  return createdAt(set) < createdAt(stable);
}

/** True when the update goes back, over fewer other revisions than `spec.rollbackWindow` says. */
export function isWithinRollbackWindow({ sets, world }: Facts): boolean {
  const { next, stable } = sets;
  const revisions = world.rollout.spec.rollbackWindow?.revisions;
  if (revisions === undefined || next === undefined || stable === undefined) return false;
  if (!isOlder(next, stable)) return false;
  const between = world.replicaSets.filter((set) =>
    createdAt(set) > createdAt(next) && createdAt(set) < createdAt(stable) &&
    set.metadata.annotations?.[EXPERIMENT_NAME_ANNOTATION] === undefined
  );
  return between.length < revisions;
}

function createdAt(set: ReplicaSet | undefined): string {
  return set?.metadata.creationTimestamp ?? "";
}
