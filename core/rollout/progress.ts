/**
 * Whether an update makes progress. Only what is better than the best so far counts: otherwise pods
 * whose readiness comes and goes would put the deadline off for ever. The best is in the counts of
 * the last status; when counts fall, it is noted in an annotation of the newest set.
 */
import type { RolloutStatus } from "../../sdk/api/rollout.ts";
import { BEST_PROGRESS_ANNOTATION } from "../api/names/names.ts";
import type { Counts } from "./counts.ts";
import { isRestartDue } from "./pods_needed.ts";
import type { Situation } from "./situation.ts";

/** Pods as a status counts them. */
type Totals = Pick<Counts, "present" | "updated" | "ready" | "available">;

/** True when something moved on since the last report. */
export function hasMadeProgress(situation: Situation, counts: Counts): boolean {
  const { state, world } = situation;
  const status: RolloutStatus = world.rollout.status ?? {};
  const hasMoved = state.stableHash !== (status.stableRS ?? "") ||
    state.activeHash !== (status.blueGreen?.activeSelector ?? "") ||
    state.previewHash !== (status.blueGreen?.previewSelector ?? "") ||
    state.stepIndex !== status.currentStepIndex ||
    state.stepHash !== (status.currentStepHash ?? "") ||
    state.currentHash !== (status.currentPodHash ?? "");
  if (hasMoved) return true;
  if (isMeasured(situation)) return scoreOf(situation, counts) > bestScore(situation);
  const before = totalsOf(status);
  return counts.updated !== before.updated ||
    counts.present - counts.updated < before.present - before.updated ||
    counts.ready > before.ready || counts.available > before.available;
}

/**
 * What the newest set's annotation should say, when the counts fell below the best so far;
 * undefined: nothing new.
 */
export function bestToRemember(situation: Situation, counts: Counts): string | undefined {
  if (!isMeasured(situation)) return undefined;
  const before = totalsOf(situation.world.rollout.status ?? {});
  // New pods that have yet to start are no loss.
  const hasLost = counts.ready < before.ready || counts.available < before.available ||
    counts.updated < before.updated;
  if (!hasLost) return undefined;
  const best = bestScore(situation);
  if (scoreOf(situation, counts) >= best) return undefined;
  if (notedScore(situation) === best) return undefined;
  return `${episodeOf(situation)} ${best}`;
}

/**
 * True within an update. Afterwards, and while pods are restarted, pods go on purpose, and each one
 * that comes back counts.
 */
function isMeasured({ state, world }: Situation): boolean {
  const { rolloutStartedAt, finishedAt } = state.duration;
  return rolloutStartedAt !== undefined && finishedAt === undefined &&
    !isRestartDue(world.rollout, world.nowMs);
}

function bestScore(situation: Situation): number {
  const before = scoreOf(situation, totalsOf(situation.world.rollout.status ?? {}));
  return Math.max(before, notedScore(situation));
}

function totalsOf(status: RolloutStatus): Totals {
  return {
    present: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  };
}

/**
 * How near the pods are to the goal of the step; 0 is there, less is further away. A pod too many
 * or too few weighs more than one that is not ready and not available: so a new pod is progress
 * although it has yet to start.
 */
function scoreOf(situation: Situation, { present, updated, ready, available }: Totals): number {
  const { goal } = situation.plan();
  const misplaced = Math.abs(updated - goal.updated) +
    (goal.stable === undefined ? 0 : Math.abs(present - updated - goal.stable));
  const serving = goal.serving ?? present;
  const notThere = Math.max(0, serving - ready) + Math.max(0, serving - available);
  return -3 * misplaced - notThere;
}

/** Names what a score is about: only scores with the same name can be compared. */
function episodeOf(situation: Situation): string {
  const { state, replicas } = situation;
  const { updated, stable = "-" } = situation.plan().goal;
  const step = state.stepIndex ?? "-";
  return `${state.duration.rolloutStartedAt}/${step}/${replicas}/${updated}/${stable}`;
}

/** The best that the newest set's annotation remembers of this episode. */
function notedScore(situation: Situation): number {
  const text = situation.sets.next?.metadata.annotations?.[BEST_PROGRESS_ANNOTATION] ?? "";
  const [episode, score] = text.split(" ");
  return episode === episodeOf(situation) ? Number(score) : -Infinity;
}
