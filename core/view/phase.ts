/** Phase and message of a Rollout as a reader should see them. */
import type { Rollout, RolloutPhase } from "../../sdk/api/rollout.ts";
import { CONDITION_REASON } from "../api/names/condition_reason.ts";
import { WORKLOAD_GENERATION_ANNOTATION } from "../api/names/names.ts";
import { findCondition } from "../api/values/conditions.ts";

/** A phase with the sentence that explains it; empty when there is nothing to say. */
export interface ShownPhase {
  phase: RolloutPhase;
  message: string;
}

/**
 * Phase and message of a Rollout, overruled where the status is older than what it speaks of:
 * a reader who has just changed the spec must not be told `Healthy` about the spec before.
 */
export function shownPhase(rollout: Rollout): ShownPhase {
  const status = rollout.status ?? {};
  if (!isSpecObserved(rollout)) {
    return progressing("waiting for rollout spec update to be observed");
  }
  // Nothing goes on until the spec is mended, whatever was promoted meanwhile.
  const isInvalid =
    findCondition(status.conditions, CONDITION_REASON.invalidSpec)?.status === "True";
  if (!isInvalid && status.controllerPause && (status.pauseConditions ?? []).length === 0) {
    return progressing("waiting for rollout to unpause");
  }
  if (!isWorkloadObserved(rollout)) {
    return progressing(
      "waiting for rollout spec update to be observed for the reference workload",
    );
  }
  if (status.phase === undefined) return progressing("more replicas need to be updated");
  return { phase: status.phase, message: status.message ?? "" };
}

function progressing(message: string): ShownPhase {
  return { phase: "Progressing", message };
}

function isSpecObserved(rollout: Rollout): boolean {
  const observed = wholeNumber(rollout.status?.observedGeneration);
  const generation = rollout.metadata.generation ?? 0;
  // Something else than a number, or one from the future, is of a format that we do not know.
  return observed === undefined || observed > generation || observed === generation;
}

function isWorkloadObserved(rollout: Rollout): boolean {
  if (!rollout.spec.workloadRef) return true;
  const generation = rollout.metadata.annotations?.[WORKLOAD_GENERATION_ANNOTATION];
  const observed = wholeNumber(rollout.status?.["workloadObservedGeneration"]);
  if (generation === undefined || observed === undefined) return true;
  return observed === wholeNumber(generation);
}

function wholeNumber(text: unknown): number | undefined {
  return typeof text === "string" && /^\d+$/.test(text) ? Number(text) : undefined;
}
