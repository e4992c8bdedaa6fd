/** The status of a Rollout after a pass: what stages decided, what was counted, what follows. */
import type { BlueGreenStatus, LabelSelector, RolloutStatus } from "../../sdk/api/rollout.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { activeSet } from "./bluegreen_facts.ts";
import { conditionsOf, findCondition } from "./conditions.ts";
import { countPods } from "./counts.ts";
import { phaseOf } from "./phase.ts";
import { normal, selectorText } from "../sets/mod.ts";
import { currentRevision, type Situation } from "./situation.ts";
import { generationText } from "./workload.ts";

/** Leaves out what the API leaves out: zeros, empty strings, empty lists, false. */
function orAbsent<Value>(value: Value): Value | undefined {
  const isEmpty = value === 0 || value === "" || value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return isEmpty ? undefined : value;
}

/** The fields that say anything. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field in fields) if (fields[field] !== undefined) kept[field] = fields[field];
  return kept;
}

export function statusOf(situation: Situation): RolloutStatus {
  const { world, progress } = situation;
  const before = world.rollout.status ?? {};
  const counts = countPods(situation);
  const conditions = conditionsOf(situation, counts);
  const { phase, message } = phaseOf(situation, counts, conditions);
  const status: Record<string, unknown> = {
    // Fields that others, or later parts, answer for stay as they are.
    ...before,
    HPAReplicas: orAbsent(counts.scaled),
    replicas: orAbsent(counts.present),
    readyReplicas: orAbsent(counts.ready),
    availableReplicas: orAbsent(counts.available),
    updatedReplicas: orAbsent(counts.updated),
    selector: orAbsent(selectorText(servingSelector(situation))),
    observedGeneration: String(world.rollout.metadata.generation ?? 0),
    ...(world.workload === undefined
      ? {}
      : { workloadObservedGeneration: generationText(world.workload) }),
    abort: orAbsent(progress.abort),
    abortedAt: progress.abortedAt,
    promoteFull: orAbsent(progress.promoteFull),
    pauseConditions: orAbsent(progress.pauseConditions),
    controllerPause: orAbsent(progress.controllerPause),
    collisionCount: progress.collisionCount,
    currentPodHash: orAbsent(progress.currentHash),
    currentStepHash: orAbsent(progress.stepHash),
    currentStepIndex: progress.stepIndex,
    stableRS: orAbsent(progress.stableHash),
    duration: orAbsent(progress.duration),
    restartedAt: progress.restartedAt,
    // What the other strategy left behind would be taken for a fact about this one.
    canary: situation.blueGreen === undefined ? before.canary ?? {} : {},
    blueGreen: blueGreenStatus(situation),
    conditions,
    phase,
    message: orAbsent(message),
  };
  return present(status);
}

/** The pods that an autoscaler looks at: those that serve users. */
function servingSelector(situation: Situation): LabelSelector | undefined {
  return activeSet(situation)?.spec.selector ?? situation.world.rollout.spec.selector;
}

function blueGreenStatus({ blueGreen, progress, world }: Situation): BlueGreenStatus {
  if (blueGreen === undefined) return {};
  const status = {
    // The results of analyses are not this stage's to judge.
    ...world.rollout.status?.blueGreen,
    activeSelector: orAbsent(progress.activeHash),
    previewSelector: orAbsent(progress.previewHash),
    scaleUpPreviewCheckPoint: orAbsent(progress.scaleUpPreviewCheckPoint),
  };
  return present(status);
}

/** Events about what a status says that the one before it did not say. */
export function stateChangeEvents(situation: Situation, status: RolloutStatus): EventDraft[] {
  const { world, progress } = situation;
  const before = world.rollout.status ?? {};
  const events: EventDraft[] = [];
  const completed = findCondition(status.conditions, "Completed");
  const wasCompleted = findCondition(before.conditions, "Completed");
  if (completed?.status === "False" && wasCompleted?.status !== "False") {
    const hash = progress.currentHash;
    const message = EVENT_MESSAGE.rolloutNotCompleted(currentRevision(situation), hash);
    events.push(normal(EVENT_REASON.rolloutNotCompleted, message));
  }
  const wasPaused = (before.pauseConditions?.length ?? 0) > 0;
  const pause = status.pauseConditions?.[0];
  if (!wasPaused && pause !== undefined) {
    events.push(normal(EVENT_REASON.rolloutPaused, EVENT_MESSAGE.rolloutPaused(pause.reason)));
  } else if (wasPaused && pause === undefined && !progress.abort) {
    events.push(normal(EVENT_REASON.rolloutResumed, EVENT_MESSAGE.rolloutResumed));
  }
  return events;
}
