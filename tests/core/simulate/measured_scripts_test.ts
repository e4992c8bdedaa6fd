/** Rollouts that are measured under random scripts: no safety rule is broken. */
import fc from "fast-check";
import { assertMeasuredSound, MEASURED, playMeasured } from "./measured_script.ts";

const RUNS = 34;

for (const [strategy, scenarios] of Object.entries(MEASURED)) {
  Deno.test(`${RUNS} random scripts about a measured ${strategy} break no safety rule`, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const outcome = await playMeasured(scenario);
        if (outcome !== undefined) assertMeasuredSound(outcome);
      }),
      // The same scripts each time: the soak plays others.
      { numRuns: RUNS, seed: 1 },
    );
  });
}
