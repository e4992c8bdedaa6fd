/**
 * Traffic: every router is told how to split the traffic. What it writes comes before anything that
 * rests on it: the status says the new weights only once they are written.
 */
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { EVENT_REASON } from "../../api/names/event_reason.ts";
import type { RouteEffect } from "../../engine/mod.ts";
import { availablePods, hashOf, normal } from "../../sets/mod.ts";
import { isAborted } from "../abort.ts";
import type { RouteSight } from "../routed/registry.ts";
import type { RouterFacts } from "../routed/router_facts.ts";
import { type TrafficWeights, weightChangeText, weightsOf } from "../routed/weights.ts";
import { CONTINUE, isFullyPromoted, type Situation, type Verdict } from "../situation.ts";
import { services } from "./services.ts";

/** How long after a router said "not yet" it is asked again. */
const AGAIN_MS = 10_000;

export function traffic(situation: Situation): Verdict {
  const { traffic } = situation.plan();
  const { state, world } = situation;
  if (traffic === undefined) return CONTINUE;
  const { intent, missing } = traffic;
  if (intent === undefined) {
    return world.routers.length === 0 || missing === undefined
      ? CONTINUE
      : { ...CONTINUE, why: missing };
  }
  const isOver = (isFullyPromoted(situation) || isAborted(situation)) && isAtRest(intent);
  // Pods come and go: a weight that falls with them must not wait.
  const outside = world.replicaSets.map((set) => `${hashOf(set)} ${availablePods(set)}`).join(" ");
  const routers = isAborted(situation) ? whoSeesFirst(world.routers) : world.routers;
  const effects = routers.flatMap((router): RouteEffect[] => {
    const { name, scope, observation, owned, outdated = [], unreadable } = router;
    if (observation.state !== "seen") return [];
    const settled = isOver ? owned : [];
    const cause = unreadable === undefined ? {} : { unreadable };
    const sight: RouteSight = { scope, seen: observation.seen, settled, outdated, ...cause };
    return [{ kind: "route", router: name, intent, seen: sight, outside }];
  });
  const weights: TrafficWeights = { ...weightsOf(intent), ...verifiedOf(situation) };
  const change = weightChangeText(state.weights, weights);
  const events = [
    ...(change === undefined ? [] : [normal(EVENT_REASON.trafficWeightUpdated, change)]),
    ...world.routers.flatMap(({ verification }) => verification.events),
  ];
  const isUnconfirmed = world.routers.some(({ verification }) => verification.verdict === "no");
  return {
    effects,
    state: { weights },
    events,
    then: "continue",
    ...(isUnconfirmed ? { retryAtMs: world.nowMs + AGAIN_MS } : {}),
    ...(change === undefined
      ? {}
      : { why: `traffic: ${intent.canary.weight} of ${intent.maxWeight} to the canary` }),
  };
}

/**
 * What routers are told of an update that begins: whose pods the canary's are. Nobody is sent to
 * them, before and after, so it need not wait until they are there. Undefined: there is more to it.
 */
export function firstTraffic(situation: Situation): Verdict | undefined {
  const { intent } = situation.plan().traffic ?? {};
  const { weights } = situation.state;
  const isQuiet = intent !== undefined && isAtRest(intent) && intent.additional.length === 0 &&
    weights?.canary.weight === 0 && weights.additional === undefined;
  // Services are turned first, and not by a pass that makes a set.
  return isQuiet && services(situation) === CONTINUE ? traffic(situation) : undefined;
}

/** A router that finds nothing to steer holds up none of those that do: an abort always counts. */
function whoSeesFirst(routers: readonly RouterFacts[]): RouterFacts[] {
  const isBlind = ({ observation }: RouterFacts) =>
    observation.state === "seen" && observation.seen.routes.length === 0;
  return [...routers.filter((one) => !isBlind(one)), ...routers.filter(isBlind)];
}

/** True when all requests go to stable, whatever they are like. */
function isAtRest({ canary, headerRoutes, mirrorRoutes }: TrafficIntent): boolean {
  return canary.weight === 0 && headerRoutes.length === 0 && mirrorRoutes.length === 0;
}

/** Whether requests go where they should, as far as every router that can tell says. */
function verifiedOf({ world }: Situation): Pick<TrafficWeights, "verified"> {
  const verdicts = world.routers.map(({ verification }) => verification.verdict);
  if (verdicts.includes("no")) return { verified: false };
  const told = verdicts.filter((verdict) => verdict !== "none" && verdict !== "unknown");
  return told.length > 0 && told.every((verdict) => verdict === "yes") ? { verified: true } : {};
}
