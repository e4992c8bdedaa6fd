/**
 * The active Service: it selects the stable revision until all pods of the newest one are available
 * and approved; an abort brings it back to stable.
 */
import { mayAdvance } from "../abort.ts";
import { availablePods, hashOf, type ReplicaSet } from "../../sets/mod.ts";
import { usersService } from "../plan/users.ts";
import { selectWrite } from "../service.ts";
import { CONTINUE, outgoingSet, type Situation, type Verdict } from "../situation.ts";

/** Selects stable after an abort, or when the Service selects no set of the Rollout. */
export function backToStable(situation: Situation): Verdict {
  const stable = outgoingSet(situation);
  return stable === undefined ? CONTINUE : moved(situation, stable) ?? CONTINUE;
}

/** Selects the newest revision. */
export function cutover(situation: Situation): Verdict {
  const { sets: { next }, world } = situation;
  if (next === undefined || !mayAdvance(situation)) return CONTINUE;
  const service = usersService(situation);
  const isThere = service === undefined ||
    selectWrite(world, { service, hash: hashOf(next) }) === undefined;
  if (isThere) return CONTINUE;
  const { updated } = situation.plan().goal;
  const why = `waiting for the newest revision: ${
    availablePods(next)
  } of ${updated} pods available`;
  return moved(situation, next) ?? { then: "settle", why };
}

/** Undefined: the plan does not move users to this set. */
function moved(situation: Situation, set: ReplicaSet): Verdict | undefined {
  const { users } = situation.plan();
  if (users?.hash !== hashOf(set)) return undefined;
  const write = selectWrite(situation.world, users);
  if (write === undefined) return undefined;
  return {
    effects: [write],
    state: { activeHash: users.hash },
    // The next pass, which sees the new selector, scales the former set down.
    then: "settle",
    why: users.why,
  };
}
