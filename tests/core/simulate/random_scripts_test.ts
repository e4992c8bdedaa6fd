/** Scripts made at random: whatever people do in whatever order, the safety rules hold. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Scenario } from "../../../core/simulate/mod.ts";
import {
  assertSound,
  blueGreenOf,
  blueGreenScenario,
  canaryOf,
  canaryScenario,
  play,
  playAllowed,
  scenarioOf,
  strategyScenario,
} from "./random_script.ts";

const KINDS: [string, fc.Arbitrary<Scenario>][] = [
  ["scripts made at random for a canary break", canaryScenario],
  ["scripts made at random for a blue-green break", blueGreenScenario],
  ["a strategy that changes at any time breaks", strategyScenario],
];

for (const [what, scenarios] of KINDS) {
  Deno.test(`${what} no safety rule, and the end is a clear state`, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { outcome } = await playAllowed(scenario);
        assertSound(outcome);
      }),
      { numRuns: 60 },
    );
  });
}

Deno.test("pods of an earlier revision stay while the active Service selects all pods", async () => {
  const others = {
    canary: canaryOf({ steps: [] }),
    "blue-green": blueGreenOf({ scaleDownDelayRevisionLimit: 0 }),
  };
  const entries = [
    { at: "0s", do: "pod-start 1s" },
    { at: "0s", do: "apply canary" },
    { at: "0s", do: "set image web web=web:2" },
    { at: "0s", do: "promote web --full" },
    { at: "1s", do: "apply canary" },
    { at: "1s", do: "apply blue-green" },
    { at: "1s", do: "set image web web=web:1" },
  ];
  const outcome = await play(
    scenarioOf({ strategy: others["blue-green"], others, spec: {} }, entries),
  );
  assert.ok(outcome !== undefined);
  assertSound(outcome);
});
