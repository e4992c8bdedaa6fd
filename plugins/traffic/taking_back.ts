/** What is planned where something is wrong with one object of several. */
import type { TrafficIntent } from "../../sdk/traffic_intent.ts";
import type { RoutePlan, SeenTraffic } from "../../sdk/traffic_router.ts";
import type { Write } from "../../sdk/wire/write.ts";

/** True while some route still sends to a canary that is to get nothing more. */
export function isTakingBack({ routes }: SeenTraffic, { canary }: TrafficIntent): boolean {
  return canary.weight === 0 &&
    routes.some(({ weights, sides }) => (weights[sides?.canary ?? canary.service] ?? 0) > 0);
}

/**
 * The plan of these writes. What is wrong with an object comes before all of them, but while the
 * canary's weight is taken back: then those that can be told are, and the fault is told after that.
 */
export function planAround(
  writes: readonly Write[],
  faults: readonly RoutePlan[],
  isUrgent: boolean,
): RoutePlan {
  const [fault] = faults;
  return fault === undefined || (isUrgent && writes.length > 0) ? { writes } : fault;
}
