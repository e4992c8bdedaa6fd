/** Worlds whose conditions are looked at, and a short way to say what a condition says. */
import assert from "node:assert/strict";
import type { ConditionType, RolloutCondition, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { findCondition } from "../../../core/api/values/conditions.ts";
import { conditionsOf } from "../../../core/rollout/conditions.ts";
import { countPods } from "../../../core/rollout/counts.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { NOON, type SetShape, worldOf, type WorldShape } from "./world.ts";

/** Before now, but inside the progress deadline. */
export const EARLIER = "2026-03-01T11:55:00Z";
/** Beyond any deadline. */
export const LONG_AGO = "2026-03-01T01:00:00Z";
const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 100 }];
/** The sets of an update at its first weight. */
export const STABLE: SetShape = { hash: "aaa", size: 4 };
/** The canary set of it. */
export const NEXT: SetShape = { hash: "bbb", size: 1 };

/** `True AvailableReason: Rollout has …` as a condition of some age. */
export function was(type: ConditionType, text: string, at = EARLIER): RolloutCondition {
  const [, status, reason = "", message = ""] = /^(\S+) (\S+?)(?:: (.*))?$/.exec(text) ?? [];
  return {
    type,
    status: status as RolloutCondition["status"],
    reason,
    message,
    lastUpdateTime: at,
    lastTransitionTime: at,
  };
}

function conditions(world: RolloutWorld): readonly RolloutCondition[] {
  const situation = situationOf(world);
  return conditionsOf(situation, countPods(situation));
}

/** One condition after a pass: text, and ages of its two times; undefined: there is none. */
function one(world: RolloutWorld, type: ConditionType): string | undefined {
  const condition = findCondition(conditions(world), type);
  if (condition === undefined) return undefined;
  const { status, reason, message, lastUpdateTime, lastTransitionTime } = condition;
  const age = (time: string) => (time === NOON ? "now" : "kept");
  const times = `[${age(lastUpdateTime)} ${age(lastTransitionTime)}]`;
  return `${status} ${reason}: ${message} ${times}`;
}

/** Compares one condition after a pass with what it should say, world by world. */
export function check(
  type: ConditionType,
  rows: readonly { name: string; world: RolloutWorld; is: string | undefined }[],
): void {
  for (const { name, world, is } of rows) assert.equal(one(world, type), is, name);
}

/** An update on its way; `counted` is what the last report told of it. */
export function updating(status: RolloutStatus = {}, shape: WorldShape = {}) {
  const counted = {
    replicas: 5,
    updatedReplicas: 1,
    readyReplicas: 5,
    availableReplicas: 5,
    currentStepIndex: 0,
  };
  return worldOf({
    steps: STEPS,
    stable: STABLE,
    next: NEXT,
    ...shape,
    status: { ...counted, ...status },
  });
}

/** A Rollout that is where it wants to be. */
export function settled(status: RolloutStatus = {}, shape: WorldShape = {}) {
  return worldOf({
    steps: STEPS,
    next: { hash: "aaa", size: 5 },
    ...shape,
    status: {
      replicas: 5,
      updatedReplicas: 5,
      readyReplicas: 5,
      availableReplicas: 5,
      ...status,
    },
  });
}

/** Status of a Rollout in the pause of its second step. */
export const AT_PAUSE: RolloutStatus = {
  currentStepIndex: 1,
  controllerPause: true,
  pauseConditions: [{ reason: "CanaryPauseStep", startTime: EARLIER }],
};
