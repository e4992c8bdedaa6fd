/**
 * The weight that a pass writes for the canary: as near to the wanted one as the pods that are
 * available allow (safety rules S1, S2, S3 and S5). Pure numbers.
 */
import { type RoutedScale, weightForPods, type WrittenWeights } from "./sizes.ts";

/** What a pass knows when it chooses a weight. */
export interface RoutedWeightInput extends RoutedScale {
  /** The weight that the canary should have. */
  readonly wanted: number;
  /** Weights of other destinations, such as those of an experiment; together with both sets all. */
  readonly others: number;
  readonly written: WrittenWeights;
  /** Available pods. */
  readonly canaryPods: number;
  readonly stablePods: number;
  /** Pods of stable alone are ready, though none may be available yet. */
  readonly isStableAlone?: boolean;
  /**
   * A size that a user chose (`setCanaryScale`, `replicaProgressThreshold`) counts as enough for
   * any weight, as long as one pod is there.
   */
  readonly isCapacityWaived: boolean;
  /** An abort: the canary's weight only falls. */
  readonly isAborted: boolean;
  /** Stable has at least N - maxUnavailable available pods: enough for all traffic of an abort. */
  readonly isStableWhole: boolean;
  /** An abort has waited for stable longer than progressDeadlineSeconds. */
  readonly isAbortOverdue: boolean;
}

/** The canary's weight for this pass; stable gets what `others` leave of the rest. */
export function routedWeight(input: RoutedWeightInput): number {
  const { weightMax, others, canaryPods, stablePods } = input;
  const most = weightMax - others;
  const clamp = (weight: number) => Math.min(Math.max(0, weight), most);
  // S2: no traffic where there is no pod, if anybody else has one.
  if (canaryPods === 0) return stablePods > 0 || input.isStableAlone ? 0 : writtenOf(input);
  if (stablePods === 0) return clamp(most);
  if (input.isAborted) return clamp(abortedWeight(input));
  return clamp(cappedWeight(input));
}

/** Nobody has a pod: what is written stays, since no other weight would serve anybody. */
function writtenOf({ written, weightMax, others }: RoutedWeightInput): number {
  return Math.min(written.canary, weightMax - others);
}

/** S3: all at once where stable can take it, else what stable can take, and never more. */
function abortedWeight(input: RoutedWeightInput): number {
  if (input.isStableWhole || input.isAbortOverdue) return 0;
  return Math.min(input.written.canary, leastForStable(input));
}

/** S1: neither side is raised above what its available pods can take, or above what it has. */
function cappedWeight(input: RoutedWeightInput): number {
  const { wanted, written, isCapacityWaived, canaryPods } = input;
  if (wanted > written.canary) {
    const most = isCapacityWaived ? wanted : weightForPods(canaryPods, input);
    return Math.min(wanted, Math.max(written.canary, most));
  }
  return Math.max(wanted, Math.min(written.canary, leastForStable(input)));
}

/** The canary's weight when stable has as much as its available pods, or its weight, allow. */
function leastForStable(input: RoutedWeightInput): number {
  const { weightMax, others, written, stablePods } = input;
  const stableMost = Math.max(written.stable, weightForPods(stablePods, input));
  return Math.max(0, weightMax - others - stableMost);
}
