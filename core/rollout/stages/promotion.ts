/** Promotion: makes the new revision stable. */
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { NO_RUNS } from "../analysis/runs.ts";
import { type Completion, completionOf } from "../completion.ts";
import { normal } from "../../sets/mod.ts";
import { hasPingPong } from "../routed/routing.ts";
import {
  CONTINUE,
  currentRevision,
  isFullyPromoted,
  lastIndex,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { CLEARED } from "../update_state.ts";
import { awaitsMetadata } from "./metadata.ts";

/** Makes the newest revision stable once its update is complete, and its pods are told so. */
export function promotion(situation: Situation): Verdict {
  if (situation.sets.next === undefined || isFullyPromoted(situation)) return finish(situation);
  const completion = completionOf(situation);
  if (completion === undefined || awaitsMetadata(situation)) return CONTINUE;
  return promote(situation, completion);
}

/** Makes the newest revision stable. */
export function promote(situation: Situation, { reason, status }: Completion): Verdict {
  const { state, strategy } = situation;
  const revision = currentRevision(situation);
  const takesTurns = strategy.kind !== "blueGreen" && hasPingPong(strategy.spec);
  const message = EVENT_MESSAGE.rolloutCompleted(revision, state.currentHash, reason);
  return {
    state: {
      ...CLEARED,
      stepIndex: lastIndex(situation),
      stableHash: state.currentHash,
      scaleUpPreviewCheckPoint: false,
      // A blue-green still says how its analyses ended.
      ...(strategy.kind === "blueGreen" ? {} : { runs: NO_RUNS }),
      ...(takesTurns ? { stablePingPong: state.stablePingPong === "ping" ? "pong" : "ping" } : {}),
      duration: { ...state.duration, completionStatus: status },
    },
    events: [normal(EVENT_REASON.rolloutCompleted, message)],
    then: "settle",
    why: `${reason}: revision ${revision} is stable`,
  };
}

/** Clears what users and pauses left in the state of a finished update. */
export function finish(situation: Situation): Verdict {
  if (!isFullyPromoted(situation)) return CONTINUE;
  return {
    state: { ...CLEARED, stepIndex: lastIndex(situation) },
    then: "continue",
  };
}
