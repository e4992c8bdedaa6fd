/** Promotion of a blue-green: the revision that users reach becomes the stable one. */
import { COMPLETION_REASON } from "../../api/names/event_reason.ts";
import { isFastRollback } from "../bluegreen_facts.ts";
import { FULL_PROMOTION, isPromotedInFull } from "../full_promotion.ts";
import { isOlder, isWithinRollbackWindow } from "../rollback.ts";
import {
  CONTINUE,
  isFullyPromoted,
  mayAdvance,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { type Completion, finish, INITIAL_DEPLOY, promote } from "./promotion.ts";

export function cutoverPromotion(situation: Situation): Verdict {
  const { state, sets: { next, stable } } = situation;
  if (next === undefined || isFullyPromoted(situation)) return finish(situation);
  const done = (completion: Completion): Verdict => ({
    ...promote(situation, completion),
    // Later stages of this pass plan the delay of the former stable set.
    then: "continue",
  });
  if (state.stableHash === "") return done(INITIAL_DEPLOY);
  if (state.activeHash !== state.currentHash) return CONTINUE;
  if (isPromotedInFull(situation)) return done(FULL_PROMOTION);
  // Only a full promotion, above, lifts an abort; a rollback does not.
  if (!mayAdvance(situation)) return CONTINUE;
  if (isFastRollback(situation)) {
    const reason = isWithinRollbackWindow(situation)
      ? COMPLETION_REASON.rollbackWithinWindow
      : COMPLETION_REASON.fastRollback;
    return done({ reason, status: "FastRolledBack" });
  }
  return done({
    reason: COMPLETION_REASON.blueGreen,
    status: isOlder(next, stable) ? "RolledBack" : "Promoted",
  });
}
