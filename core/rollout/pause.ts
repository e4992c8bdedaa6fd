/**
 * Pauses: `spec.paused` stops sizes, steps and promotion; a step, or a blue-green before its
 * cutover, waits for some time or until somebody promotes. A pause is a condition in the status.
 * Who promotes takes the condition away; `controllerPause` says that the controller had put it
 * there.
 */
import type { CanaryStep, PauseCondition, Rollout, RolloutStatus } from "../../sdk/api/rollout.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import { pauseSeconds } from "../api/values/durations.ts";
import { timeMs, timestamp } from "../api/values/time.ts";
import { normal, wantedPods } from "../sets/mod.ts";
import { isAborted, mayAdvance } from "./abort.ts";
import { currentStep, type Facts, isBlueGreen } from "./situation.ts";
import type { UpdateState } from "./update_state.ts";

export type PauseReason = PauseCondition["reason"];

/** Pauses of analyses and experiments that nobody but people can tell the meaning of. */
const INCONCLUSIVE: readonly PauseReason[] = ["InconclusiveAnalysisRun", "InconclusiveExperiment"];

/** True for a step that waits; a combined step is judged by its pause. */
export function hasPause(step: CanaryStep | undefined): boolean {
  return step?.pause !== undefined && step.pause !== null;
}

/** True while the user's `spec.paused` stops the Rollout. */
export function isPausedBySpec({ spec }: Rollout): boolean {
  return spec.paused === true;
}

export function isPaused(facts: Facts): boolean {
  return isWaiting(facts) || isPausedBySpec(facts.world.rollout);
}

/** True while the update waits in a pause of its own; without a reason, in any. */
export function isWaiting({ state }: Facts, reason?: PauseReason): boolean {
  return state.pauseConditions.some((pause) => reason === undefined || pause.reason === reason);
}

/** Why the update waits; undefined: it does not. */
export function pauseReason({ state }: Facts): PauseReason | undefined {
  return state.pauseConditions[0]?.reason;
}

/** True when a user has ended the pause that the controller had put there. */
export function isPromotedByUser({ state }: Facts): boolean {
  return state.controllerPause && state.pauseConditions.length === 0;
}

/** True while `spec.paused`, or a run without a result, stops sizes; it does not stop an abort. */
export function isHalted(facts: Facts): boolean {
  const { state, world } = facts;
  return (isPausedBySpec(world.rollout) || hasInconclusivePause(state)) && !isAborted(facts);
}

/** True while people have to say what an inconclusive AnalysisRun or Experiment means. */
export function hasInconclusivePause({ pauseConditions }: UpdateState): boolean {
  return pauseConditions.some(({ reason }) => INCONCLUSIVE.includes(reason));
}

/** True while only a person can let the update go on. */
export function waitsForPerson(facts: Facts): boolean {
  const { state, world } = facts;
  if (isPausedBySpec(world.rollout)) return true;
  return state.pauseConditions.some(({ reason }) => {
    if (INCONCLUSIVE.includes(reason)) return true;
    if (isBlueGreen(facts)) return facts.strategy.spec.autoPromotionEnabled === false;
    const { pause } = currentStep(facts) ?? {};
    return pause !== undefined && pause !== null && pauseSeconds(pause.duration) === undefined;
  });
}

/** True when `spec.paused` keeps an update from starting, also when `spec.replicas` changes. */
export function isHeldBack({ sets, world }: Facts): boolean {
  return isPausedBySpec(world.rollout) && wantedPods(sets.next) === 0;
}

/**
 * The pauses of a status; `isAtPause`: the update stands where one may be, `hasNoResult`: it waited
 * because a run in charge was inconclusive.
 */
export function pausesIn(
  status: RolloutStatus,
  { isAtPause, hasNoResult }: { isAtPause: boolean; hasNoResult: boolean },
): Pick<UpdateState, "pauseConditions" | "controllerPause"> {
  // The step was skipped, and its pause with it.
  const pauseConditions = (status.pauseConditions ?? [])
    .filter(({ reason }) => isAtPause || reason !== "CanaryPauseStep");
  // Left over from a paused step that was skipped: at the next pause it would mean "promoted".
  const controllerPause = status.controllerPause === true &&
    (isAtPause || hasNoResult || pauseConditions.length > 0);
  return { pauseConditions, controllerPause };
}

/** Where a pause stands that is to last for `seconds`; without them, until somebody promotes. */
export type PauseState =
  | { readonly is: "new" }
  | { readonly is: "promoted" }
  | { readonly is: "waiting"; readonly endMs: number | undefined }
  | { readonly is: "over" };

export function pauseState(
  { state, world }: Facts,
  { reason, seconds }: { reason: PauseReason; seconds: number | undefined },
): PauseState {
  const present = state.pauseConditions.find((pause) => pause.reason === reason);
  if (present === undefined) return { is: state.controllerPause ? "promoted" : "new" };
  if (seconds === undefined) return { is: "waiting", endMs: undefined };
  const endMs = pauseEndMs(present, { seconds, nowMs: world.nowMs });
  return world.nowMs < endMs ? { is: "waiting", endMs } : { is: "over" };
}

/**
 * When a pause ends. Whole seconds are cut off its start: one more, so that it is never shorter
 * than asked for (docs/differences.md, "Pauses").
 */
export function pauseEndMs(
  { startTime }: Pick<PauseCondition, "startTime">,
  { seconds, nowMs }: { seconds: number; nowMs: number },
): number {
  return (timeMs(startTime) ?? nowMs) + (seconds + 1) * 1000;
}

/** The state with a pause that begins now. */
export function withPause(
  { state, world }: Facts,
  reason: PauseReason,
): Pick<UpdateState, "controllerPause" | "pauseConditions"> {
  const startTime = timestamp(world.nowMs);
  return {
    controllerPause: true,
    pauseConditions: [...state.pauseConditions, { reason, startTime }],
  };
}

/** The state without a pause of this kind. */
export function withoutPause({ state }: Facts, pause: PauseReason): Partial<UpdateState> {
  return {
    controllerPause: false,
    pauseConditions: state.pauseConditions.filter(({ reason }) => reason !== pause),
  };
}

/** Tells of a pause that begins, or ends, with this status. */
export function pauseEvents(facts: Facts, status: RolloutStatus): EventDraft[] {
  const before = facts.world.rollout.status?.pauseConditions ?? [];
  const pause = status.pauseConditions?.[0];
  if (before.length === 0 && pause !== undefined) {
    return [normal(EVENT_REASON.rolloutPaused, EVENT_MESSAGE.rolloutPaused(pause.reason))];
  }
  // An abort ends a pause without resuming anything.
  const isResumed = before.length > 0 && pause === undefined && mayAdvance(facts);
  return isResumed ? [normal(EVENT_REASON.rolloutResumed, EVENT_MESSAGE.rolloutResumed)] : [];
}
