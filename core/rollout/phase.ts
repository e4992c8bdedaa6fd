/** Phase and message of a Rollout: the first that applies. */
import type { RolloutCondition, RolloutPhase } from "../../sdk/api/rollout.ts";
import { CONDITION_REASON, PHASE_MESSAGE } from "../api/names/condition_reason.ts";
import { EVENT_MESSAGE } from "../api/names/event_reason.ts";
import { isPromotedInFull } from "./full_promotion.ts";
import { awaitsPostPromotion } from "./analysis/gates.ts";
import type { Counts } from "./counts.ts";
import { isPausedBySpec, pauseReason } from "./pause.ts";
import {
  type BlueGreen,
  isBlueGreen,
  isFullyPromoted,
  isRouted,
  type Situation,
} from "./situation.ts";
import { timeMs } from "../api/values/time.ts";
import { unknownPlugin } from "./step_plugins/unknown_plugin.ts";

export interface PhaseAndMessage {
  readonly phase: RolloutPhase;
  readonly message: string;
}

const DEGRADING: readonly string[] = [
  CONDITION_REASON.rolloutAborted,
  CONDITION_REASON.progressDeadlineExceeded,
  CONDITION_REASON.replicaSetCreateError,
];

export function phaseOf(
  situation: Situation,
  counts: Counts,
  conditions: readonly RolloutCondition[],
): PhaseAndMessage {
  const found = rowOf(situation, counts, conditions);
  const { refusal, isRefusedAnyhow } = situation;
  if (refusal === undefined) return found;
  const isHealthy = conditions.some(({ type, status }) => type === "Healthy" && status === "True");
  // All pods are there, but a write that belongs to the update was refused.
  const isHeldUp = found.phase === "Healthy" && !isHealthy;
  // Or the update does not come to pods: a right is missing, an admission says no.
  const isStopped = found.phase === "Progressing" && isRefusedAnyhow === true;
  if (isHeldUp || isStopped) return progressing(EVENT_MESSAGE.reconciliationError(refusal));
  return found.phase === "Progressing" ? toldBefore(situation) ?? found : found;
}

/** What the status says of an earlier refusal. A write at a bad moment has not shown it untrue. */
function toldBefore({ world: { rollout } }: Situation): PhaseAndMessage | undefined {
  const { phase, message = "" } = rollout.status ?? {};
  const isTold = phase === "Progressing" &&
    message.startsWith(EVENT_MESSAGE.reconciliationError(""));
  return isTold ? progressing(message) : undefined;
}

function rowOf(
  situation: Situation,
  counts: Counts,
  conditions: readonly RolloutCondition[],
): PhaseAndMessage {
  const { state, replicas, world } = situation;
  const degraded = degradedPhase(conditions);
  if (degraded !== undefined) return degraded;
  if (isPausedBySpec(world.rollout)) return paused(PHASE_MESSAGE.manuallyPaused);
  const reason = pauseReason(situation);
  if (reason !== undefined) return paused(reason);
  if (!isSameTime(world.rollout.spec.restartAt, state.restartedAt)) {
    return progressing(PHASE_MESSAGE.restarting);
  }
  const unknown = unknownPlugin(situation);
  const takesSteps = !isPromotedInFull(situation) && state.stableHash !== "";
  if (unknown !== undefined && takesSteps) {
    return progressing(EVENT_MESSAGE.reconciliationError(unknown));
  }
  if (counts.updated < replicas) return progressing(PHASE_MESSAGE.updating);
  // Argo compares the available pods of all sets with the pods of the newest.
  if (counts.available < counts.updated) return progressing(PHASE_MESSAGE.becomingAvailable);
  if (isBlueGreen(situation)) return cutoverPhase(situation);
  // A router sends nobody to the pods of former revisions: they may stay for their delay.
  const isSplitByPods = !isRouted(situation);
  if (isSplitByPods && counts.present > counts.updated) {
    return progressing(PHASE_MESSAGE.terminatingOld);
  }
  if (!isFullyPromoted(situation)) return progressing(PHASE_MESSAGE.awaitingSteps);
  // Pods of former revisions in their delay do not make up for those that stable lacks.
  if (counts.updatedAvailable < counts.updated) {
    return progressing(PHASE_MESSAGE.becomingAvailable);
  }
  return { phase: "Healthy", message: "" };
}

function isSameTime(asked: string | undefined, done: string | undefined): boolean {
  return asked === undefined || timeMs(asked) === timeMs(done);
}

/** Pods of former revisions that are in their delay do not count against a blue-green. */
function cutoverPhase(situation: Situation<BlueGreen>): PhaseAndMessage {
  const { activeHash, currentHash } = situation.state;
  if (activeHash !== currentHash) return progressing(PHASE_MESSAGE.cutoverPending);
  if (!isFullyPromoted(situation)) {
    return progressing(
      awaitsPostPromotion(situation)
        ? PHASE_MESSAGE.awaitingAnalysis
        : PHASE_MESSAGE.awaitingVerification,
    );
  }
  return { phase: "Healthy", message: "" };
}

/** Degraded by a condition, in the order of the list. */
export function degradedPhase(
  conditions: readonly RolloutCondition[],
): PhaseAndMessage | undefined {
  for (const { type, reason, message } of conditions) {
    if (type === "InvalidSpec") {
      return { phase: "Degraded", message: `${CONDITION_REASON.invalidSpec}: ${message}` };
    }
    if (DEGRADING.includes(reason)) return { phase: "Degraded", message: `${reason}: ${message}` };
  }
  return undefined;
}

function paused(message: string): PhaseAndMessage {
  return { phase: "Paused", message };
}

function progressing(message: string): PhaseAndMessage {
  return { phase: "Progressing", message };
}
