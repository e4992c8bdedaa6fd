/** What routers read of a Rollout's canary strategy; what is of a wrong type counts as absent. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { TrafficIntent } from "../../sdk/traffic_intent.ts";
import { type Fields, fieldsOf, isUnset, textOf } from "../../sdk/wire/json.ts";

/** A canary's Services; empty names are not set. */
export interface CanaryServices {
  readonly stableService: string;
  readonly canaryService: string;
  readonly hasPingPong: boolean;
  readonly pingService: string;
  readonly pongService: string;
}

/** The Services that a canary names. */
export function canaryOf(rollout: Rollout): CanaryServices {
  const { stableService, canaryService, pingPong } = canaryFieldsOf(rollout);
  const { pingService, pongService } = fieldsOf(pingPong);
  return {
    stableService: textOf(stableService),
    canaryService: textOf(canaryService),
    hasPingPong: !isUnset(pingPong),
    pingService: textOf(pingService),
    pongService: textOf(pongService),
  };
}

/** The Services that the two sides of the traffic are reached by. */
export interface SideServices {
  readonly stable: string;
  readonly canary: string;
}

/** The same as an intent says it, unless stable and canary Service are named. */
export function sidesIn(
  rollout: Rollout,
  { stable, canary }: Pick<TrafficIntent, "stable" | "canary">,
): SideServices {
  return namedSides(rollout) ?? { stable: stable.service, canary: canary.service };
}

/** As the status says whose turn it is: pong's, before anything was promoted. */
export function sidesNow(rollout: Rollout): SideServices {
  const { pingService, pongService } = canaryOf(rollout);
  const isPing = fieldsOf(rollout.status?.["canary"])["stablePingPong"] === "ping";
  const turn = isPing
    ? { stable: pingService, canary: pongService }
    : { stable: pongService, canary: pingService };
  return namedSides(rollout) ?? turn;
}

/** Those that the canary may have had until now: of ping and pong both. */
export function canaryServices(rollout: Rollout): string[] {
  const named = namedSides(rollout);
  if (named !== undefined) return [named.canary];
  const { pingService, pongService } = canaryOf(rollout);
  return [pingService, pongService];
}

/** Undefined: ping and pong take turns. */
function namedSides(rollout: Rollout): SideServices | undefined {
  const { stableService, canaryService, hasPingPong } = canaryOf(rollout);
  const takesTurns = hasPingPong && stableService === "" && canaryService === "";
  return takesTurns ? undefined : { stable: stableService, canary: canaryService };
}

/** The names of the two sides in weights, where an intent says others. */
export function sidesSeen(rollout: Rollout): { readonly sides?: SideServices } {
  const { hasPingPong, stableService, canaryService } = canaryOf(rollout);
  if (!hasPingPong || stableService === "" || canaryService === "") return {};
  return { sides: { stable: stableService, canary: canaryService } };
}

/**
 * True for the name of a template's Service in an experiment step:
 * `ROLLOUT-HASH-REVISION-STEP-TEMPLATE`.
 */
export function isNamedByStep(name: string, rollout: string): boolean {
  return rollout !== "" && name.startsWith(`${rollout}-`) &&
    /^[a-z0-9]+-\d+-\d+-./.test(name.slice(rollout.length + 1));
}

/** Its `trafficRouting`. */
export function routingFieldsOf(rollout: Rollout): Fields {
  return fieldsOf(canaryFieldsOf(rollout)["trafficRouting"]);
}

function canaryFieldsOf(rollout: Rollout): Fields {
  return fieldsOf(fieldsOf(fieldsOf(rollout.spec)["strategy"])["canary"]);
}
