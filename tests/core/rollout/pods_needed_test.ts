import assert from "node:assert/strict";
import { needsPods } from "../../../core/rollout/pods_needed.ts";
import type { RolloutCondition } from "../../../sdk/api/rollout.ts";
import { NOON, worldOf, type WorldShape } from "./world.ts";

const METADATA = { labels: { role: "canary" } };
const noted = {
  "rollout.argoproj.io/ephemeral-metadata": JSON.stringify(METADATA),
};

function progressing(
  lastUpdateTime: string,
  saying: Partial<RolloutCondition> = {},
): RolloutCondition[] {
  return [{
    type: "Progressing",
    status: "True",
    reason: "ReplicaSetUpdated",
    message: "",
    lastUpdateTime,
    lastTransitionTime: lastUpdateTime,
    ...saying,
  }];
}

function isAsked(shape: WorldShape): boolean {
  const { rollout, replicaSets, nowMs } = worldOf({
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
    ...shape,
  });
  return needsPods(rollout, { sets: replicaSets, nowMs });
}

Deno.test("a pass asks for pods only when it has something to do with them", () => {
  const rows: [string, WorldShape, boolean][] = [
    ["an update on its way", {}, false],
    ["a restart that is due", { spec: { restartAt: NOON } }, true],
    ["a restart to come", { spec: { restartAt: "2026-03-01T12:00:01Z" } }, false],
    ["a restart that is done", { spec: { restartAt: NOON }, status: { restartedAt: NOON } }, false],
    [
      "a deadline that is over",
      { status: { conditions: progressing("2026-03-01T11:50:00Z") } },
      true,
    ],
    [
      "its own deadline",
      {
        spec: { progressDeadlineSeconds: 60 },
        status: { conditions: progressing("2026-03-01T11:59:00Z") },
      },
      true,
    ],
    [
      "a deadline to come",
      { status: { conditions: progressing("2026-03-01T11:50:01Z") } },
      false,
    ],
    [
      "a deadline that was told",
      {
        status: {
          conditions: progressing("2026-03-01T11:50:00Z", {
            status: "False",
            reason: "ProgressDeadlineExceeded",
          }),
        },
      },
      false,
    ],
    [
      "no deadline when all is well",
      { status: { phase: "Healthy", conditions: progressing("2026-03-01T01:00:00Z") } },
      false,
    ],
    [
      "no deadline of a canary that is paused",
      {
        steps: [{ pause: {} }],
        status: {
          currentStepIndex: 0,
          controllerPause: true,
          pauseConditions: [{ reason: "CanaryPauseStep", startTime: "2026-03-01T01:00:00Z" }],
          conditions: progressing("2026-03-01T01:00:00Z"),
        },
      },
      false,
    ],
    [
      "no deadline while spec.paused stands",
      { spec: { paused: true }, status: { conditions: progressing("2026-03-01T01:00:00Z") } },
      false,
    ],
    [
      "no deadline at a step that this version does not serve",
      {
        steps: [{ plugin: { name: "owner/plugin" } }],
        status: { currentStepIndex: 0, conditions: progressing("2026-03-01T01:00:00Z") },
      },
      false,
    ],
    [
      "no deadline of a pause that has just ended",
      {
        status: {
          conditions: progressing("2026-03-01T01:00:00Z", {
            status: "Unknown",
            reason: "RolloutPaused",
          }),
        },
      },
      false,
    ],
    ["metadata that pods do not carry yet", { canary: { canaryMetadata: METADATA } }, true],
    [
      "metadata that they carry",
      {
        canary: { canaryMetadata: METADATA },
        next: { hash: "bbb", size: 1, annotations: noted, labels: METADATA.labels },
      },
      false,
    ],
    [
      "metadata that the template of a finished update has lost, and pods may carry",
      {
        canary: { canaryMetadata: METADATA },
        next: { hash: "bbb", size: 1, annotations: noted },
      },
      true,
    ],
    [
      "metadata of a set without pods",
      { canary: { canaryMetadata: METADATA }, next: { hash: "bbb", size: 0 } },
      false,
    ],
    [
      "metadata that a former part left",
      { past: [{ hash: "ccc", size: 1, annotations: noted }] },
      true,
    ],
  ];
  for (const [name, shape, expected] of rows) assert.equal(isAsked(shape), expected, name);
});
