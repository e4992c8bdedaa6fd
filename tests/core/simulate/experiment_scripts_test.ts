/**
 * Rollouts with experiments under random scripts: no safety rule is broken, whoever ends, retries
 * or deletes what, and nothing is left of an experiment that is over.
 */
import fc from "fast-check";
import { assertExperimentsSound, EXPERIMENTING, playExperiments } from "./experiment_script.ts";

const RUNS = 12;

for (const [kind, scenarios] of Object.entries(EXPERIMENTING)) {
  Deno.test(`${RUNS} random scripts about ${kind} canaries with experiments break no rule`, async () => {
    // The same scripts each time: the soak plays others.
    for (const scenario of fc.sample(scenarios, { numRuns: RUNS, seed: 1 })) {
      assertExperimentsSound(await playExperiments(scenario));
    }
  });
}
