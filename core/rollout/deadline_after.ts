/** When an update will count as stuck, for those who look at a pass from outside. */
import type { RolloutCondition } from "../../sdk/api/rollout.ts";
import type { Decision } from "../engine/mod.ts";
import { findCondition } from "../api/values/conditions.ts";
import { progressDeadlineMs } from "./deadline.ts";
import { situationOf } from "./situation_of.ts";
import type { RolloutWorld } from "./world.ts";

/** Undefined when it counts as stuck already, waits on purpose, or is not carried out at all. */
export function deadlineAfterMs(world: RolloutWorld, { status }: Decision): number | undefined {
  const isLeftAlone = world.invalid !== undefined || world.unserved !== undefined;
  if (isLeftAlone || status?.["phase"] !== "Progressing") return undefined;
  const conditions = status["conditions"] as RolloutCondition[] | undefined;
  return progressDeadlineMs(situationOf(world), findCondition(conditions, "Progressing"));
}
