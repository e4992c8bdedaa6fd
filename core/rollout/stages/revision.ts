/**
 * Revision: sees to it that the present template has its ReplicaSet with its number, and that a
 * changed template or step list begins the update anew.
 */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/event_reason.ts";
import {
  ANNOTATIONS_NOT_COPIED,
  DESIRED_REPLICAS_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
  REVISION_HISTORY_ANNOTATION,
} from "../../api/names.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../api/resources.ts";
import type { EventDraft, Write } from "../../engine/mod.ts";
import { hashOf, type ReplicaSet, revisionOf } from "../replica_set.ts";
import {
  CONTINUE,
  lastIndex,
  nextRevision,
  type Progress,
  type Situation,
  type Verdict,
  withProgress,
} from "../situation.ts";
import { timestamp } from "../time.ts";
import { startSize } from "../weight.ts";
import { annotate, normal, refOf, scalingEvent } from "../writes.ts";

export function revision(situation: Situation): Verdict {
  const { world } = situation;
  const next = world.nextSet;
  if (next === undefined) return createNext(situation);
  const effects = refreshNext(situation, next);
  const changed = changeOf(situation, hashOf(next));
  if (changed === undefined) {
    // A later write of the set would carry a version that is no more.
    if (effects.some(({ type }) => type === REPLICA_SETS)) {
      return { effects, then: "settle", why: `${next.metadata.name} is brought up to date` };
    }
    return { ...CONTINUE, effects };
  }
  const progress = restart(situation, hashOf(next));
  const skipped = skipSteps(situation, progress);
  return {
    effects,
    progress: { ...progress, ...skipped?.progress },
    events: skipped?.events ?? [],
    then: "settle",
    why: `${changed} changed: update to revision ${numberOf(situation, next)} starts` +
      (skipped === undefined ? "" : " and skips its steps, since it goes back to stable"),
  };
}

/** What differs from what the status is about; undefined: nothing. */
function changeOf({ progress, world }: Situation, hash: string): string | undefined {
  if (progress.currentHash !== "" && progress.currentHash !== hash) return "the pod template";
  if (progress.stepHash === "") return "the Rollout";
  return progress.stepHash === world.stepHash ? undefined : "the list of steps";
}

/** Progress at the start of an update. */
function restart(situation: Situation, hash: string): Partial<Progress> {
  const { world, steps } = situation;
  return {
    abort: false,
    abortedAt: undefined,
    promoteFull: false,
    pauseConditions: [],
    controllerPause: false,
    stepIndex: steps.length === 0 ? undefined : 0,
    currentHash: hash,
    stepHash: world.stepHash,
    duration: { rolloutStartedAt: timestamp(world.nowMs) },
  };
}

/** Going back to the stable template needs no steps. */
function skipSteps(situation: Situation, progress: Partial<Progress>) {
  const isStable = progress.currentHash === situation.progress.stableHash;
  const stepIndex = lastIndex(situation);
  if (!isStable || stepIndex === undefined) return undefined;
  const events = [normal(EVENT_REASON.skipSteps, EVENT_MESSAGE.skipStepsToStable)];
  return { progress: { stepIndex }, events };
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
      why: "another object has the name of the new ReplicaSet: another name is chosen",
    };
  }
  // A set that somebody deleted comes back; the update goes on where it was.
  const isNewUpdate = changeOf(situation, templateHash) !== undefined;
  const started = isNewUpdate
    ? withProgress(situation, restart(situation, templateHash))
    : situation;
  const isHalted = rollout.spec.paused === true;
  const size = isHalted ? 0 : startSize(started);
  const number = nextRevision(world);
  const name = `${rollout.metadata.name}-${templateHash}`;
  const set = replicaSetFor(situation, { name, size, number });
  const create: Write = {
    kind: "write",
    verb: "create",
    type: REPLICA_SETS,
    ref: refOf(set),
    object: set,
    events: [],
  };
  const updated = annotate(ROLLOUTS, rollout, {
    annotations: { [REVISION_ANNOTATION]: String(number) },
    // Argo tells of the revision first, then of its set; both are known once this is written.
    events: [
      normal(EVENT_REASON.rolloutUpdated, EVENT_MESSAGE.rolloutUpdated(number)),
      normal(
        EVENT_REASON.newReplicaSetCreated,
        EVENT_MESSAGE.newReplicaSetCreated(name, number),
      ),
    ],
  });
  // Told after the start of the update, as readers of Argo's events know it.
  const closingEvents: EventDraft[] = size === 0
    ? []
    : [scalingEvent({ name, revision: number }, { from: 0, to: size })];
  return {
    effects: [create, updated],
    progress: started.progress,
    closingEvents,
    then: "settle",
    why: `revision ${number} ${isNewUpdate ? "starts" : "starts again"} with ` +
      `${size} ${size === 1 ? "pod" : "pods"}`,
  };
}

function replicaSetFor(
  { world, replicas }: Situation,
  { name, size, number }: { name: string; size: number; number: number },
): ReplicaSet {
  const { rollout, templateHash } = world;
  const { selector, template, minReadySeconds } = rollout.spec;
  const hashLabel = { [POD_TEMPLATE_HASH_LABEL]: templateHash };
  const labels = { ...template?.metadata?.labels, ...hashLabel };
  const { namespace, uid } = rollout.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations: {
        ...inheritedAnnotations(rollout),
        [DESIRED_REPLICAS_ANNOTATION]: String(replicas),
        [REVISION_ANNOTATION]: String(number),
      },
      ownerReferences: [{
        apiVersion: rollout.apiVersion,
        kind: rollout.kind,
        name: rollout.metadata.name,
        uid: uid ?? "",
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec: {
      replicas: size,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...hashLabel } },
      template: { ...template, metadata: { ...template?.metadata, labels } },
    },
  };
}

/** Annotations of the Rollout that its sets carry too. */
function inheritedAnnotations(rollout: Rollout): Record<string, string> {
  const entries = Object.entries(rollout.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !ANNOTATIONS_NOT_COPIED.includes(key)));
}

/** The number that the present template's set has, or is about to get. */
function numberOf({ world }: Situation, next: ReplicaSet): number {
  return Math.max(revisionOf(next), nextRevision(world));
}

/** Brings number, annotations and minReadySeconds of a set up to date, and the Rollout's number. */
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
  if (old !== String(number)) {
    annotations[REVISION_ANNOTATION] = String(number);
    const history = present[REVISION_HISTORY_ANNOTATION];
    if (old !== undefined) {
      annotations[REVISION_HISTORY_ANNOTATION] = history === undefined ? old : `${history},${old}`;
    }
  }
  const minReadySeconds = rollout.spec.minReadySeconds ?? 0;
  const hasOtherMinimum = (next.spec.minReadySeconds ?? 0) !== minReadySeconds;
  if (Object.keys(annotations).length > 0 || hasOtherMinimum) {
    writes.push({
      kind: "write",
      verb: "patch",
      type: REPLICA_SETS,
      ref: refOf(next),
      patch: {
        type: "merge",
        body: {
          metadata: { resourceVersion: next.metadata.resourceVersion, annotations },
          ...(hasOtherMinimum ? { spec: { minReadySeconds } } : {}),
        },
      },
    });
  }
  if (rollout.metadata.annotations?.[REVISION_ANNOTATION] !== String(number)) {
    writes.push(annotate(ROLLOUTS, rollout, {
      annotations: { [REVISION_ANNOTATION]: String(number) },
      events: [normal(EVENT_REASON.rolloutUpdated, EVENT_MESSAGE.rolloutUpdated(number))],
    }));
  }
  return writes;
}
