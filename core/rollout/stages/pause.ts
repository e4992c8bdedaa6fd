/** Pause: enters the pause of a step, waits, and leaves it by time or because a user said so. */
import { pauseSeconds } from "../../api/values/durations.ts";
import { timestamp } from "../../api/values/time.ts";
import { mayAdvance } from "../abort.ts";
import { isHalted, isPausedBySpec, pauseState, withoutPause, withPause } from "../pause.ts";
import { CONTINUE, currentStep, type Situation, type Verdict } from "../situation.ts";
import { completeStep } from "./step.ts";

/** `spec.paused` and an inconclusive run stop sizes, steps and promotion; Services still follow. */
export function halt(situation: Situation): Verdict {
  if (!isHalted(situation)) return CONTINUE;
  if (!isPausedBySpec(situation.world.rollout)) {
    return { then: "settle", why: "an analysis is inconclusive: waiting for promotion or abort" };
  }
  return { then: "settle", why: "paused by spec.paused until it is unset" };
}

export function pause(situation: Situation): Verdict {
  const step = currentStep(situation);
  if (!mayAdvance(situation) || step?.pause === undefined || step.pause === null) return CONTINUE;
  const asked = { reason: "CanaryPauseStep", seconds: pauseSeconds(step.pause.duration) } as const;
  const { seconds } = asked;
  const found = pauseState(situation, asked);
  switch (found.is) {
    case "new": {
      const why = seconds === undefined
        ? "pause without duration: waiting for promotion"
        : `pause of ${seconds} s starts`;
      return { state: withPause(situation, asked.reason), then: "settle", why };
    }
    case "promoted":
      return completeStep(situation, {
        state: { controllerPause: false },
        why: "promoted by a user",
      });
    case "waiting":
      return waiting(found.endMs);
    case "over":
      return completeStep(situation, {
        state: withoutPause(situation, asked.reason),
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
