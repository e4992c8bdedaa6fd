import assert from "node:assert/strict";
import { NO_EXPERIMENTS } from "../../../core/rollout/experiments/facts.ts";
import { NO_STEP_PLUGINS } from "../../../core/rollout/step_plugins/facts.ts";
import { NO_ANALYSES } from "../../../core/rollout/analysis/facts.ts";
import type { Rollout, RolloutCondition, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { statusPatch } from "../../../core/engine/mod.ts";
import { stepHash } from "../../../core/api/hash/step_hash.ts";
import { decide, type RolloutWorld, type Service } from "../../../core/rollout/mod.ts";
import { hashOf, type ReplicaSet } from "../../../core/sets/mod.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import { stateChangeEvents, statusOf } from "../../../core/rollout/status.ts";
import { deepFreeze, deploymentOf, NOON, worldOf } from "./world.ts";
import blueGreen from "../../fixtures/rollout/01-bluegreen.json" with { type: "json" };
import canarySuccess from "../../fixtures/rollout/02-canary-success.json" with { type: "json" };
import undoAbort from "../../fixtures/rollout/03-canary-undo-abort.json" with { type: "json" };

/** What a recorded Argo Rollouts 1.10 left in the cluster at one moment. */
interface Recorded {
  number: string;
  rollout: Rollout;
  status: RolloutStatus;
  conditions: RolloutCondition[];
  replicaSets: ReplicaSet[];
  services: Service[];
}

const RECORDINGS: Readonly<Record<string, readonly Recorded[]>> = {
  "01-bluegreen": blueGreen as unknown as Recorded[],
  "02-canary-success": canarySuccess as unknown as Recorded[],
  "03-canary-undo-abort": undoAbort as unknown as Recorded[],
};

/** Fields that a pass derives from counting; what stages decide stays. */
const DERIVED = [
  "HPAReplicas",
  "replicas",
  "readyReplicas",
  "availableReplicas",
  "updatedReplicas",
  "selector",
  "canary",
  "blueGreen",
  "phase",
  "message",
];

function worldAt(recorded: Recorded, status: RolloutStatus): RolloutWorld {
  const templateHash = recorded.status.currentPodHash ?? "";
  const { strategy } = recorded.rollout.spec;
  const times = recorded.conditions.map(({ lastUpdateTime }) => Date.parse(lastUpdateTime));
  return deepFreeze({
    nowMs: Math.max(...times) + 1000,
    rollout: { ...recorded.rollout, status },
    workload: undefined,
    templateHash,
    stepHash: strategy?.blueGreen ? "" : stepHash(strategy?.canary?.steps),
    nextSet: recorded.replicaSets.find((set) => hashOf(set) === templateHash),
    replicaSets: recorded.replicaSets,
    orphans: [],
    strays: [],
    isConfirmed: false,
    isNameTaken: false,
    left: [],
    stepPlugins: NO_STEP_PLUGINS,
    arePodsPending: false,
    routers: [],
    experiment: NO_EXPERIMENTS,
    analysis: NO_ANALYSES,
    unserved: undefined,
    services: new Map(recorded.services.map((service) => [service.metadata.name, service])),
    pods: undefined,
    invalid: undefined,
  });
}

/** Conditions without times, by type. */
function sayings(conditions: readonly RolloutCondition[] | undefined) {
  return Object.fromEntries(
    (conditions ?? []).map(({ type, status, reason, message }) => [
      type,
      `${status} ${reason}: ${message}`,
    ]),
  );
}

Deno.test("what Argo Rollouts left behind is settled: no effect, no difference of status", () => {
  let count = 0;
  for (const [name, snapshots] of Object.entries(RECORDINGS)) {
    for (const recorded of snapshots) {
      const status = { ...recorded.status, conditions: recorded.conditions };
      const decision = decide(worldAt(recorded, status));
      const place = `${name} ${recorded.number}`;
      assert.deepEqual(decision.effects, [], place);
      assert.deepEqual(decision.events, [], place);
      assert.equal(statusPatch(status, decision.status ?? {}), undefined, place);
      count++;
    }
  }
  assert.equal(count, 16);
});

Deno.test("counts, phase, message and conditions follow from the sets as Argo's did", () => {
  for (const [name, snapshots] of Object.entries(RECORDINGS)) {
    let earlier: RolloutCondition[] = [];
    for (const recorded of snapshots) {
      const decided = Object.entries(recorded.status).filter(([field]) => !DERIVED.includes(field));
      const before = { ...Object.fromEntries(decided), conditions: earlier } as RolloutStatus;
      const { conditions, ...status } = decide(worldAt(recorded, before)).status as RolloutStatus;
      const place = `${name} ${recorded.number}`;
      assert.deepEqual(status, recorded.status, place);
      assert.deepEqual(sayings(conditions), sayings(recorded.conditions), place);
      earlier = recorded.conditions;
    }
  }
});

Deno.test("statusOf() leaves out zeros, false flags and empty texts, as the API does", () => {
  const world = worldOf({
    replicas: 0,
    next: { hash: "aaa", size: 0 },
    status: { controllerPause: false, pauseConditions: [], promoteFull: false, abort: false },
  });
  const { conditions: _, ...status } = statusOf(situationOf(world));
  assert.deepEqual(status, {
    observedGeneration: "3",
    currentPodHash: "aaa",
    currentStepHash: "5ffbfbbd64",
    stableRS: "aaa",
    selector: "app=web",
    canary: {},
    blueGreen: {},
    phase: "Healthy",
  });
});

Deno.test("statusOf() keeps a step index of 0, and fields that others answer for", () => {
  const world = worldOf({
    steps: [{ setWeight: 20 }],
    stable: { hash: "aaa", size: 5 },
    next: { hash: "bbb", size: 0 },
    status: {
      canary: { weights: { canary: { weight: 5 } }, ofAnother: { name: "run" } },
      restartedAt: NOON,
      ofAnother: { kept: true },
    },
  });
  const status = statusOf(situationOf(world));
  assert.equal(status.currentStepIndex, 0);
  // Nobody routes by weights: they are no facts any more.
  assert.deepEqual(status.canary, { ofAnother: { name: "run" } });
  assert.equal(status.restartedAt, NOON);
  assert.deepEqual(status["ofAnother"], { kept: true });
});

Deno.test("statusOf() says which generation of the workload it is about", () => {
  const world = worldOf({
    next: { hash: "aaa", size: 5 },
    workload: deploymentOf({ generation: 5 }),
    status: { workloadObservedGeneration: "4" },
  });
  assert.equal(statusOf(situationOf(world))["workloadObservedGeneration"], "5");
  const shape = { next: { hash: "aaa", size: 5 }, status: { workloadObservedGeneration: "4" } };
  const own = statusOf(situationOf(worldOf(shape)));
  assert.ok(!("workloadObservedGeneration" in own), "a template of its own has no workload");
  const workloadRef = { apiVersion: "apps/v1", kind: "Deployment", name: "base" };
  const missing = statusOf(situationOf(worldOf({ ...shape, spec: { workloadRef } })));
  assert.equal(missing["workloadObservedGeneration"], "4", "seen before it went");
});

Deno.test("statusOf() counts the pods of all sets, and apart those of the present template", () => {
  const world = worldOf({
    replicas: 9,
    stable: { hash: "aaa", size: 5, present: 6, ready: 5, available: 4 },
    next: { hash: "bbb", size: 3, present: 3, ready: 2, available: 1 },
    past: [{ hash: "old", size: 1, present: 2, ready: 1, available: 1 }],
  });
  const { HPAReplicas, replicas, readyReplicas, availableReplicas, updatedReplicas } = statusOf(
    situationOf(world),
  );
  assert.deepEqual(
    { HPAReplicas, replicas, readyReplicas, availableReplicas, updatedReplicas },
    { HPAReplicas: 11, replicas: 11, readyReplicas: 8, availableReplicas: 6, updatedReplicas: 3 },
  );
});

const PAUSE = { reason: "CanaryPauseStep" as const, startTime: NOON };
const UPDATE = {
  steps: [{ setWeight: 20 }, { pause: {} }],
  stable: { hash: "aaa", size: 4 },
  next: { hash: "bbb", size: 1, revision: 2 },
};
const completed = (status: "True" | "False"): RolloutCondition => ({
  type: "Completed",
  status,
  reason: "RolloutCompleted",
  message: "RolloutCompleted",
  lastUpdateTime: NOON,
  lastTransitionTime: NOON,
});
const NOT_COMPLETED = "Rollout not completed, started update to revision 2 (bbb)";
interface Change {
  name: string;
  before: RolloutStatus;
  after: RolloutStatus;
  told: string[];
}

Deno.test("stateChangeEvents() tells of what the status says for the first time", () => {
  const rows: Change[] = [
    {
      name: "Completed is said for the first time",
      before: {},
      after: { conditions: [completed("False")] },
      told: [NOT_COMPLETED],
    },
    {
      name: "Completed turns",
      before: { conditions: [completed("True")] },
      after: { conditions: [completed("False")] },
      told: [NOT_COMPLETED],
    },
    {
      name: "Completed stays",
      before: { conditions: [completed("False")] },
      after: { conditions: [completed("False")] },
      told: [],
    },
    {
      name: "Completed comes true",
      before: { conditions: [completed("False")] },
      after: { conditions: [completed("True")] },
      told: [],
    },
    {
      name: "a pause",
      before: {},
      after: { pauseConditions: [PAUSE] },
      told: ["Rollout is paused (CanaryPauseStep)"],
    },
    {
      name: "the pause goes on",
      before: { pauseConditions: [PAUSE] },
      after: { pauseConditions: [PAUSE] },
      told: [],
    },
    {
      name: "the controller ends it",
      before: { pauseConditions: [PAUSE] },
      after: {},
      told: ["Rollout is resumed"],
    },
    {
      name: "an abort is no resuming",
      before: { pauseConditions: [PAUSE], abort: true },
      after: {},
      told: [],
    },
  ];
  for (const { name, before, after, told } of rows) {
    const situation = situationOf(worldOf({ ...UPDATE, status: before }));
    const messages = stateChangeEvents(situation, after).map(({ message }) => message);
    assert.deepEqual(messages, told, name);
  }
});
