/** Promotion of a blue-green: the revision that users reach becomes the stable one. */
import { COMPLETION_REASON } from "../../api/names/event_reason.ts";
import { isFastRollback } from "../bluegreen_facts.ts";
import { isOlder, isWithinRollbackWindow } from "../rollback.ts";
import { CONTINUE, isFullyPromoted, type Situation, type Verdict } from "../situation.ts";
import { finish, promote } from "./promotion.ts";

export function cutoverPromotion(situation: Situation): Verdict {
  const { progress, sets: { next, stable } } = situation;
  if (next === undefined || isFullyPromoted(situation)) return finish(situation);
  const done = (promotion: Parameters<typeof promote>[1]): Verdict => ({
    ...promote(situation, promotion),
    // What the former stable set does next is decided in the same pass.
    then: "continue",
  });
  if (progress.stableHash === "") {
    return done({ reason: COMPLETION_REASON.initialDeploy, status: "Promoted" });
  }
  if (progress.activeHash !== progress.currentHash) return CONTINUE;
  if (progress.promoteFull) {
    return done({ reason: COMPLETION_REASON.fullPromotion, status: "FastPromoted" });
  }
  // A full promotion lifts an abort; nothing else that is quick does.
  if (progress.abort) return CONTINUE;
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
