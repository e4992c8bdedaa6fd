/** The pause before the active Service moves: for some time, or until somebody promotes. */
import { mayAdvance } from "../abort.ts";
import { availablePods, wantedPods } from "../../sets/mod.ts";
import { awaitsPrePromotion, waitingText } from "../analysis/gates.ts";
import { isFastTracked } from "../bluegreen_facts.ts";
import {
  isWaiting,
  pauseEndMs,
  type PauseReason,
  pauseState,
  withoutPause,
  withPause,
} from "../pause.ts";
import { type BlueGreen, CONTINUE, type Situation, type Verdict } from "../situation.ts";
import { waiting } from "./pause.ts";

const REASON: PauseReason = "BlueGreenPause";

export function cutoverPause(situation: Situation<BlueGreen>): Verdict {
  const { state, sets: { next } } = situation;
  if (next === undefined || !mayAdvance(situation)) return CONTINUE;
  if (state.scaleUpPreviewCheckPoint || isFastTracked(situation)) return pass(situation);
  const size = situation.plan().goal.updated;
  if (Math.min(wantedPods(next), availablePods(next)) < size) return CONTINUE;
  if (awaitsPrePromotion(situation)) {
    return { then: "settle", why: waitingText("PrePromotion", state.runs.PrePromotion) };
  }
  return needsPause(situation) ? wait(situation) : approve(situation, "all pods are available");
}

/** True when the strategy asks for a pause. */
function needsPause({ strategy: { spec } }: Situation<BlueGreen>): boolean {
  return spec.autoPromotionEnabled === false || (spec.autoPromotionSeconds ?? 0) > 0;
}

function wait(situation: Situation<BlueGreen>): Verdict {
  const { spec } = situation.strategy;
  const isManual = spec.autoPromotionEnabled === false;
  const asked = { reason: REASON, seconds: isManual ? undefined : spec.autoPromotionSeconds ?? 0 };
  const found = pauseState(situation, asked);
  switch (found.is) {
    case "new":
      return enter(situation, asked.seconds);
    case "promoted":
      return approve(situation, "promoted by a user");
    case "waiting":
      return waiting(found.endMs);
    case "over":
      return approve(situation, `${asked.seconds} s of pause are over`);
  }
}

function enter(situation: Situation, seconds: number | undefined): Verdict {
  const entered = withPause(situation, REASON);
  if (seconds === undefined) {
    const why = "the new revision waits for promotion";
    return { state: entered, then: "settle", why };
  }
  const { nowMs } = situation.world;
  const startTime = entered.pauseConditions.at(-1)?.startTime ?? "";
  const endMs = pauseEndMs({ startTime }, { seconds, nowMs });
  const why = `the new revision waits for ${seconds} s`;
  return { state: entered, then: "settle", wakeAtMs: endMs, why };
}

/** The cutover may come. A preview with fewer pods than all grows to its full size first. */
function approve(situation: Situation<BlueGreen>, why: string): Verdict {
  const { state } = pass(situation);
  if ((situation.strategy.spec.previewReplicaCount ?? undefined) === undefined) {
    return { ...(state === undefined ? {} : { state }), then: "continue", why };
  }
  return { state: { ...state, scaleUpPreviewCheckPoint: true }, then: "settle", why };
}

/** Clears the pause. */
function pass(situation: Situation): Verdict {
  if (!situation.state.controllerPause && !isWaiting(situation, REASON)) return CONTINUE;
  return { state: withoutPause(situation, REASON), then: "continue" };
}
