import assert from "node:assert/strict";
import type { RouterFacts } from "../../../../core/rollout/routed/router_facts.ts";
import { NOT_VERIFIED } from "../../../../core/rollout/routed/router_facts.ts";
import {
  weightChangeText,
  weightsIn,
  weightsOf,
  writtenWeights,
} from "../../../../core/rollout/routed/weights.ts";
import type { SeenRoute } from "../../../../sdk/traffic_router.ts";
import { intentOf } from "../../../../sdk/testing/intents.ts";

const SERVICES = { stable: "web-stable", canary: "web-canary" };
const TYPE = { group: "example", kind: "Route" };

function router(observation: RouterFacts["observation"]): RouterFacts {
  const scope = {} as RouterFacts["scope"];
  return { name: "example", scope, observation, verification: NOT_VERIFIED, owned: [] };
}

function seen(...routes: Partial<SeenRoute>[]): RouterFacts {
  const whole = routes.map((route): SeenRoute => ({
    type: TYPE,
    ref: { name: "web" },
    weights: {},
    ...route,
  }));
  return router({ state: "seen", seen: { routes: whole } });
}

function written(
  routers: RouterFacts[],
  reported?: Parameters<typeof writtenWeights>[1]["reported"],
) {
  return writtenWeights(routers, { reported, services: SERVICES, weightMax: 100 });
}

const REPORTED = { canary: { weight: 40 }, stable: { weight: 60 } };

Deno.test("what is written is the most that any route sends to a side", () => {
  assert.deepEqual(
    written([
      seen({ weights: { "web-stable": 90, "web-canary": 10 } }),
      seen({ weights: { "web-stable": 70, "web-canary": 30 } }),
    ], REPORTED),
    { canary: 30, stable: 90 },
  );
});

Deno.test("subsets are found by the names that the router gives to the two sides", () => {
  const sides = { stable: "old", canary: "new" };
  assert.deepEqual(written([seen({ weights: { old: 80, new: 20 }, sides })]), {
    canary: 20,
    stable: 80,
  });
});

Deno.test("where a router cannot be seen, what was reported last counts too", () => {
  const one = seen({ weights: { "web-stable": 90, "web-canary": 10 } });
  for (const state of [{ state: "pending" }, { state: "failed", reason: "no answer" }] as const) {
    assert.deepEqual(written([one, router(state)], REPORTED), { canary: 40, stable: 90 });
  }
});

Deno.test("without any route all traffic is stable's", () => {
  assert.deepEqual(written([seen()]), { canary: 0, stable: 100 });
  assert.deepEqual(written([]), { canary: 0, stable: 100 });
});

Deno.test("the event names the first weight, and a change of weight", () => {
  const [none, twenty] = [0, 20].map((weight) => weightsOf(intentOf({ weight })));
  assert.ok(none !== undefined && twenty !== undefined);
  assert.equal(weightChangeText(undefined, twenty), "Traffic weight updated to 20");
  assert.equal(weightChangeText(none, twenty), "Traffic weight updated from 0 to 20");
  assert.equal(weightChangeText(twenty, { ...twenty, verified: true }), undefined);
});

Deno.test("Quirk(weight-event): other pods behind the same weight are told with a blank", () => {
  const weights = weightsOf(intentOf({ weight: 0 }));
  const other = { ...weights, canary: { ...weights.canary, podTemplateHash: "ccc" } };
  assert.equal(weightChangeText(weights, other), "Traffic weight updated ");
});

Deno.test("weights are read from a status as they were reported, and nothing else is", () => {
  const weights = { ...weightsOf(intentOf({ weight: 20, additional: [5] })), verified: false };
  assert.deepEqual(weightsIn({ canary: { weights } }), weights);
  assert.equal(weightsIn({ canary: {} }), undefined);
  assert.deepEqual(weightsIn({ canary: { weights: { canary: 5, stable: [] } } }), {
    canary: { weight: 0 },
    stable: { weight: 0 },
  });
});
