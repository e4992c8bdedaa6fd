/**
 * The active Service: users stay with the stable revision until all pods of the newest are
 * available and nobody needs to be asked any more; an abort brings them back.
 */
import type { Write } from "../../engine/mod.ts";
import { isAbortOverdue } from "../abort_deadline.ts";
import { activeSet, outgoingSet, previewSize } from "../bluegreen_facts.ts";
import { availablePods, hashOf, isSaturated, type ReplicaSet, revisionOf } from "../../sets/mod.ts";
import { selectWrite } from "../service.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";

/** Brings users to stable after an abort, or when the Service selects no set of the Rollout. */
export function backToStable(situation: Situation): Verdict {
  const { progress, replicas } = situation;
  const stable = outgoingSet(situation);
  if (stable === undefined) return CONTINUE;
  const selected = activeSet(situation);
  if (selected === stable || (selected !== undefined && !progress.abort)) return CONTINUE;
  const isComplete = availablePods(stable) >= replicas;
  // A Service that selects no set in particular serves all pods: narrow it only to a complete set.
  const isBetter = progress.activeHash !== "" &&
    availablePods(stable) > availablePods(selected);
  if (!isComplete && !isBetter && !isLastChance(situation, stable)) return CONTINUE;
  return switched(situation, stable, progress.abort ? "aborted" : "users come first");
}

/** After the time of an abort as many pods as the other has are enough. */
function isLastChance(situation: Situation, stable: ReplicaSet): boolean {
  const { progress, world } = situation;
  const available = availablePods(stable);
  return progress.abort && isAbortOverdue(world.rollout, world.nowMs) && available > 0 &&
    available >= availablePods(activeSet(situation));
}

/** Lets users reach the newest revision. */
export function cutover(situation: Situation): Verdict {
  const { progress, replicas, sets: { next } } = situation;
  if (next === undefined || progress.abort) return CONTINUE;
  if (activeWrite(situation, next) === undefined) return CONTINUE;
  if (!isSaturated(next, replicas)) {
    const wanted = previewSize(situation);
    const why = `waiting for the newest revision: ${
      availablePods(next)
    } of ${wanted} pods available`;
    return { then: "settle", why };
  }
  return switched(situation, next, "all pods are available");
}

function switched(situation: Situation, set: ReplicaSet, reason: string): Verdict {
  const write = activeWrite(situation, set);
  if (write === undefined) return CONTINUE;
  return {
    effects: [write],
    progress: { activeHash: hashOf(set) },
    // What may go now that users have moved is for the pass that sees them there.
    then: "settle",
    why: `${reason}: ${write.ref.name} selects revision ${revisionOf(set)}`,
  };
}

function activeWrite({ blueGreen, world }: Situation, set: ReplicaSet): Write | undefined {
  const service = world.services.get(blueGreen?.activeService ?? "");
  return service === undefined ? undefined : selectWrite(world, service, hashOf(set));
}
