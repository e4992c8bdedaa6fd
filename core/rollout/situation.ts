/**
 * What the stages of a pass look at: the world, the facts that follow from it, and what earlier
 * stages of the same pass have decided about the update's progress.
 */
import type {
  BlueGreenStrategy,
  CanaryStep,
  PauseCondition,
  RolloutDuration,
} from "../../sdk/api/rollout.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import type { Effect } from "../engine/mod.ts";
import { hashOf, type ReplicaSet, revisionOf, wantedPods } from "../sets/mod.ts";
import { selectedHash } from "./service.ts";
import type { RolloutWorld } from "./world.ts";

/** The part of the status that stages decide; the rest follows from counting. */
export interface Progress {
  readonly abort: boolean;
  readonly abortedAt: string | undefined;
  /** Why this pass aborts, for messages; empty when a user does. */
  readonly abortWhy: string;
  readonly promoteFull: boolean;
  readonly pauseConditions: readonly PauseCondition[];
  readonly controllerPause: boolean;
  /** Index of the current step; the number of steps when all are done, undefined without steps. */
  readonly stepIndex: number | undefined;
  readonly currentHash: string;
  readonly stepHash: string;
  readonly stableHash: string;
  readonly collisionCount: number | undefined;
  readonly duration: RolloutDuration;
  /** The `spec.restartAt` that has been seen to. */
  readonly restartedAt: string | undefined;
  /** What the active Service of a blue-green selects; empty: no set in particular. */
  readonly activeHash: string;
  /** What its preview Service selects. */
  readonly previewHash: string;
  /** The preview has been let through at `previewReplicaCount`: it grows to its full size. */
  readonly scaleUpPreviewCheckPoint: boolean;
}

/** The Rollout's sets by their part in the update. */
export interface Sets {
  /** The set of the present template. */
  readonly next: ReplicaSet | undefined;
  /** The set that a finished update made stable; may be `next`. */
  readonly stable: ReplicaSet | undefined;
  /** All others, newest revision first. */
  readonly past: readonly ReplicaSet[];
}

export interface Situation {
  readonly world: RolloutWorld;
  readonly progress: Progress;
  readonly sets: Sets;
  /** Wanted pods. */
  readonly replicas: number;
  readonly steps: readonly CanaryStep[];
  /** Undefined for a canary. */
  readonly blueGreen: BlueGreenStrategy | undefined;
  /** What the cluster said when it refused a write of this pass; absent: it refused none. */
  readonly refusal?: string;
}

/** What one stage says. */
export interface Verdict {
  readonly effects?: readonly Effect[];
  readonly progress?: Partial<Progress>;
  /** Recorded after the status was written, before what the status itself gives rise to. */
  readonly events?: readonly EventDraft[];
  /** Recorded last. */
  readonly closingEvents?: readonly EventDraft[];
  /** settle: later stages wait for what this one began. */
  readonly then: "continue" | "settle";
  /** The world, or what is wanted, changes then: a delay is over, a pause ends. */
  readonly wakeAtMs?: number;
  /** What was refused, or not answered, is tried again then. */
  readonly retryAtMs?: number;
  readonly why?: string;
}

/** One named decision; pure. */
export type Stage = (situation: Situation) => Verdict;

export const CONTINUE: Verdict = Object.freeze({ then: "continue" });

export function situationOf(world: RolloutWorld): Situation {
  const status = world.rollout.status ?? {};
  const { canary, blueGreen } = world.rollout.spec.strategy ?? {};
  const steps = canary?.steps ?? [];
  const serviceOf = (name: string | undefined) =>
    name === undefined ? undefined : world.services.get(name);
  const isAtPause = Boolean(blueGreen) || hasPause(steps[status.currentStepIndex ?? -1]);
  // The pause of a step that was skipped is none any more.
  const pauseConditions = (status.pauseConditions ?? [])
    .filter(({ reason }) => isAtPause || reason !== "CanaryPauseStep");
  const progress: Progress = {
    abort: status.abort ?? false,
    abortedAt: status.abortedAt,
    abortWhy: "",
    promoteFull: status.promoteFull ?? false,
    pauseConditions,
    // Who skips a paused step leaves this behind; at the next pause it would mean "promoted".
    controllerPause: status.controllerPause === true && (isAtPause || pauseConditions.length > 0),
    stepIndex: status.currentStepIndex,
    currentHash: status.currentPodHash ?? "",
    stepHash: status.currentStepHash ?? "",
    stableHash: status.stableRS || servedHash(world),
    collisionCount: status.collisionCount,
    duration: status.duration ?? {},
    restartedAt: status.restartedAt,
    activeHash: selectedHash(serviceOf(blueGreen?.activeService)),
    previewHash: selectedHash(serviceOf(blueGreen?.previewService)),
    scaleUpPreviewCheckPoint: status.blueGreen?.scaleUpPreviewCheckPoint ?? false,
  };
  return withProgress({
    world,
    progress,
    sets: { next: undefined, stable: undefined, past: [] },
    replicas: world.rollout.spec.replicas ?? 1,
    steps,
    blueGreen: blueGreen ?? undefined,
  }, {});
}

/**
 * The set that users reach beside the present template's: it is stable for a Rollout that has lost
 * its status, deleted without its pods and applied again or restored from a backup. To call the
 * present template stable would pass over all steps and pauses. Empty: there is none.
 */
function servedHash({ rollout, replicaSets, nextSet, services }: RolloutWorld): string {
  const { canary, blueGreen } = rollout.spec.strategy ?? {};
  const name = blueGreen ? blueGreen.activeService : canary?.stableService;
  const hash = selectedHash(services.get(name ?? ""));
  const served = replicaSets.find((set) => hash !== "" && hashOf(set) === hash);
  return served === undefined || served === nextSet || wantedPods(served) === 0 ? "" : hash;
}

/** True for a step that waits; a combined step is judged by its pause. */
export function hasPause(step: CanaryStep | undefined): boolean {
  return step?.pause !== undefined && step.pause !== null;
}

/** The situation after a stage decided; which set is stable may have changed with it. */
export function withProgress(situation: Situation, decided: Partial<Progress>): Situation {
  const { world } = situation;
  const progress = { ...situation.progress, ...decided };
  const next = world.nextSet;
  const stable = progress.stableHash === ""
    ? undefined
    : world.replicaSets.find((set) => hashOf(set) === progress.stableHash);
  const past = world.replicaSets
    .filter((set) => set !== next && set !== stable)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  return { ...situation, progress, sets: { next, stable, past } };
}

/** True when the present template is the stable one. */
export function isFullyPromoted({ progress }: Situation): boolean {
  return progress.stableHash !== "" && progress.stableHash === progress.currentHash;
}

/** True while `spec.paused` stops sizes; whoever aborts wants the pods back, paused or not. */
export function isHalted(situation: Situation): boolean {
  if (situation.world.rollout.spec.paused !== true) return false;
  return !situation.progress.abort || isFullyPromoted(situation);
}

/** The step being carried out; undefined when there is none left, or none at all. */
export function currentStep({ progress, steps }: Situation): CanaryStep | undefined {
  return progress.stepIndex === undefined ? undefined : steps[progress.stepIndex];
}

/** The index that means "all steps done"; undefined for a Rollout without steps. */
export function lastIndex({ steps }: Situation): number | undefined {
  return steps.length === 0 ? undefined : steps.length;
}

/** The revision of the present template's set, for messages; 0 before it exists. */
export function currentRevision({ sets, world }: Situation): number {
  if (sets.next !== undefined) return revisionOf(sets.next);
  return nextRevision(world);
}

/** The revision that a new set gets. */
export function nextRevision({ replicaSets, nextSet }: RolloutWorld): number {
  const revisions = replicaSets.filter((set) => set !== nextSet).map(revisionOf);
  return Math.max(0, ...revisions) + 1;
}
