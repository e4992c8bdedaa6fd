/**
 * Revision: sees to it that the present template has its ReplicaSet with its number, and that a
 * changed template or step list begins the update anew.
 */
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { REVISION_ANNOTATION, REVISION_HISTORY_ANNOTATION } from "../../api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../api/names/resources.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import { mergePatch, type Write } from "../../engine/mod.ts";
import {
  inheritedAnnotations,
  newNextSet,
  nextSetSpec,
  workloadNote,
  workloadNoteOfUpdate,
} from "../next_set.ts";
import { keptAbort } from "../abort.ts";
import { durationAfterChange } from "../duration.ts";
import { isRestartDue } from "../pods_needed.ts";
import {
  annotate,
  hashOf,
  hasReadableRevision,
  normal,
  patchSet,
  refOf,
  type ReplicaSet,
  revisionOf,
  scalingEvent,
  wantedPods,
} from "../../sets/mod.ts";
import { isWithinRollbackWindow } from "../rollback.ts";
import {
  CONTINUE,
  lastIndex,
  nextRevision,
  type Situation,
  type Verdict,
  withProgress,
} from "../situation.ts";
import { CLEARED, type Progress } from "../update_state.ts";
import { timeMs, timestamp } from "../../api/values/time.ts";

export function revision(situation: Situation): Verdict {
  const { world } = situation;
  const next = world.nextSet;
  if (next === undefined) return createNext(situation);
  const effects = refreshNext(situation, next);
  const changed = changeOf(situation, hashOf(next));
  if (changed === undefined) {
    // A later write of the set would carry a version that is no more.
    if (effects.some(({ type }) => type === REPLICA_SETS)) {
      return { effects, then: "settle", why: `updating ${next.metadata.name}` };
    }
    return { ...CONTINUE, effects };
  }
  const progress = begun(situation, hashOf(next));
  const skipped = skipSteps(situation, progress);
  return {
    effects,
    progress: { ...progress, ...skipped?.progress },
    events: skipped?.events ?? [],
    then: "settle",
    why: `${changed} changed: update to revision ${numberOf(situation, next)} starts` +
      (skipped === undefined ? "" : ` and skips its steps: it goes back ${skipped.to}`),
  };
}

/** What differs from what the status is about; undefined: nothing. */
function changeOf({ progress, world }: Situation, hash: string): string | undefined {
  if (progress.currentHash === "") return "the Rollout";
  if (progress.currentHash !== hash) return "the pod template";
  if (progress.stepHash === world.stepHash) return undefined;
  const isOtherStrategy = progress.stepHash === "" || world.stepHash === "";
  return isOtherStrategy ? "the strategy" : "the list of steps";
}

/** Progress at the start of an update. */
function begun(situation: Situation, hash: string): Partial<Progress> {
  const { world } = situation;
  // The same pods in another way: what was aborted is not tried again because of that.
  const kept = changeOf(situation, hash) === "the strategy" ? keptAbort(situation) : {};
  return {
    ...CLEARED,
    stepIndex: lastIndex(situation) === undefined ? undefined : 0,
    currentHash: hash,
    stepHash: world.stepHash,
    scaleUpPreviewCheckPoint: false,
    duration: durationAfterChange(situation, hash),
    ...kept,
    // New pods are young enough; a restart that is still to come stays asked for.
    ...(isRestartDue(world.rollout, world.nowMs)
      ? { restartedAt: timestamp(timeMs(world.rollout.spec.restartAt) ?? 0) }
      : {}),
  };
}

/** Going back to the stable template, or within the window to a set with pods, needs no steps. */
function skipSteps(situation: Situation, progress: Partial<Progress>) {
  const stepIndex = lastIndex(situation);
  if (stepIndex === undefined) return undefined;
  const skipped = (message: string, to: string) => ({
    progress: { stepIndex },
    events: [normal(EVENT_REASON.skipSteps, message)],
    to,
  });
  if (progress.currentHash === situation.progress.stableHash) {
    return skipped(EVENT_MESSAGE.skipStepsToStable, "to stable");
  }
  const isBack = isWithinRollbackWindow(situation) && wantedPods(situation.sets.next) > 0;
  return isBack ? skipped(EVENT_MESSAGE.skipStepsWithinWindow, "within its window") : undefined;
}

/** Creates the set of a new template, at the size that it starts with. */
function createNext(situation: Situation): Verdict {
  const { world, progress } = situation;
  const { rollout, templateHash, isNameTaken } = world;
  if (isNameTaken) {
    const collisionCount = (progress.collisionCount ?? 0) + 1;
    return {
      progress: { collisionCount },
      then: "settle",
      why: "the name of the new ReplicaSet is taken; using another name",
    };
  }
  // A set that somebody deleted comes back; the update goes on where it was.
  const isNewUpdate = changeOf(situation, templateHash) !== undefined;
  const started = isNewUpdate ? withProgress(situation, begun(situation, templateHash)) : situation;
  const isPausedBySpec = rollout.spec.paused === true;
  const size = isPausedBySpec ? 0 : started.plan().startSize;
  const number = nextRevision(world);
  const name = `${rollout.metadata.name}-${templateHash}`;
  const set = newNextSet(situation, { name, size, number });
  // A set that comes back has the number that the Rollout bears already.
  const isNumbered = rollout.metadata.annotations?.[REVISION_ANNOTATION] === String(number);
  const created = normal(
    EVENT_REASON.newReplicaSetCreated,
    EVENT_MESSAGE.newReplicaSetCreated(name, number),
  );
  const create: Write = {
    kind: "write",
    verb: "create",
    type: REPLICA_SETS,
    ref: refOf(set),
    object: set,
    events: isNumbered ? [created] : [],
  };
  const updated = annotate(ROLLOUTS, rollout, {
    annotations: { [REVISION_ANNOTATION]: String(number), ...workloadNoteOfUpdate(world) },
    // Argo tells of the revision first, then of its set; both are known once this is written.
    events: [normal(EVENT_REASON.rolloutUpdated, EVENT_MESSAGE.rolloutUpdated(number)), created],
  });
  // Told after the start of the update, as readers of Argo's events know it.
  const closingEvents: EventDraft[] = size === 0
    ? []
    : [scalingEvent({ name, revision: number }, { from: 0, to: size })];
  return {
    effects: isNumbered ? [create] : [create, updated],
    progress: started.progress,
    closingEvents,
    then: "settle",
    why: `revision ${number} ${isNewUpdate ? "starts" : "starts again"} with ` +
      `${size} ${size === 1 ? "pod" : "pods"}`,
  };
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
