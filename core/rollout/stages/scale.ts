/** Scale: sets the sizes of all sets, and the deadlines of those that are on their way out. */
import type { Write } from "../../engine/mod.ts";
import { scaleWrite, wantedPods } from "../../sets/mod.ts";
import { isCanary, type Situation, type Verdict } from "../situation.ts";

export function scale(situation: Situation): Verdict {
  const { sizes, sizesWhy, sizesChangeAtMs } = situation.plan();
  const effects: Write[] = [];
  const changes: string[] = [];
  let isResized = false;
  for (const { set, size, replicas, deadline, isDelayShown, change } of sizes) {
    const write = scaleWrite(set, { size, replicas, deadline, isDelayShown });
    if (write === undefined) continue;
    effects.push(write);
    isResized ||= size !== wantedPods(set);
    changes.push(change);
  }
  // For a canary, a changed note of `spec.replicas` counts as a change of size.
  const isBegun = isResized || (isCanary(situation) && effects.length > 0);
  const { nowMs } = situation.world;
  const wakes = isCanary(situation) && isBegun ? [] : sizesChangeAtMs.filter((ms) => ms > nowMs);
  const change = changes.join(", ");
  const why = sizesWhy === "" ? change : `${sizesWhy}: scale ${change}`;
  return {
    effects,
    then: isBegun ? "settle" : "continue",
    ...(wakes.length === 0 ? {} : { wakeAtMs: Math.min(...wakes) }),
    ...(changes.length === 0 ? {} : { why }),
  };
}
