/** A pass of a routed canary that completes a step, and what it begins behind it. */
import assert from "node:assert/strict";
import { decide } from "../../../../core/rollout/decide.ts";
import { type RouterFacts, type Verified } from "../../../../core/rollout/routed/router_facts.ts";
import { condition, worldOf, type WorldShape } from "../world.ts";

/** An update from `old` to `new` by 20 %, a pause, and 100 %. */
function update(
  { stepIndex, pods, reported, seen = reported, verdict = "none" }: {
    stepIndex: number;
    /** Of the new set, all available. */
    pods: number;
    /** The canary's weight in the status. */
    reported: number;
    /** The canary's weight as the router sees it. */
    seen?: number;
    verdict?: Verified["verdict"];
  },
): WorldShape {
  const router: RouterFacts = {
    name: "mesh",
    scope: {} as RouterFacts["scope"],
    observation: {
      state: "seen",
      seen: {
        routes: [{
          type: { group: "mesh", kind: "Route" },
          ref: { name: "web" },
          weights: { "web-stable": 100 - seen, "web-canary": seen },
        }],
      },
    },
    verification: { verdict, events: [] },
    owned: [],
  };
  return {
    steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 100 }],
    canary: {
      stableService: "web-stable",
      canaryService: "web-canary",
      trafficRouting: { istio: { virtualService: { name: "web" } } },
    },
    next: { hash: "new", size: pods, revision: 2 },
    stable: { hash: "old", size: 5, revision: 1 },
    services: { "web-stable": { selects: "old" }, "web-canary": { selects: "new" } },
    status: {
      currentStepIndex: stepIndex,
      conditions: [condition("Completed", { status: "False", reason: "RolloutCompleted" })],
      canary: {
        weights: {
          canary: { podTemplateHash: "new", serviceName: "web-canary", weight: reported },
          stable: { podTemplateHash: "old", serviceName: "web-stable", weight: 100 - reported },
        },
      },
    },
    routers: [router],
  };
}

function outcome(shape: WorldShape) {
  const { status, events } = decide(worldOf(shape));
  const { currentStepIndex, stableRS, phase } = status as Record<string, unknown>;
  return { currentStepIndex, stableRS, phase, reasons: events.map(({ reason }) => reason) };
}

Deno.test("a pass that completes a weight begins the pause behind it", () => {
  assert.deepEqual(outcome(update({ stepIndex: 0, pods: 1, reported: 0 })), {
    currentStepIndex: 1,
    stableRS: "old",
    phase: "Paused",
    reasons: ["TrafficWeightUpdated", "RolloutStepCompleted", "RolloutPaused"],
  });
});

Deno.test("a pass that completes the last weight makes the revision stable", () => {
  assert.deepEqual(outcome(update({ stepIndex: 2, pods: 5, reported: 20 })), {
    currentStepIndex: 3,
    stableRS: "new",
    phase: "Healthy",
    reasons: ["TrafficWeightUpdated", "RolloutStepCompleted", "RolloutCompleted"],
  });
});

for (const verdict of ["yes", "no", "unknown", "pending"] as const) {
  Deno.test(`a weight that is new is not taken as confirmed, though "${verdict}" was said before`, () => {
    const { reasons, ...rest } = outcome(update({ stepIndex: 2, pods: 5, reported: 20, verdict }));
    assert.deepEqual(rest, { currentStepIndex: 2, stableRS: "old", phase: "Progressing" });
    assert.deepEqual(reasons, ["TrafficWeightUpdated"]);
  });
}

for (const verdict of ["no", "pending"] as const) {
  Deno.test(`the last weight is not completed while it is not confirmed ("${verdict}")`, () => {
    const { reasons, stableRS } = outcome(
      update({ stepIndex: 2, pods: 5, reported: 100, verdict }),
    );
    assert.deepEqual({ reasons, stableRS }, { reasons: [], stableRS: "old" });
  });
}

Deno.test("the last weight, once confirmed, makes the revision stable in that pass", () => {
  const { reasons, stableRS } = outcome(
    update({ stepIndex: 2, pods: 5, reported: 100, verdict: "yes" }),
  );
  assert.equal(stableRS, "new");
  assert.deepEqual(reasons.slice(-2), ["RolloutStepCompleted", "RolloutCompleted"]);
});

Deno.test("a step that is not complete begins nothing", () => {
  const { reasons, ...rest } = outcome(update({ stepIndex: 2, pods: 2, reported: 20 }));
  assert.deepEqual(rest, { currentStepIndex: 2, stableRS: "old", phase: "Progressing" });
  assert.ok(!reasons.includes("RolloutStepCompleted"));
});
