/** Canaries with traffic routers under random scripts: no safety rule is broken. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { assertGivenBack, leavingScenario } from "./leaving_script.ts";
import {
  assertRoutedSound,
  changingScenario,
  driftingScenario,
  gatewayPingPongScenario,
  pingPongScenario,
  playRouted,
  routedScenario,
} from "./routed_script.ts";

const RUNS = 100;
const RUNS_OF_EACH = 30;

Deno.test(`${RUNS} random scripts about routed canaries break no safety rule`, async () => {
  await fc.assert(
    fc.asyncProperty(routedScenario, async (scenario) => {
      const outcome = await playRouted(scenario);
      if (outcome !== undefined) assertRoutedSound(outcome);
    }),
    // The same scripts each time: the soak plays others.
    { numRuns: RUNS, seed: 1 },
  );
});

for (
  const [what, scenarios] of [
    ["Services that take turns", pingPongScenario],
    ["backends of an HTTPRoute that take turns", gatewayPingPongScenario],
    ["routed objects that somebody applies again and again", driftingScenario],
  ] as const
) {
  Deno.test(`${RUNS_OF_EACH} random scripts about ${what} break no safety rule`, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const outcome = await playRouted(scenario);
        if (outcome !== undefined) assertRoutedSound(outcome);
      }),
      // The same scripts each time: the soak plays others.
      { numRuns: RUNS_OF_EACH, seed: 1 },
    );
  });
}

Deno.test(`${RUNS_OF_EACH} random scripts at whose end a Rollout goes leave nothing of it`, async () => {
  await fc.assert(
    fc.asyncProperty(leavingScenario, async (scenario) => {
      const outcome = await playRouted(scenario);
      if (outcome === undefined) return;
      assertGivenBack(outcome, scenario);
      assert.deepEqual(outcome.result.violations, []);
    }),
    // The same scripts each time: the soak plays others.
    { numRuns: RUNS_OF_EACH, seed: 1 },
  );
});

/** Each broke a rule once: stable drained, sizes to and fro, a weight that never came. */
const ONCE_BROKEN = {
  routed: {
    scenarios: routedScenario,
    // deno-fmt-ignore
    seeds: [
      1, 11, 19, 25, 35, 47, 51, 77, 80, 101, 124, 166, 20447, 21129, 30076, 30169, 30579, 30636,
      105121, 112461, 113811,
    ],
  },
  pingPong: { scenarios: pingPongScenario, seeds: [5013, 5208] },
  changing: { scenarios: changingScenario, seeds: [169, 200262, 201745] },
};

for (const [kind, { scenarios, seeds }] of Object.entries(ONCE_BROKEN)) {
  Deno.test(`${kind}: scripts that once broke a rule hold`, async () => {
    for (const seed of seeds) {
      const [scenario] = fc.sample(scenarios, { numRuns: 1, seed });
      const outcome = scenario === undefined ? undefined : await playRouted(scenario);
      if (outcome !== undefined) assertRoutedSound(outcome);
    }
  });
}
