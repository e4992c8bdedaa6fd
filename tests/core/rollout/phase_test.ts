import assert from "node:assert/strict";
import type { RolloutCondition, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { countPods } from "../../../core/rollout/counts.ts";
import { phaseOf } from "../../../core/rollout/phase.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { NOON, worldOf, type WorldShape } from "./world.ts";

function condition(type: RolloutCondition["type"], reason: string, message: string) {
  return {
    type,
    status: "True",
    reason,
    message,
    lastUpdateTime: NOON,
    lastTransitionTime: NOON,
  } as const;
}

const INVALID = condition("InvalidSpec", "InvalidSpec", "wrong");
const ABORTED = condition("Progressing", "RolloutAborted", "aborted");
const TIMED_OUT = condition("Progressing", "ProgressDeadlineExceeded", "timed out");
const FINE = condition("Available", "AvailableReason", "fine");
const PAUSE: RolloutStatus = {
  pauseConditions: [{ reason: "CanaryPauseStep", startTime: NOON }],
  currentStepIndex: 1,
};
const STEPS = [{ setWeight: 20 }, { pause: {} }];

interface Row {
  name: string;
  world: RolloutWorld;
  conditions?: readonly RolloutCondition[];
  is: string;
}

function check(rows: readonly Row[]): void {
  for (const { name, world, conditions = [], is } of rows) {
    const situation = situationOf(world);
    const { phase, message } = phaseOf(situation, countPods(situation), conditions);
    assert.equal(`${phase} ${message}`, is, name);
  }
}

function updating(shape: WorldShape = {}) {
  return worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 0 },
    next: { hash: "bbb", size: 5 },
    ...shape,
  });
}

const settled = (shape: WorldShape = {}) =>
  worldOf({ steps: STEPS, next: { hash: "bbb", size: 5 }, ...shape });

Deno.test("phaseOf() is the first line of the table that is true: conditions, then pauses", () => {
  const worst: WorldShape = {
    spec: { paused: true },
    status: PAUSE,
    next: { hash: "bbb", size: 1 },
  };
  const rows: Row[] = [
    {
      name: "1 invalid spec",
      world: updating(worst),
      conditions: [FINE, INVALID, ABORTED],
      is: "Degraded InvalidSpec: wrong",
    },
    {
      name: "2 aborted",
      world: updating(worst),
      conditions: [FINE, ABORTED],
      is: "Degraded RolloutAborted: aborted",
    },
    {
      name: "2 deadline",
      world: updating(worst),
      conditions: [TIMED_OUT],
      is: "Degraded ProgressDeadlineExceeded: timed out",
    },
    {
      name: "1 and 2 in the order of the list",
      world: updating(worst),
      conditions: [ABORTED, INVALID],
      is: "Degraded RolloutAborted: aborted",
    },
    { name: "3 paused by people", world: updating(worst), is: "Paused manually paused" },
    {
      name: "4 paused by a step",
      world: updating({ status: PAUSE, next: { hash: "bbb", size: 1 } }),
      is: "Paused CanaryPauseStep",
    },
  ];
  check(rows);
});

Deno.test("phaseOf() is the first line of the table that is true: then pods, then steps", () => {
  const rows: Row[] = [
    {
      name: "6 too few new pods",
      world: updating({ next: { hash: "bbb", size: 4 } }),
      is: "Progressing more replicas need to be updated",
    },
    {
      name: "7 too few available",
      world: updating({ next: { hash: "bbb", size: 5, available: 4 } }),
      is: "Progressing updated replicas are still becoming available",
    },
    {
      name: "7 counts the available pods of all sets",
      world: updating({
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 5, available: 4 },
      }),
      is: "Progressing old replicas are pending termination",
    },
    {
      name: "10 old pods are left",
      world: updating({ stable: { hash: "aaa", size: 0, present: 1, available: 0 } }),
      is: "Progressing old replicas are pending termination",
    },
    {
      name: "11 steps are left",
      world: updating(),
      is: "Progressing waiting for all steps to complete",
    },
    { name: "12 nothing is left", world: settled(), conditions: [FINE], is: "Healthy " },
    {
      name: "12 no pods are wanted",
      world: settled({ replicas: 0, next: { hash: "bbb", size: 0 } }),
      is: "Healthy ",
    },
  ];
  check(rows);
});

Deno.test("phaseOf(): pods of a former revision do not make up for those that stable lacks", () => {
  const routed = (available: number) =>
    worldOf({
      spec: {
        strategy: {
          canary: {
            stableService: "stable",
            canaryService: "canary",
            steps: STEPS,
            trafficRouting: { nginx: { stableIngress: "web" } },
          },
        },
      },
      past: [{ hash: "aaa", size: 5 }],
      next: { hash: "bbb", size: 5, available },
    });
  check([
    {
      name: "all of stable are available, the others are in their delay",
      world: routed(5),
      is: "Healthy ",
    },
    {
      name: "one of stable fails",
      world: routed(4),
      is: "Progressing updated replicas are still becoming available",
    },
  ]);
});

Deno.test("phaseOf() names a plugin that nobody has, unless it is not to be taken", () => {
  const steps = [{ setWeight: 20 }, { plugin: { name: "org/check" } }];
  const message = "Progressing Reconciliation failed with error: " +
    "plugin org/check not configured in configmap";
  const rows: Row[] = [
    { name: "at it", world: updating({ steps, status: { currentStepIndex: 1 } }), is: message },
    {
      name: "a pause of people goes before",
      world: updating({ steps, status: { currentStepIndex: 1 }, spec: { paused: true } }),
      is: "Paused manually paused",
    },
    {
      name: "a full promotion leaves it out",
      world: updating({ steps, status: { currentStepIndex: 1, promoteFull: true } }),
      is: "Progressing waiting for all steps to complete",
    },
    {
      name: "a first deployment takes no steps",
      world: settled({
        steps,
        next: { hash: "bbb", size: 5, available: 0 },
        status: { stableRS: "", currentStepIndex: 1 },
      }),
      is: "Progressing updated replicas are still becoming available",
    },
  ];
  check(rows);
});
