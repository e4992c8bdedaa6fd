/** The conditions of a Rollout after a pass. */
import type { Rollout, RolloutCondition } from "../../sdk/api/rollout.ts";
import { CONDITION_MESSAGE, CONDITION_REASON } from "../api/names/condition_reason.ts";
import { activeSet, isActiveSaturated } from "./bluegreen_facts.ts";
import { podTrouble, replicaFailureOf, shortened } from "../sets/mod.ts";
import type { Counts } from "./counts.ts";
import { deadlineDurationMs, progressDeadlineMs } from "./deadline.ts";
import { isAborted } from "./abort.ts";
import { isPaused } from "./pause.ts";
import { hasMadeProgress } from "./progress.ts";
import { type PutOff, putOff, withoutPutOff } from "./put_off.ts";
import {
  currentRevision,
  hasDoneAllSteps,
  isBlueGreen,
  isFullyPromoted,
  type Situation,
} from "./situation.ts";
import { findCondition, type Saying as AnySaying, setCondition } from "../api/values/conditions.ts";

type Conditions = readonly RolloutCondition[];
type Saying = AnySaying<RolloutCondition>;

export function conditionsOf(situation: Situation, counts: Counts): Conditions {
  const { world } = situation;
  const before = world.rollout.status?.conditions ?? [];
  let conditions: Conditions = before.filter(({ type }) => type !== "InvalidSpec");
  const say = (saying: Saying | undefined, refresh = false) => {
    if (saying !== undefined) {
      conditions = setCondition(conditions, saying, { nowMs: world.nowMs, refresh });
    }
  };
  const isHealthyNow = isHealthy(situation, counts);
  say(pausedSaying(situation, before));
  say(healthySaying(situation, { before, isHealthyNow }));
  const hasProgressed = isRefusedAtStart(situation)
    ? isAtRest(before)
    : hasMadeProgress(situation, counts) || isSetNew(situation, before);
  const progressing = progressingSaying(situation, { before, hasProgressed, isHealthyNow });
  say(progressing, hasProgressed && progressing?.reason === CONDITION_REASON.replicaSetUpdated);
  const later = progressing === undefined ? putOffSaying(situation, before) : undefined;
  if (later !== undefined) {
    const times = { nowMs: later.countsFromMs, refresh: true };
    conditions = setCondition(conditions, later.saying, times);
  }
  say(availableSaying(situation, counts));
  say(completedSaying(situation));
  const failure = replicaFailure(situation);
  if (failure === undefined) {
    conditions = conditions.filter(({ type }) => type !== "ReplicaFailure");
  }
  say(failure);
  return conditions;
}

/** True when the cluster refused what an update begins with: the status is not about it yet. */
function isRefusedAtStart({ world, state, refusal }: Situation): boolean {
  const { currentPodHash = "" } = world.rollout.status ?? {};
  return refusal !== undefined && state.currentHash !== currentPodHash;
}

/** True when nothing was under way: the deadline of what begins now counts from now on. */
function isAtRest(before: Conditions): boolean {
  const reason = findCondition(before, "Progressing")?.reason;
  return reason === CONDITION_REASON.newReplicaSetAvailable ||
    reason === CONDITION_REASON.rolloutPaused;
}

/** All pods are of the stable template, available, and nothing is left to do. */
function isHealthy(situation: Situation, counts: Counts): boolean {
  const { world, replicas, state, strategy, refusal } = situation;
  // The refused write is still to be done; a Rollout that was healthy may stay so.
  const wasHealthy = findCondition(world.rollout.status?.conditions, "Healthy")?.status === "True";
  if (refusal !== undefined && !wasHealthy) return false;
  const isObserved =
    world.rollout.status?.observedGeneration === String(world.rollout.metadata.generation);
  if (strategy.kind === "blueGreen") {
    const { activeHash, previewHash, currentHash } = state;
    const isReached = activeHash === currentHash &&
      (!strategy.spec.previewService || previewHash === currentHash);
    return isObserved && isReached && !isPaused(situation) && counts.updated === replicas &&
      counts.available === replicas;
  }
  return isObserved && hasDoneAllSteps(situation) && isFullyPromoted(situation) &&
    !isPaused(situation) &&
    counts.updated === replicas && counts.available === replicas && counts.present === replicas;
}

function pausedSaying(situation: Situation, before: Conditions): Saying | undefined {
  // Quirk(paused-while-aborted): an abort lifts the pause, but the condition stays as it was.
  if (isAborted(situation)) return undefined;
  const isPausedNow = isPaused(situation);
  const wasPaused = findCondition(before, "Paused")?.status === "True";
  if (isPausedNow === wasPaused) return undefined;
  return {
    type: "Paused",
    status: isPausedNow ? "True" : "False",
    reason: CONDITION_REASON.rolloutPaused,
    message: CONDITION_MESSAGE.paused,
  };
}

function healthySaying(
  situation: Situation,
  { before, isHealthyNow }: Pick<ProgressFacts, "before" | "isHealthyNow">,
): Saying | undefined {
  const isNamed = findCondition(before, "Healthy") !== undefined;
  // Whether a blue-green ever had users is known from this condition: it is never removed.
  const hasUsers = activeSet(situation) !== undefined;
  if (!isHealthyNow && !isNamed && !hasUsers) return undefined;
  return {
    type: "Healthy",
    status: isHealthyNow ? "True" : "False",
    reason: CONDITION_REASON.healthy,
    message: isHealthyNow ? CONDITION_MESSAGE.healthy : CONDITION_MESSAGE.unhealthy,
  };
}

function availableSaying(situation: Situation, counts: Counts): Saying {
  const isAvailable = isBlueGreen(situation)
    ? isActiveSaturated(situation)
    : counts.available >= situation.replicas;
  return {
    type: "Available",
    status: isAvailable ? "True" : "False",
    reason: CONDITION_REASON.available,
    message: isAvailable ? CONDITION_MESSAGE.available : CONDITION_MESSAGE.unavailable,
  };
}

function completedSaying(situation: Situation): Saying {
  return {
    type: "Completed",
    status: isFullyPromoted(situation) ? "True" : "False",
    reason: CONDITION_REASON.completed,
    message: CONDITION_MESSAGE.completed,
  };
}

/** The ReplicaFailure of a set; that of the newest set comes first. */
function replicaFailure({ sets, world }: Situation): Saying | undefined {
  const failure = replicaFailureOf(sets.next) ??
    world.replicaSets.map(replicaFailureOf).find((found) => found !== undefined);
  if (failure === undefined) return undefined;
  const { status, reason = "", message = "" } = failure;
  return { type: "ReplicaFailure", status, reason, message };
}

/** True when an experiment begins: what was said of the Rollout is about its set from now on. */
function isSetNew({ sets, state, world }: Situation, before: Conditions): boolean {
  const { metadata: { name }, status } = world.rollout;
  const { message } = findCondition(before, "Progressing") ?? {};
  return sets.next !== undefined && state.currentExperiment !== "" &&
    status?.canary?.["currentExperiment"] !== state.currentExperiment &&
    withoutPutOff(message) === CONDITION_MESSAGE.progressing({ kind: "Rollout", name });
}

interface ProgressFacts {
  readonly before: Conditions;
  readonly hasProgressed: boolean;
  readonly isHealthyNow: boolean;
}

function progressingSaying(situation: Situation, facts: ProgressFacts): Saying | undefined {
  const { sets, world } = situation;
  const { before, hasProgressed, isHealthyNow } = facts;
  const present = findCondition(before, "Progressing");
  const subject = sets.next === undefined
    ? { kind: "Rollout" as const, name: world.rollout.metadata.name }
    : { kind: "ReplicaSet" as const, name: sets.next.metadata.name };
  const say = (status: Saying["status"], reason: string, message: string): Saying => ({
    type: "Progressing",
    status,
    reason,
    message,
  });
  if (isAborted(situation)) {
    const message = CONDITION_MESSAGE.aborted(
      currentRevision(situation),
      situation.state.abortWhy,
    );
    return say("False", CONDITION_REASON.rolloutAborted, message);
  }
  if (isHealthyNow) {
    const message = CONDITION_MESSAGE.progressed(subject);
    return say("True", CONDITION_REASON.newReplicaSetAvailable, message);
  }
  const wasAborted = present?.reason === CONDITION_REASON.rolloutAborted;
  if (isPaused(situation) && !isFullyPromoted(situation)) {
    return say("Unknown", CONDITION_REASON.rolloutPaused, CONDITION_MESSAGE.paused);
  }
  const wasRefused = present?.reason === CONDITION_REASON.replicaSetCreateError;
  // A pause replaces what was said of an abort or a refusal, and leaves all else.
  if (isPaused(situation) && !wasAborted && !wasRefused) return undefined;
  if (wasAborted && !hasProgressed) {
    return say("Unknown", CONDITION_REASON.rolloutRetry, CONDITION_MESSAGE.retry);
  }
  const wasHealthy = findCondition(before, "Healthy")?.status === "True";
  if (isFullyPromoted(situation) && wasHealthy) {
    const message = CONDITION_MESSAGE.unavailable;
    return say("True", CONDITION_REASON.replicaSetNotAvailable, message);
  }
  if (hasProgressed || present === undefined || wasRefused) {
    const message = CONDITION_MESSAGE.progressing(newSetOf(situation) ?? subject);
    return say("True", CONDITION_REASON.replicaSetUpdated, message);
  }
  if (present.reason === CONDITION_REASON.rolloutPaused) {
    return say("Unknown", CONDITION_REASON.rolloutResumed, CONDITION_MESSAGE.resumed);
  }
  const endMs = progressDeadlineMs(situation, present);
  if (endMs === undefined || world.nowMs < endMs) return undefined;
  const message = CONDITION_MESSAGE.timedOut(subject, stuckCause(situation));
  return say("False", CONDITION_REASON.progressDeadlineExceeded, message);
}

/** What an update that goes on says of a deadline that has moved. */
function putOffSaying(situation: Situation, before: Conditions): PutOff | undefined {
  const present = findCondition(before, "Progressing");
  const counts = progressDeadlineMs(situation, present) !== undefined;
  if (present === undefined || !counts) return undefined;
  return putOff(situation, present, deadlineDurationMs(situation.world.rollout));
}

/** The set that this pass makes: the next one would name it, and have nothing else to say. */
function newSetOf({ sets, state, world, refusal }: Situation) {
  const isMade = sets.next === undefined && refusal === undefined &&
    state.currentHash === world.templateHash;
  if (!isMade) return undefined;
  const { name } = world.rollout.metadata;
  return { kind: "ReplicaSet" as const, name: `${name}-${world.templateHash}` };
}

/** Why the update is stuck; empty when nothing is known. */
function stuckCause({ sets, world, refusal }: Situation): string {
  return refusal === undefined
    ? podTrouble([sets.next, sets.stable, ...sets.past], world.pods)
    : shortened(`A write was refused: ${refusal}`);
}

/** What the condition says of an update that is, or now becomes, stuck; undefined: it is not. */
export function timedOutMessage(situation: Situation, counts: Counts): string | undefined {
  const before = situation.world.rollout.status?.conditions ?? [];
  const hasProgressed = hasMadeProgress(situation, counts);
  const isHealthyNow = isHealthy(situation, counts);
  const saying = progressingSaying(situation, { before, hasProgressed, isHealthyNow }) ??
    findCondition(before, "Progressing");
  return saying?.reason === CONDITION_REASON.progressDeadlineExceeded ? saying.message : undefined;
}

/** The conditions of a Rollout with an invalid spec. */
export function invalidSpecConditions(
  rollout: Rollout,
  { message, nowMs }: { message: string; nowMs: number },
): Conditions {
  const before = rollout.status?.conditions ?? [];
  const present = findCondition(before, "InvalidSpec");
  const saying: Saying = {
    type: "InvalidSpec",
    status: "True",
    reason: CONDITION_REASON.invalidSpec,
    message,
  };
  return setCondition(before, saying, { nowMs, refresh: present?.message !== message });
}
