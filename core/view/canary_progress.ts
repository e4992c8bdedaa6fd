/** How far a canary is: its step, and the weight that is wanted and in effect. */
import type { ReplicaSet } from "kubernetes-types/apps/v1.d.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { CanaryStrategy, Rollout } from "../../sdk/api/rollout.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";

/** The three lines that only a canary has. */
export interface CanaryProgress {
  /** `i/n`: steps done and steps in all; empty without steps. */
  step: string;
  setWeight: number;
  actualWeight: number;
}

const DEFAULT_MAX_WEIGHT = 100;

/** Progress of a canary Rollout whose ReplicaSets are these. */
export function canaryProgress(
  rollout: Rollout,
  replicaSets: readonly KubeObject[],
): CanaryProgress {
  const strategy = rollout.spec.strategy?.canary ?? {};
  const stepCount = strategy.steps?.length ?? 0;
  const index = rollout.status?.currentStepIndex ?? 0;
  const maxWeight = maxWeightOf(strategy);
  const isPastSteps = index >= stepCount;
  const setWeight = setWeightAt(strategy, index) ?? 0;
  const effective = isPastSteps ? maxWeight : setWeight;
  return {
    step: stepCount === 0 ? "" : `${index}/${stepCount}`,
    setWeight: rollout.status?.abort ? 0 : effective,
    actualWeight: isPastSteps
      ? maxWeight
      : actualWeight(rollout, replicaSets, { setWeight, maxWeight }),
  };
}

function maxWeightOf(strategy: CanaryStrategy): number {
  const maxWeight = strategy.trafficRouting?.["maxTrafficWeight"];
  return typeof maxWeight === "number" ? maxWeight : DEFAULT_MAX_WEIGHT;
}

/** The weight of the nearest `setWeight` at or before a step. */
function setWeightAt(strategy: CanaryStrategy, index: number): number | undefined {
  return (strategy.steps ?? []).slice(0, index + 1)
    .findLast((step) => step.setWeight !== undefined)?.setWeight;
}

function actualWeight(
  rollout: Rollout,
  replicaSets: readonly KubeObject[],
  weights: { setWeight: number; maxWeight: number },
): number {
  const available = rollout.status?.availableReplicas ?? 0;
  if (available === 0) return 0;
  if (rollout.spec.strategy?.canary?.trafficRouting) {
    return routedWeight(rollout) ?? (rollout.status?.abort ? 0 : weights.setWeight);
  }
  const hash = rollout.status?.currentPodHash;
  const canary = replicaSets.find((set) => set.metadata.labels?.[POD_TEMPLATE_HASH_LABEL] === hash);
  const canaryAvailable = (canary as ReplicaSet | undefined)?.status?.availableReplicas ?? 0;
  return Math.floor((canaryAvailable * weights.maxWeight) / available);
}

/** The weight of the canary that the router was last given. */
function routedWeight(rollout: Rollout): number | undefined {
  const weights = rollout.status?.canary?.["weights"] as
    | { canary?: { weight?: number } }
    | undefined;
  return weights === undefined ? undefined : weights.canary?.weight ?? 0;
}
