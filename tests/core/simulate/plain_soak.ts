/**
 * Plays many random scripts about Rollouts without a router, and prints those that fail:
 * `deno run --allow-env=LOG_TOKENS,LOG_STREAM tests/core/simulate/plain_soak.ts FROM COUNT
 * [turns | canary | blueGreen | strategy]`, where FROM is the first seed. One seed plays one script,
 * in `turns` a canary's if it is even and a blue-green's if it is odd; COUNT 1 prints it.
 */
// deno-lint-ignore-file no-console -- a program for people
import fc from "fast-check";
import { renderTimeline, type Scenario } from "../../../core/simulate/mod.ts";
import {
  assertSound,
  blueGreenScenario,
  canaryScenario,
  playAllowed,
  strategyScenario,
} from "./random_script.ts";

const SCENARIOS: Record<string, (seed: number) => fc.Arbitrary<Scenario>> = {
  turns: (seed) => seed % 2 === 0 ? canaryScenario : blueGreenScenario,
  canary: () => canaryScenario,
  blueGreen: () => blueGreenScenario,
  strategy: () => strategyScenario,
};
const PROGRESS_EVERY = 500;

const [from = 1, count = 1] = Deno.args.slice(0, 2).map(Number);
const scenarios = SCENARIOS[Deno.args[2] ?? "turns"];
if (scenarios === undefined) throw new Error(`the kind is one of ${Object.keys(SCENARIOS)}`);
let failed = 0;
let refused = 0;
for (let seed = from; seed < from + count; seed++) {
  const [scenario] = fc.sample(scenarios(seed), { numRuns: 1, seed });
  if (scenario === undefined) continue;
  try {
    const played = await playAllowed(scenario);
    const { outcome } = played;
    refused += played.refused;
    if (count === 1) {
      console.log(JSON.stringify(scenario.objects.at(-1)?.["spec"], undefined, 1));
      console.log(renderTimeline(outcome));
    }
    assertSound(outcome);
  } catch (error) {
    failed++;
    const { message } = error as Error;
    console.log(`seed ${seed}: ${message.replaceAll(/\s+/g, " ").slice(0, 400)}`);
  }
  const played = seed + 1 - from;
  if (played % PROGRESS_EVERY === 0) console.log(`${played} of ${count} are played`);
}
console.log(
  `${count} scripts from seed ${from}: ${failed} failed; ${refused} commands were refused and left out`,
);
if (failed > 0) Deno.exit(1);
