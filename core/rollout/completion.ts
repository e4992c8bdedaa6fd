/** Whether the newest revision may become the stable one now, and what that ending is called. */
import type { CompletionStatus } from "../../sdk/api/rollout.ts";
import { COMPLETION_REASON } from "../api/names/event_reason.ts";
import { mayAdvance } from "./abort.ts";
import { awaitsPostPromotion } from "./analysis/gates.ts";
import { isFastRollback } from "./bluegreen_facts.ts";
import { hasEnoughPods } from "./enough_pods.ts";
import { FULL_PROMOTION, isPromotedInFull } from "./full_promotion.ts";
import { isHalted } from "./pause.ts";
import { unconfirmed } from "./routed/router_facts.ts";
import { routingIn } from "./routed/routing.ts";
import { areSameWeights, weightsIn } from "./routed/weights.ts";
import { isOlder, isWithinRollbackWindow } from "./rollback.ts";
import {
  type BlueGreen,
  type Facts,
  hasDoneAllSteps,
  isBlueGreen,
  isFullyPromoted,
  isRouted,
  type RoutedCanary,
} from "./situation.ts";

/** How an update ends, in the words of the event and of the status. */
export interface Completion {
  readonly reason: string;
  readonly status: CompletionStatus;
}

export const INITIAL_DEPLOY: Completion = Object.freeze({
  reason: COMPLETION_REASON.initialDeploy,
  status: "Promoted",
});

/** Undefined: the update goes on, or there is none. */
export function completionOf(facts: Facts): Completion | undefined {
  if (facts.sets.next === undefined || isFullyPromoted(facts)) return undefined;
  if (facts.state.stableHash === "") return INITIAL_DEPLOY;
  return isBlueGreen(facts) ? cutoverCompletion(facts) : canaryCompletion(facts);
}

/** A canary is complete once its steps are done and its pods are there. */
function canaryCompletion(facts: Facts): Completion | undefined {
  if (isHalted(facts) || !mayAdvance(facts) || !hasEnoughPods(facts)) return undefined;
  if (isPromotedInFull(facts)) return FULL_PROMOTION;
  if (isWithinRollbackWindow(facts)) {
    return { reason: COMPLETION_REASON.rollbackWithinWindow, status: "FastRolledBack" };
  }
  if (!hasDoneAllSteps(facts) || (isRouted(facts) && !hasAllTraffic(facts))) return undefined;
  return {
    reason: COMPLETION_REASON.allSteps(facts.strategy.steps.length),
    status: statusOf(facts),
  };
}

/** True once every router sends all traffic to the newest revision, as far as it can tell. */
function hasAllTraffic({ state, strategy: { spec }, world }: Facts<RoutedCanary>): boolean {
  const { weights } = state;
  const { weightMax } = routingIn(spec);
  const isSent = weights?.canary.weight === weightMax &&
    weights.canary.podTemplateHash === state.currentHash;
  // What a router confirmed is about the weights that were there before this pass.
  const isKnown = areSameWeights(weightsIn(world.rollout.status ?? {}), weights);
  return isSent && unconfirmed(world.routers, isKnown) === undefined;
}

/** A blue-green is complete once users reach the newest revision. */
function cutoverCompletion(facts: Facts<BlueGreen>): Completion | undefined {
  if (facts.state.activeHash !== facts.state.currentHash) return undefined;
  if (isPromotedInFull(facts)) return FULL_PROMOTION;
  // Only a full promotion, above, lifts an abort; a rollback does not.
  if (!mayAdvance(facts)) return undefined;
  if (isFastRollback(facts)) {
    const reason = isWithinRollbackWindow(facts)
      ? COMPLETION_REASON.rollbackWithinWindow
      : COMPLETION_REASON.fastRollback;
    return { reason, status: "FastRolledBack" };
  }
  if (awaitsPostPromotion(facts)) return undefined;
  return { reason: COMPLETION_REASON.blueGreen, status: statusOf(facts) };
}

function statusOf({ sets: { next, stable } }: Facts): CompletionStatus {
  return next !== undefined && isOlder(next, stable) ? "RolledBack" : "Promoted";
}
