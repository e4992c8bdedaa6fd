/** When an analysis may begin, and when none may go on. */
import { isAbortAsked } from "../abort.ts";
import { availablePods, isSaturated, wantedPods } from "../../sets/mod.ts";
import { isFastRollback, isFastTracked, previewSize } from "../bluegreen_facts.ts";
import { completionOf } from "../completion.ts";
import { isPromotedInFull } from "../full_promotion.ts";
import { hasInconclusivePause, isWaiting } from "../pause.ts";
import { routesAt } from "../routed/route_steps.ts";
import { routingIn } from "../routed/routing.ts";
import { isWithinRollbackWindow } from "../rollback.ts";
import {
  type BlueGreen,
  currentStep,
  type Facts,
  isBlueGreen,
  isFullyPromoted,
  isRouted,
} from "../situation.ts";
import { namesTemplates } from "./gates.ts";
import type { RunType } from "./runs.ts";

/** True when no run is in charge: the update has ended, is taken back, or leaves them out. */
export function leavesAnalysesOut(facts: Facts): boolean {
  const { state, sets } = facts;
  return sets.next === undefined || state.stableHash === "" || isAbortAsked(facts) ||
    isFullyPromoted(facts) || isPromotedInFull(facts) ||
    (isBlueGreen(facts) ? isFastRollback(facts) : isWithinRollbackWindow(facts));
}

/** True when the strategy names this analysis, and the update is where it counts. */
export function isNamed(type: RunType, facts: Facts): boolean {
  const { canary, blueGreen } = facts.world.rollout.spec.strategy ?? {};
  switch (type) {
    case "Step":
      return namesTemplates(currentStep(facts)?.["analysis"]);
    case "Background":
      return namesTemplates(canary?.analysis);
    case "PrePromotion":
      return namesTemplates(blueGreen?.["prePromotionAnalysis"]) &&
        facts.state.activeHash !== facts.state.currentHash;
    case "PostPromotion":
      return namesTemplates(blueGreen?.["postPromotionAnalysis"]) &&
        facts.state.activeHash === facts.state.currentHash;
  }
}

/** True when the run may begin now, as far as the update has come. */
export function mayBegin(type: RunType, facts: Facts): boolean {
  const { state, replicas, sets: { next } } = facts;
  if (hasInconclusivePause(state)) return false;
  switch (type) {
    case "Step":
      return !isWaiting(facts);
    case "Background":
      return hasComeToStart(facts) && isReached(facts) && completionOf(facts) === undefined;
    case "PrePromotion":
      return isBlueGreen(facts) && !isFastTracked(facts) && hasPreview(facts);
    case "PostPromotion":
      return isSaturated(next, replicas);
  }
}

/** True once the update stands at the step with which the background analysis starts. */
function hasComeToStart({ state, world }: Facts): boolean {
  const { startingStep } = world.rollout.spec.strategy?.canary?.analysis ?? {};
  return typeof startingStep !== "number" || (state.stepIndex ?? Infinity) >= startingStep;
}

/**
 * True once somebody can reach the canary: before that there is nothing to measure, and what is
 * measured would be stable alone.
 */
function isReached(facts: Facts): boolean {
  const { state, sets: { next } } = facts;
  if (availablePods(next) === 0) return false;
  if (!isRouted(facts)) return true;
  const { strategy } = facts;
  const { weight = 0, podTemplateHash } = state.weights?.canary ?? {};
  const hasWeight = weight > 0 && podTemplateHash === state.currentHash;
  // Requests may come by a route of their own, whatever the weight is.
  const done = (state.stepIndex ?? 0) - 1;
  const { headerRoutes, mirrorRoutes } = routesAt(
    strategy.steps,
    done,
    routingIn(strategy.spec).managedRoutes,
  );
  return (hasWeight && state.weights?.verified !== false) ||
    headerRoutes.length + mirrorRoutes.length > 0;
}

/** True once all pods of the preview are there. */
function hasPreview(facts: Facts<BlueGreen>): boolean {
  const { next } = facts.sets;
  const size = previewSize(facts);
  return next !== undefined && wantedPods(next) >= size && availablePods(next) >= size;
}
