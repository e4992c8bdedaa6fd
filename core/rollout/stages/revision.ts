/**
 * Revision: creates the ReplicaSet of the present template, keeps its revision number and spec up
 * to date, and starts an update when template, steps or strategy changed.
 */
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { REVISION_ANNOTATION, REVISION_HISTORY_ANNOTATION } from "../../api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../api/names/resources.ts";
import { creationOf, type EventDraft } from "../../../sdk/wire/write.ts";
import { mergePatch, type Write, writeEffect } from "../../engine/mod.ts";
import {
  inheritedAnnotations,
  newNextSet,
  nextSetSpec,
  workloadNote,
  workloadNoteOfUpdate,
} from "../next_set.ts";
import { NO_RUNS } from "../analysis/runs.ts";
import { keptAbort } from "../abort.ts";
import { INITIAL_DEPLOY } from "../completion.ts";
import { durationAfterChange } from "../duration.ts";
import { isHalted, isPausedBySpec } from "../pause.ts";
import { isRestartDue } from "../pods_needed.ts";
import {
  annotate,
  hashOf,
  hasReadableRevision,
  normal,
  patchSet,
  type ReplicaSet,
  revisionOf,
  scalingEvent,
  wantedPods,
} from "../../sets/mod.ts";
import { isWithinRollbackWindow } from "../rollback.ts";
import {
  CONTINUE,
  isBlueGreen,
  lastIndex,
  nextRevision,
  type Situation,
  type Verdict,
  withState,
} from "../situation.ts";
import { CLEARED, type UpdateState } from "../update_state.ts";
import { timeMs, timestamp } from "../../api/values/time.ts";
import { promote } from "./promotion.ts";
import { firstTraffic } from "./traffic.ts";

export function revision(situation: Situation): Verdict {
  const { world } = situation;
  const next = world.nextSet;
  if (next === undefined) return createNext(situation);
  const effects = refreshNext(situation, next);
  const changed = changeOf(situation, hashOf(next));
  if (changed === undefined) {
    // A later write of this pass would carry the former version of the set.
    if (effects.some(({ type }) => type === REPLICA_SETS)) {
      return { effects, then: "settle", why: `updating ${next.metadata.name}` };
    }
    return { ...CONTINUE, effects };
  }
  const state = begun(situation, hashOf(next));
  const skipped = skipSteps(situation, state);
  const told = firstTraffic(withState(situation, { ...state, ...skipped?.state }));
  return {
    effects: [...effects, ...told?.effects ?? []],
    state: { ...state, ...skipped?.state, ...told?.state },
    events: skipped?.events ?? [],
    closingEvents: told?.events ?? [],
    then: "settle",
    why: `${changed} changed: update to revision ${numberOf(situation, next)} starts` +
      (skipped === undefined ? "" : ` and skips its steps: it goes back ${skipped.to}`),
  };
}

/** What differs from what the status is about; undefined: nothing. */
function changeOf({ state, world }: Situation, hash: string): string | undefined {
  if (state.currentHash === "") return "the Rollout";
  if (state.currentHash !== hash) return "the pod template";
  if (state.stepHash === world.stepHash) return undefined;
  const isOtherStrategy = state.stepHash === "" || world.stepHash === "";
  return isOtherStrategy ? "the strategy" : "the list of steps";
}

/** The state at the start of an update. */
function begun(situation: Situation, hash: string): Partial<UpdateState> {
  const { world } = situation;
  // With another strategy for the same pods an abort stays.
  const kept = changeOf(situation, hash) === "the strategy" ? keptAbort(situation) : {};
  return {
    ...CLEARED,
    stepIndex: lastIndex(situation) === undefined ? undefined : 0,
    currentHash: hash,
    stepHash: world.stepHash,
    scaleUpPreviewCheckPoint: false,
    runs: NO_RUNS,
    stepEntries: [],
    duration: durationAfterChange(situation, hash),
    ...kept,
    // The pods of an update are younger than a restart that is due.
    ...(isRestartDue(world.rollout, world.nowMs)
      ? { restartedAt: timestamp(timeMs(world.rollout.spec.restartAt) ?? 0) }
      : {}),
  };
}

/** A rollback to stable, or within the rollback window to a set with pods, has no steps. */
function skipSteps(situation: Situation, state: Partial<UpdateState>) {
  const stepIndex = lastIndex(situation);
  if (stepIndex === undefined) return undefined;
  const skipped = (message: string, to: string) => ({
    state: { stepIndex },
    events: [normal(EVENT_REASON.skipSteps, message)],
    to,
  });
  if (state.currentHash === situation.state.stableHash) {
    return skipped(EVENT_MESSAGE.skipStepsToStable, "to stable");
  }
  const isBack = isWithinRollbackWindow(situation) && wantedPods(situation.sets.next) > 0;
  return isBack ? skipped(EVENT_MESSAGE.skipStepsWithinWindow, "within its window") : undefined;
}

/** Creates the set of a new template, at the size that it starts with. */
function createNext(situation: Situation): Verdict {
  const { world, state } = situation;
  const { rollout, templateHash, isNameTaken } = world;
  if (isNameTaken) {
    const collisionCount = (state.collisionCount ?? 0) + 1;
    return {
      state: { collisionCount },
      then: "settle",
      why: "the name of the new ReplicaSet is taken; using another name",
    };
  }
  // Somebody deleted the set: it is created again, and the update goes on where it was.
  const isNewUpdate = changeOf(situation, templateHash) !== undefined;
  const started = isNewUpdate ? withState(situation, begun(situation, templateHash)) : situation;
  const size = isPausedBySpec(rollout) ? 0 : started.plan().startSize;
  const number = nextRevision(world);
  const name = `${rollout.metadata.name}-${templateHash}`;
  const set = newNextSet(situation, { name, size, number });
  // The set that is created again has the number that stands on the Rollout already.
  const isNumbered = rollout.metadata.annotations?.[REVISION_ANNOTATION] === String(number);
  const created = normal(
    EVENT_REASON.newReplicaSetCreated,
    EVENT_MESSAGE.newReplicaSetCreated(name, number),
  );
  const create = writeEffect(creationOf(REPLICA_SETS, set, isNumbered ? [created] : []));
  const updated = annotate(ROLLOUTS, rollout, {
    annotations: { [REVISION_ANNOTATION]: String(number), ...workloadNoteOfUpdate(world) },
    // In Argo's order: first the revision, then its set.
    events: [normal(EVENT_REASON.rolloutUpdated, EVENT_MESSAGE.rolloutUpdated(number)), created],
  });
  const follows = isNewUpdate ? whatFollows(started, set) : undefined;
  // In Argo's order: the first pods come after the start of the update, and what it tells routers.
  const scaled = scalingEvent({ name, revision: number }, { from: 0, to: size });
  return {
    effects: [create, ...(isNumbered ? [] : [updated]), ...follows?.effects ?? []],
    state: { ...started.state, ...follows?.state },
    events: follows?.events ?? [],
    closingEvents: [
      ...follows?.traffic ?? [],
      ...(size === 0 ? [] : [scaled]),
      ...follows?.ending ?? [],
    ],
    then: "settle",
    why: `revision ${number} ${isNewUpdate ? "starts" : "starts again"} with ` +
      `${size} ${size === 1 ? "pod" : "pods"}`,
  };
}

/** What the start of an update leads to at once, without a look at its pods. */
interface Sequel extends Pick<Verdict, "effects" | "state" | "events"> {
  /** Recorded before the first pods. */
  readonly traffic?: readonly EventDraft[];
  /** Recorded after them. */
  readonly ending?: readonly EventDraft[];
}

function whatFollows(started: Situation, set: ReplicaSet): Sequel | undefined {
  const { world, state } = started;
  if (isBlueGreen(started)) return undefined;
  if (state.stableHash === "") {
    if (isHalted(started)) return undefined;
    // Nobody is served yet: the first revision is stable as soon as it is there.
    const { state: ended, events } = promote(started, INITIAL_DEPLOY);
    const message = EVENT_MESSAGE.rolloutNotCompleted(nextRevision(world), state.currentHash);
    return {
      state: ended ?? {},
      events: [normal(EVENT_REASON.rolloutNotCompleted, message)],
      ending: events ?? [],
    };
  }
  const replicaSets = [...world.replicaSets, set];
  const joined = withState({ ...started, world: { ...world, nextSet: set, replicaSets } }, {});
  const told = firstTraffic(joined);
  return told &&
    { effects: told.effects ?? [], state: told.state ?? {}, traffic: told.events ?? [] };
}

/** The number that the present template's set has, or is about to get. */
function numberOf({ world }: Situation, next: ReplicaSet): number {
  return Math.max(revisionOf(next), nextRevision(world));
}

/** Brings number, annotations and spec of a set up to date, and the Rollout's number. */
function refreshNext(situation: Situation, next: ReplicaSet): Write[] {
  const { rollout } = situation.world;
  const number = numberOf(situation, next);
  const writes: Write[] = [];
  const annotations: Record<string, string> = {};
  const present = next.metadata.annotations ?? {};
  for (const [key, value] of Object.entries(inheritedAnnotations(rollout))) {
    if (present[key] !== value) annotations[key] = value;
  }
  const old = present[REVISION_ANNOTATION];
  const isOwn = hasReadableRevision(next);
  if (isOwn && old !== String(number)) {
    annotations[REVISION_ANNOTATION] = String(number);
    const history = present[REVISION_HISTORY_ANNOTATION];
    if (old !== undefined) {
      annotations[REVISION_HISTORY_ANNOTATION] = history === undefined ? old : `${history},${old}`;
    }
  }
  const spec = mergePatch({ ...next.spec }, { ...nextSetSpec(situation, next) });
  if (Object.keys(annotations).length > 0 || spec !== undefined) {
    writes.push(patchSet(next, { annotations, spec }));
  }
  const note = noteUpdate(situation, isOwn ? number : undefined);
  return note === undefined ? writes : [...writes, note];
}

/** Notes the number of the present revision, and the workload's generation, on the Rollout. */
function noteUpdate({ world }: Situation, number: number | undefined): Write | undefined {
  const { rollout } = world;
  const present = rollout.metadata.annotations ?? {};
  const isNew = number !== undefined && present[REVISION_ANNOTATION] !== String(number);
  const note = workloadNote(world);
  const isNoted = Object.entries(note).every(([key, value]) => present[key] === value);
  if (!isNew && isNoted) return undefined;
  return annotate(ROLLOUTS, rollout, {
    annotations: isNew
      ? { [REVISION_ANNOTATION]: String(number), ...workloadNoteOfUpdate(world) }
      : note,
    events: isNew
      ? [normal(EVENT_REASON.rolloutUpdated, EVENT_MESSAGE.rolloutUpdated(number))]
      : [],
  });
}
