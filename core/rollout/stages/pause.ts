/** Pause: enters the pause of a step, waits, and leaves it by time or because a user said so. */
import { pauseSeconds } from "../../api/values/durations.ts";
import { timestamp } from "../../api/values/time.ts";
import { beginManualPause, endManualPause } from "../duration.ts";
import { hasPause, isHalted, pauseState, withoutPause, withPause } from "../pause.ts";
import { CONTINUE, currentStep, mayAdvance, type Situation, type Verdict } from "../situation.ts";
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
      why: "paused by spec.paused until it is unset",
    };
  }
  // The stage of the pause itself ends its account.
  return manualPauseStartedAt === undefined || isAtIndefinitePause(situation)
    ? CONTINUE
    : { progress: { duration: endManualPause(situation) }, then: "continue" };
}

function isAtIndefinitePause(situation: Situation): boolean {
  const { strategy, progress } = situation;
  if (!progress.controllerPause) return false;
  if (strategy.kind === "blueGreen") return strategy.spec.autoPromotionEnabled === false;
  const step = currentStep(situation);
  return hasPause(step) && pauseSeconds(step?.pause?.duration) === undefined;
}

export function pause(situation: Situation): Verdict {
  const step = currentStep(situation);
  if (!mayAdvance(situation) || step?.pause === undefined || step.pause === null) return CONTINUE;
  const asked = { reason: "CanaryPauseStep", seconds: pauseSeconds(step.pause.duration) } as const;
  const { seconds } = asked;
  const state = pauseState(situation, asked);
  switch (state.is) {
    case "new": {
      const why = seconds === undefined
        ? "pause without duration: waiting for promotion"
        : `pause of ${seconds} s starts`;
      return { progress: withPause(situation, asked), then: "settle", why };
    }
    case "promoted":
      return completeStep(situation, {
        progress: { controllerPause: false, duration: endManualPause(situation) },
        why: "promoted by a user",
      });
    case "waiting":
      return waiting(state.endMs);
    case "over":
      return completeStep(situation, {
        progress: withoutPause(situation, asked.reason),
        why: `the pause of ${seconds} s has ended`,
      });
  }
}

/** Until a time, or until somebody promotes. */
export function waiting(endMs: number | undefined): Verdict {
  return endMs === undefined
    ? { then: "settle", why: "paused: waiting for promotion" }
    : { then: "settle", wakeAtMs: endMs, why: `paused until ${timestamp(endMs)}` };
}
