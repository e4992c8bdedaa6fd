/** The pause before the active Service moves: for some time, or until somebody promotes. */
import { isFastTracked, previewSize } from "../bluegreen_facts.ts";
import { availablePods, wantedPods } from "../../sets/mod.ts";
import { CONTINUE, type Progress, type Situation, type Verdict } from "../situation.ts";
import { timeMs, timestamp, timestampRoundedUp } from "../../api/values/time.ts";
import { beginManualPause, endManualPause } from "./pause.ts";

export function cutoverPause(situation: Situation): Verdict {
  const { progress, sets: { next } } = situation;
  if (next === undefined || progress.abort) return CONTINUE;
  if (progress.scaleUpPreviewCheckPoint || isFastTracked(situation)) return pass(situation);
  const size = previewSize(situation);
  if (Math.min(wantedPods(next), availablePods(next)) < size) return CONTINUE;
  return needsPause(situation) ? wait(situation) : letThrough(situation, "all pods are available");
}

/** True when users are not to reach a new revision as soon as it is available. */
function needsPause({ blueGreen }: Situation): boolean {
  return blueGreen?.autoPromotionEnabled === false || (blueGreen?.autoPromotionSeconds ?? 0) > 0;
}

function wait(situation: Situation): Verdict {
  const { blueGreen, progress, world } = situation;
  const isManual = blueGreen?.autoPromotionEnabled === false;
  const seconds = isManual ? undefined : blueGreen?.autoPromotionSeconds ?? 0;
  const present = progress.pauseConditions.find(({ reason }) => reason === "BlueGreenPause");
  if (present === undefined) {
    // Who promotes takes the condition away; that the controller put it there is still known.
    if (progress.controllerPause) return letThrough(situation, "promoted by a user");
    return enter(situation, seconds);
  }
  if (seconds === undefined) return { then: "settle", why: "paused until somebody promotes" };
  const endMs = (timeMs(present.startTime) ?? world.nowMs) + seconds * 1000;
  if (world.nowMs >= endMs) return letThrough(situation, `${seconds} s of pause are over`);
  return { then: "settle", wakeAtMs: endMs, why: `paused until ${timestamp(endMs)}` };
}

function enter(situation: Situation, seconds: number | undefined): Verdict {
  const { progress, world } = situation;
  // Rounded up: the pause is never shorter than asked for (docs/differences.md, "Pauses").
  const startTime = timestampRoundedUp(world.nowMs);
  const entered: Partial<Progress> = {
    controllerPause: true,
    pauseConditions: [...progress.pauseConditions, { reason: "BlueGreenPause", startTime }],
    ...(seconds === undefined ? { duration: beginManualPause(situation) } : {}),
  };
  const endMs = (timeMs(startTime) ?? world.nowMs) + (seconds ?? 0) * 1000;
  return {
    progress: entered,
    then: "settle",
    ...(seconds === undefined ? {} : { wakeAtMs: endMs }),
    why: seconds === undefined
      ? "the new revision waits until somebody promotes it"
      : `the new revision waits for ${seconds} s`,
  };
}

/** The preview has served its purpose: with fewer pods than all, it grows first. */
function letThrough(situation: Situation, why: string): Verdict {
  const { progress } = pass(situation);
  if ((situation.blueGreen?.previewReplicaCount ?? undefined) === undefined) {
    return { ...(progress === undefined ? {} : { progress }), then: "continue", why };
  }
  return { progress: { ...progress, scaleUpPreviewCheckPoint: true }, then: "settle", why };
}

/** Leaves no pause behind. */
function pass(situation: Situation): Verdict {
  const { progress } = situation;
  const pauseConditions = progress.pauseConditions
    .filter(({ reason }) => reason !== "BlueGreenPause");
  const isClear = !progress.controllerPause &&
    pauseConditions.length === progress.pauseConditions.length;
  if (isClear) return CONTINUE;
  const duration = endManualPause(situation);
  return { progress: { controllerPause: false, pauseConditions, duration }, then: "continue" };
}
