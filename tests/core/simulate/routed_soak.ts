/**
 * Plays many random scripts about routed canaries, and prints those that fail:
 * `deno run --allow-env=LOG_TOKENS,LOG_STREAM tests/core/simulate/routed_soak.ts FROM COUNT
 * [routed | pingPong | gatewayPingPong | changing |
 * drifting | leaving]`, where FROM is the first seed. One seed plays one
 * script; COUNT 1 prints it.
 */
// deno-lint-ignore-file no-console -- a program for people
import assert from "node:assert/strict";
import fc from "fast-check";
import { renderTimeline } from "../../../core/simulate/mod.ts";
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

const SCENARIOS = {
  routed: routedScenario,
  pingPong: pingPongScenario,
  gatewayPingPong: gatewayPingPongScenario,
  changing: changingScenario,
  drifting: driftingScenario,
  leaving: leavingScenario,
};

const [from = 1, count = 1] = Deno.args.slice(0, 2).map(Number);
const kind = (Deno.args[2] ?? "routed") as keyof typeof SCENARIOS;
let failed = 0;
let refused = 0;
for (let seed = from; seed < from + count; seed++) {
  const [scenario] = fc.sample(SCENARIOS[kind], { numRuns: 1, seed });
  if (scenario === undefined) continue;
  try {
    const outcome = await playRouted(scenario);
    if (outcome === undefined) refused++;
    else {
      if (count === 1) {
        console.log(JSON.stringify(scenario.objects.at(-1)?.["spec"], undefined, 1));
        console.log(renderTimeline(outcome));
        console.log(JSON.stringify(outcome.timeline.at(-1)?.routes));
      }
      assertGivenBack(outcome, scenario);
      if (outcome.rollouts.length > 0) assertRoutedSound(outcome);
      else assert.deepEqual(outcome.result.violations, []);
    }
  } catch (error) {
    failed++;
    const { message } = error as Error;
    console.log(`seed ${seed}: ${message.replaceAll(/\s+/g, " ").slice(0, 400)}`);
  }
}
console.log(
  `${count} scripts from seed ${from}: ${failed} failed, ${refused} were refused a command`,
);
if (failed > 0) Deno.exit(1);
