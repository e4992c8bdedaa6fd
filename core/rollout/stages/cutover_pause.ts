/** The pause before the active Service moves: for some time, or until somebody promotes. */
import { availablePods, wantedPods } from "../../sets/mod.ts";
import { isFastTracked } from "../bluegreen_facts.ts";
import { pauseEndMs, type PauseReason, pauseState, withoutPause, withPause } from "../pause.ts";
import {
  type BlueGreen,
  CONTINUE,
  mayAdvance,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { waiting } from "./pause.ts";

const REASON: PauseReason = "BlueGreenPause";

export function cutoverPause(situation: Situation<BlueGreen>): Verdict {
  const { progress, sets: { next } } = situation;
  if (next === undefined || !mayAdvance(situation)) return CONTINUE;
  if (progress.scaleUpPreviewCheckPoint || isFastTracked(situation)) return pass(situation);
  const size = situation.plan().goal.updated;
  if (Math.min(wantedPods(next), availablePods(next)) < size) return CONTINUE;
  return needsPause(situation) ? wait(situation) : approve(situation, "all pods are available");
}

/** True when users are not to reach a new revision as soon as it is available. */
function needsPause({ strategy: { spec } }: Situation<BlueGreen>): boolean {
  return spec.autoPromotionEnabled === false || (spec.autoPromotionSeconds ?? 0) > 0;
}

function wait(situation: Situation<BlueGreen>): Verdict {
  const { spec } = situation.strategy;
  const isManual = spec.autoPromotionEnabled === false;
  const asked = { reason: REASON, seconds: isManual ? undefined : spec.autoPromotionSeconds ?? 0 };
  const state = pauseState(situation, asked);
  switch (state.is) {
    case "new":
      return enter(situation, asked.seconds);
    case "promoted":
      return approve(situation, "promoted by a user");
    case "waiting":
      return waiting(state.endMs);
    case "over":
      return approve(situation, `${asked.seconds} s of pause are over`);
  }
}

function enter(situation: Situation, seconds: number | undefined): Verdict {
  const entered = withPause(situation, REASON);
  if (seconds === undefined) {
    const why = "the new revision waits for promotion";
    return { progress: entered, then: "settle", why };
  }
  const { nowMs } = situation.world;
  const startTime = entered.pauseConditions.at(-1)?.startTime ?? "";
  const endMs = pauseEndMs({ startTime }, { seconds, nowMs });
  const why = `the new revision waits for ${seconds} s`;
  return { progress: entered, then: "settle", wakeAtMs: endMs, why };
}

/** The preview has served its purpose: with fewer pods than all, it grows first. */
function approve(situation: Situation<BlueGreen>, why: string): Verdict {
  const { progress } = pass(situation);
  if ((situation.strategy.spec.previewReplicaCount ?? undefined) === undefined) {
    return { ...(progress === undefined ? {} : { progress }), then: "continue", why };
  }
  return { progress: { ...progress, scaleUpPreviewCheckPoint: true }, then: "settle", why };
}

/** Leaves no pause behind. */
function pass(situation: Situation): Verdict {
  const { progress } = situation;
  const without = withoutPause(situation, REASON);
  const isClear = !progress.controllerPause &&
    without.pauseConditions?.length === progress.pauseConditions.length;
  if (isClear) return CONTINUE;
  return { progress: without, then: "continue" };
}
