/** Pause: enters the pause of a step, waits, and leaves it by time or because a user said so. */
import { pauseSeconds } from "../../api/values/durations.ts";
import {
  currentStep,
  hasPause,
  isHalted,
  type Progress,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { CONTINUE } from "../situation.ts";
import { timeMs, timestamp, timestampRoundedUp } from "../../api/values/time.ts";
import { completeStep } from "./step.ts";

/** `spec.paused` stops sizes, steps and promotion; Services still follow. */
export function halt(situation: Situation): Verdict {
  const { progress, world } = situation;
  const { rolloutStartedAt, finishedAt, manualPauseStartedAt } = progress.duration;
  if (world.rollout.spec.paused === true) {
    const isBeginning = rolloutStartedAt !== undefined && finishedAt === undefined &&
      manualPauseStartedAt === undefined;
    if (!isHalted(situation)) return CONTINUE;
    return {
      progress: isBeginning ? { duration: beginManualPause(situation) } : {},
      then: "settle",
      why: "paused by spec.paused: nothing moves until it is taken back",
    };
  }
  // The pause stage ends the account of its own pause.
  return manualPauseStartedAt === undefined || isAtIndefinitePause(situation)
    ? CONTINUE
    : { progress: { duration: endManualPause(situation) }, then: "continue" };
}

function isAtIndefinitePause(situation: Situation): boolean {
  if (situation.blueGreen !== undefined) {
    return situation.blueGreen.autoPromotionEnabled === false && situation.progress.controllerPause;
  }
  const step = currentStep(situation);
  return hasPause(step) && pauseSeconds(step?.pause?.duration) === undefined &&
    situation.progress.controllerPause;
}

export function pause(situation: Situation): Verdict {
  const { progress, world } = situation;
  const step = currentStep(situation);
  if (progress.abort || step?.pause === undefined || step.pause === null) return CONTINUE;
  const present = progress.pauseConditions.find(({ reason }) => reason === "CanaryPauseStep");
  const durationSeconds = pauseSeconds(step.pause.duration);
  if (present === undefined) {
    if (progress.controllerPause) {
      return completeStep(situation, {
        progress: { controllerPause: false, duration: endManualPause(situation) },
        why: "promoted by a user",
      });
    }
    return enter(situation, durationSeconds);
  }
  if (durationSeconds === undefined) {
    return { then: "settle", why: "paused until somebody promotes" };
  }
  const endMs = (timeMs(present.startTime) ?? world.nowMs) + durationSeconds * 1000;
  if (world.nowMs < endMs) {
    return { then: "settle", wakeAtMs: endMs, why: `paused until ${timestamp(endMs)}` };
  }
  return completeStep(situation, {
    progress: {
      controllerPause: false,
      pauseConditions: progress.pauseConditions.filter((condition) => condition !== present),
    },
    why: `${durationSeconds} s of pause are over`,
  });
}

function enter(situation: Situation, durationSeconds: number | undefined): Verdict {
  const { progress, world } = situation;
  // Rounded up: the pause is never shorter than asked for (docs/differences.md, "Pauses").
  const startTime = timestampRoundedUp(world.nowMs);
  const entered: Partial<Progress> = {
    controllerPause: true,
    pauseConditions: [...progress.pauseConditions, { reason: "CanaryPauseStep", startTime }],
    ...(durationSeconds === undefined ? { duration: beginManualPause(situation) } : {}),
  };
  const why = durationSeconds === undefined
    ? "a pause without duration waits until somebody promotes"
    : `a pause of ${durationSeconds} s begins`;
  return { progress: entered, then: "settle", why };
}

/** Notes when a pause began that only a user ends. */
export function beginManualPause({ progress, world }: Situation): Progress["duration"] {
  return { ...progress.duration, manualPauseStartedAt: timestamp(world.nowMs) };
}

/** Adds the time that a manual pause lasted to the update's account. */
export function endManualPause({ progress, world }: Situation): Progress["duration"] {
  const { manualPauseStartedAt, ...duration } = progress.duration;
  const startedMs = timeMs(manualPauseStartedAt);
  if (startedMs === undefined) return duration;
  const seconds = Math.max(0, Math.floor((world.nowMs - startedMs) / 1000));
  const total = (duration.totalManualPauseDurationSeconds ?? 0) + seconds;
  return total === 0 ? duration : { ...duration, totalManualPauseDurationSeconds: total };
}
