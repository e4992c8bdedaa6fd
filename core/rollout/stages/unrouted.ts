/**
 * Unrouted: trafficRouting was taken out of the strategy while the canary had traffic. Which
 * objects say so stood there, so nobody can set them back: that is told, once.
 */
import { EVENT_REASON } from "../../api/names/event_reason.ts";
import { warning } from "../../sets/mod.ts";
import { weightsIn } from "../routed/weights.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";

export function unrouted({ world: { rollout } }: Situation): Verdict {
  // This pass takes the weights out of the status.
  const { canary, stable } = weightsIn(rollout.status ?? {}) ?? {};
  if (canary === undefined || stable === undefined || canary.weight === 0) return CONTINUE;
  const text = `trafficRouting was removed while weight ${canary.weight} of ` +
    `${canary.weight + stable.weight} went to the canary: the routed objects keep it ` +
    "until somebody sets them back";
  return { events: [warning(EVENT_REASON.trafficRoutingError, text)], then: "continue", why: text };
}
