/** What routers read of a Rollout's canary strategy; what is of a wrong type counts as absent. */
import type { Rollout } from "../../sdk/api/rollout.ts";
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

/** Its `trafficRouting`. */
export function routingFieldsOf(rollout: Rollout): Fields {
  return fieldsOf(canaryFieldsOf(rollout)["trafficRouting"]);
}

function canaryFieldsOf(rollout: Rollout): Fields {
  return fieldsOf(fieldsOf(fieldsOf(rollout.spec)["strategy"])["canary"]);
}
