/**
 * What is reported of a pass whose write the cluster refused. What is true all the same is said: an
 * abort that was seen, a deadline that passed, pods as they were counted. What would have come true
 * with the write is not claimed: no revision, step, selector or pause, and no health.
 */
import type { RolloutCondition } from "../../sdk/api/rollout.ts";
import { CONDITION_MESSAGE, CONDITION_REASON } from "../api/names/condition_reason.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import { PODS, REPLICA_SETS } from "../api/names/resources.ts";
import type { Fields } from "../../sdk/wire/json.ts";
import { DampedError, type Decision, type Failure } from "../engine/mod.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { adopt, hashOf, warning } from "../sets/mod.ts";
import { findCondition, setCondition } from "../api/values/conditions.ts";
import { countPods } from "./counts.ts";
import { addedEvents } from "./added_event.ts";
import { phaseOf } from "./phase.ts";
import { bestToRemember } from "./progress.ts";
import { RouteProblemError } from "./routed/registry.ts";
import { type Situation, withState } from "./situation.ts";
import { situationOf } from "./situation_of.ts";
import { abort } from "./abort.ts";
import { NO_RUNS } from "./analysis/runs.ts";
import { analysis } from "./stages/analysis.ts";
import { deadline } from "./stages/deadline.ts";
import { pluginReply } from "./stages/step_plugin.ts";
import { fullPromotion } from "./full_promotion.ts";
import { revision } from "./stages/revision.ts";
import { statusOf } from "./status.ts";
import type { RolloutWorld } from "./world.ts";

type Report = Pick<Decision, "status" | "events">;

export function decideAfterFailure(world: RolloutWorld, failure: Failure): Report {
  const start: Situation = {
    ...situationOf(world),
    refusal: failure.error.message,
    isRefusedAnyhow: failure.isPassing !== true && !isTakenBack(failure),
  };
  const { known, events } = withWhatHolds(start);
  const refusedSet = setInCreation(failure);
  const isCreateError = failure.isPassing !== true && !known.state.abort;
  const status = reportOf(known, isCreateError ? refusedSet : undefined);
  return {
    status,
    events: [
      ...addedEventsOfRefused(world, failure),
      ...(failure.isPassing === true ? [] : refusalEvents(failure)),
      ...events,
    ],
  };
}

/**
 * True where the next pass would take back what this one said, and each of the two wakes the other:
 * before an eviction it waits for the list of pods, and what is undone is tried again every while.
 */
function isTakenBack({ effect, error }: Failure): boolean {
  return error instanceof DampedError || (effect.kind === "write" && effect.type === PODS);
}

/** What users and the clock say of an abort, for a pass that can do nothing yet; or nothing new. */
export function reportOfAbort(world: RolloutWorld): Report | undefined {
  const start = situationOf(world);
  const { known, events } = withWhatHolds(start);
  return known === start ? undefined : { status: reportOf(known, undefined), events };
}

/** The first event of a Rollout goes with its first write; a status ends the chance to tell it. */
function addedEventsOfRefused(world: RolloutWorld, { effect }: Failure): EventDraft[] {
  const events = addedEvents(world);
  const isLost = adopt(world.rollout, world) !== undefined ||
    effect.events?.some(({ reason }) => reason === events[0]?.reason);
  return isLost === true ? events : [];
}

/** A set that could not be made, and why. */
interface RefusedSet {
  readonly name: string;
  readonly error: Error;
}

function setInCreation({ effect, error }: Failure): RefusedSet | undefined {
  const isCreation = effect.kind === "write" && effect.verb === "create";
  return isCreation && effect.type === REPLICA_SETS ? { name: effect.ref.name, error } : undefined;
}

function refusalEvents(failure: Failure): EventDraft[] {
  const { effect, error } = failure;
  if (effect.kind !== "route") return [refusalEvent(failure)];
  const own = error instanceof RouteProblemError ? error.problem.events ?? [] : [];
  return [...own, warning(EVENT_REASON.trafficRoutingError, error.message), refusalEvent(failure)];
}

function refusalEvent(failure: Failure): EventDraft {
  const { error } = failure;
  const set = setInCreation(failure);
  if (set !== undefined) {
    const message = EVENT_MESSAGE.replicaSetCreateError(set.name, error.message);
    return warning(EVENT_REASON.replicaSetCreateError, message);
  }
  return warning(
    EVENT_REASON.reconciliationError,
    EVENT_MESSAGE.reconciliationError(error.message),
  );
}

/** The hash of the set that the present template has, or would get. */
function wantedHash({ nextSet, templateHash }: RolloutWorld): string {
  return nextSet === undefined ? templateHash : hashOf(nextSet);
}

/** True while the update to the present template has yet to begin: its first write was refused. */
function isUnborn({ world, state }: Situation): boolean {
  return state.currentHash !== wantedHash(world);
}

/**
 * The situation with what users and the clock have said of an abort: none of that depends on a
 * write. An abort that is new is about the present template, also where its update could not begin.
 */
function withWhatHolds(start: Situation): { known: Situation; events: readonly EventDraft[] } {
  const { abort: isAsked, abortedAt } = start.state;
  const isNew = isAsked && abortedAt === undefined;
  if (isUnborn(start) && !isNew) {
    // A user lifted an abort: the next one is new, though this update could not begin either.
    const isLifted = !isAsked && abortedAt !== undefined;
    const known = isLifted ? withState(start, { abortedAt: undefined }) : start;
    return { known, events: [] };
  }
  let situation = isUnborn(start)
    ? withState(start, { ...revision(start).state, abort: true, abortedAt: undefined })
    : start;
  const events: EventDraft[] = [];
  for (const stage of [fullPromotion, deadline, analysis, pluginReply, abort]) {
    const verdict = stage(situation);
    situation = withState(situation, verdict.state ?? {});
    events.push(...verdict.events ?? []);
  }
  const { state } = situation;
  const hasChanged = state.abort !== isAsked || state.abortedAt !== abortedAt;
  if (!hasChanged) return { known: start, events: [] };
  // When an abort is lifted, the step is not reported yet: its sizes have yet to come true.
  const { stepIndex } = state.abort ? state : start.state;
  // Nor are runs that were to begin.
  const runs = state.abort ? state.runs : NO_RUNS;
  return { known: withState(situation, { stepIndex, runs }), events };
}

function reportOf(known: Situation, creation: RefusedSet | undefined): Fields {
  const { world } = known;
  const before = world.rollout.status ?? {};
  const isWaiting = isUnborn(known);
  // Phase and conditions are about the update to the present template; no field claims it.
  const judged = isWaiting
    ? withState(known, { currentHash: wantedHash(world), pauseConditions: [] })
    : known;
  const status = statusOf(judged);
  let conditions: readonly RolloutCondition[] = status.conditions ?? [];
  if (isWaiting) conditions = withFormer(conditions, before.conditions, ["Completed", "Paused"]);
  if (creation !== undefined) {
    conditions = withFormer(conditions, before.conditions, ["Progressing"]);
    conditions = setCondition(conditions, createError(creation), { nowMs: world.nowMs });
  }
  const counts = countPods(judged);
  const { phase, message } = phaseOf(judged, counts, conditions);
  return withoutAbsent({
    ...status,
    conditions,
    phase,
    message: message === "" ? undefined : message,
    ...(isWaiting
      ? { currentPodHash: before.currentPodHash, pauseConditions: before.pauseConditions }
      : {}),
    ...(bestToRemember(known, counts) === undefined ? {} : countsOf(before)),
  });
}

function createError(
  { name, error }: RefusedSet,
): Pick<RolloutCondition, "type" | "status" | "reason" | "message"> {
  return {
    type: "Progressing",
    status: "False",
    reason: CONDITION_REASON.replicaSetCreateError,
    message: CONDITION_MESSAGE.replicaSetCreateError(name, error.message),
  };
}

/** These conditions as they were. */
function withFormer(
  conditions: readonly RolloutCondition[],
  before: readonly RolloutCondition[] | undefined,
  types: readonly RolloutCondition["type"][],
): readonly RolloutCondition[] {
  const former = types.map((type) => findCondition(before, type));
  return [
    ...former.filter((condition) => condition !== undefined),
    ...conditions.filter(({ type }) => !types.includes(type)),
  ];
}

/** The former counts: progress is measured by them until they are noted on the newest set. */
function countsOf(
  { replicas, readyReplicas, availableReplicas, updatedReplicas, HPAReplicas }: Fields,
): Fields {
  return { replicas, readyReplicas, availableReplicas, updatedReplicas, HPAReplicas };
}

function withoutAbsent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
