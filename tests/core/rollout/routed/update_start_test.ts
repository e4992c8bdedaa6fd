/** The pass that begins an update: what routers are told, and what of the first revision. */
import assert from "node:assert/strict";
import type { TrafficIntent } from "../../../../sdk/traffic_intent.ts";
import { decide } from "../../../../core/rollout/decide.ts";
import type { RouterFacts } from "../../../../core/rollout/routed/router_facts.ts";
import { effectText } from "../verdict_text.ts";
import { worldOf, type WorldShape } from "../world.ts";

/** Of `old`, or of the update to `mid` that is under way, with so much weight at the canary. */
function beginning(canaryWeight: number, shape: WorldShape = {}): WorldShape {
  const weights = { "web-stable": 100 - canaryWeight, "web-canary": canaryWeight };
  const route = { type: { group: "mesh", kind: "Route" }, ref: { name: "web" }, weights };
  const router: RouterFacts = {
    name: "mesh",
    scope: {} as RouterFacts["scope"],
    observation: { state: "seen", seen: { routes: [route] } },
    verification: { verdict: "none", events: [] },
    owned: [],
  };
  const reached = canaryWeight === 0 ? "old" : "mid";
  return {
    steps: [{ setWeight: 20 }, { pause: {} }],
    canary: {
      stableService: "web-stable",
      canaryService: "web-canary",
      trafficRouting: { istio: { virtualService: { name: "web" } } },
    },
    templateHash: "new",
    stable: { hash: "old", size: 5, revision: 1 },
    past: canaryWeight === 0 ? [] : [{ hash: "mid", size: 1, revision: 2 }],
    services: { "web-stable": { selects: "old" }, "web-canary": { selects: reached } },
    status: {
      stableRS: "old",
      currentPodHash: reached,
      currentStepIndex: canaryWeight === 0 ? 2 : 1,
      canary: {
        weights: {
          canary: { podTemplateHash: reached, serviceName: "web-canary", weight: canaryWeight },
          stable: { podTemplateHash: "old", serviceName: "web-stable", weight: 100 - canaryWeight },
        },
      },
    },
    routers: [router],
    ...shape,
  };
}

function outcome(shape: WorldShape) {
  const { effects, events, status = {} } = decide(worldOf(shape));
  const { currentPodHash, currentStepIndex, stableRS, canary } = status as Record<string, unknown>;
  const { weights } = canary as { weights: { canary: unknown } };
  return {
    effects: effects.map(effectText),
    intents: effects.flatMap((effect) => {
      if (effect.kind !== "route") return [];
      const { canary, stable } = effect.intent as TrafficIntent;
      return [
        `${stable.podTemplateHash} ${stable.weight}, ${canary.podTemplateHash} ${canary.weight}`,
      ];
    }),
    status: [currentPodHash, stableRS, currentStepIndex],
    canary: weights?.canary,
    reasons: events.map(({ reason }) => reason),
  };
}

Deno.test("an update that begins tells routers of the set that it makes, which nobody reaches", () => {
  assert.deepEqual(outcome(beginning(0)), {
    effects: ["create web-new 1", "note web revision=2", "route by mesh"],
    intents: ["old 100, new 0"],
    status: ["new", "old", 0],
    canary: { podTemplateHash: "new", serviceName: "web-canary", weight: 0 },
    reasons: ["RolloutNotCompleted", "TrafficWeightUpdated", "ScalingReplicaSet"],
  });
});

Deno.test("an update whose set is there already tells routers of it likewise", () => {
  const next = { hash: "new", size: 0, revision: 1 };
  const { effects, canary, status } = outcome(beginning(0, { next }));
  assert.deepEqual(effects.at(-1), "route by mesh");
  assert.deepEqual(status, ["new", "old", 0]);
  assert.deepEqual(canary, { podTemplateHash: "new", serviceName: "web-canary", weight: 0 });
});

Deno.test("an update that overtakes another leaves its traffic to the next pass", () => {
  assert.deepEqual(outcome(beginning(20)), {
    effects: ["create web-new 1", "note web revision=3"],
    intents: [],
    status: ["new", "old", 0],
    canary: { podTemplateHash: "mid", serviceName: "web-canary", weight: 20 },
    reasons: ["RolloutNotCompleted", "ScalingReplicaSet"],
  });
});

Deno.test("an update that begins while a router cannot be seen tells it nothing", () => {
  const [router] = beginning(0).routers ?? [];
  assert.ok(router);
  const hidden: RouterFacts = { ...router, observation: { state: "pending" } };
  const { effects } = outcome(beginning(0, { routers: [hidden] }));
  assert.deepEqual(effects, ["create web-new 1", "note web revision=2"]);
});

/** Nothing is there yet but the Rollout. */
const FIRST: WorldShape = {
  steps: [{ setWeight: 20 }, { pause: {} }],
  templateHash: "new",
  status: { stableRS: "", currentPodHash: "", currentStepHash: "" },
};

function firstStatus(shape: WorldShape) {
  const { status = {}, events } = decide(worldOf(shape));
  const { stableRS, currentStepIndex, phase } = status as Record<string, unknown>;
  return { stableRS, currentStepIndex, phase, reasons: events.map(({ reason }) => reason) };
}

Deno.test("the first revision is stable with the first status", () => {
  assert.deepEqual(firstStatus(FIRST), {
    stableRS: "new",
    currentStepIndex: 2,
    phase: "Progressing",
    reasons: ["RolloutNotCompleted", "ScalingReplicaSet", "RolloutCompleted"],
  });
});

Deno.test("the first revision is not stable while spec.paused holds its pods back", () => {
  const { stableRS, reasons } = firstStatus({ ...FIRST, spec: { paused: true } });
  assert.equal(stableRS, undefined);
  assert.deepEqual(reasons, ["RolloutNotCompleted"]);
});
