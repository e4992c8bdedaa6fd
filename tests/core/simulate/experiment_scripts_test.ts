/**
 * Rollouts with experiments under random scripts: no safety rule is broken, whoever ends, retries
 * or deletes what, and nothing is left of an experiment that is over.
 */
import fc from "fast-check";
import { assertExperimentsSound, EXPERIMENTING, playExperiments } from "./experiment_script.ts";

const RUNS = 12;

/**
 * Each broke a rule once, or seemed to: a share that was given back to a stable set that was
 * growing; an abort that cannot end, since stable's pods do not get ready any more.
 */
const ONCE_BROKEN = { plain: [10219, 10343], routed: [4009] } as const;

for (const [kind, scenarios] of Object.entries(EXPERIMENTING)) {
  Deno.test(`${RUNS} random scripts about ${kind} canaries with experiments break no rule`, async () => {
    // The same scripts each time: the soak plays others.
    for (const scenario of fc.sample(scenarios, { numRuns: RUNS, seed: 1 })) {
      assertExperimentsSound(await playExperiments(scenario), scenario);
    }
  });
}

for (const kind of ["plain", "routed"] as const) {
  for (const seed of ONCE_BROKEN[kind]) {
    Deno.test(`a script about a ${kind} canary that once broke a rule holds: ${seed}`, async () => {
      for (const scenario of fc.sample(EXPERIMENTING[kind], { numRuns: 1, seed })) {
        assertExperimentsSound(await playExperiments(scenario), scenario);
      }
    });
  }
}
