/** History: deletes the oldest empty ReplicaSets beyond `revisionHistoryLimit`. */
import { deletionOf } from "../../../sdk/wire/write.ts";
import { REPLICA_SETS } from "../../api/names/resources.ts";
import { writeEffect } from "../../engine/mod.ts";
import { presentPods, type ReplicaSet, revisionOf, wantedPods } from "../../sets/mod.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";

const LIMIT_DEFAULT = 10;

export function history({ sets, world }: Situation): Verdict {
  const limit = world.rollout.spec.revisionHistoryLimit ?? LIMIT_DEFAULT;
  const excess = sets.past.length - limit;
  if (excess <= 0) return CONTINUE;
  const oldestFirst = [...sets.past].sort((a, b) => revisionOf(a) - revisionOf(b));
  const expired = oldestFirst.slice(0, excess).filter(isEmpty);
  if (expired.length === 0) return CONTINUE;
  const names = expired.map((set) => set.metadata.name).join(", ");
  return {
    effects: expired.flatMap((set) => deletionOf(REPLICA_SETS, set)).map(writeEffect),
    then: "continue",
    why: `more than ${limit} old ReplicaSets: deleting ${names}`,
  };
}

function isEmpty(set: ReplicaSet): boolean {
  const isObserved = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
  return wantedPods(set) === 0 && presentPods(set) === 0 && isObserved &&
    set.metadata.deletionTimestamp === undefined;
}
