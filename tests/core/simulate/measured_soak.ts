/**
 * Plays many random scripts about measured Rollouts, and prints those that fail:
 * `deno run --allow-env=LOG_TOKENS,LOG_STREAM tests/core/simulate/measured_soak.ts FROM COUNT
 * [canary | blueGreen | routed]`, where FROM is the first seed. One seed plays one script; COUNT 1
 * prints the script.
 */
// deno-lint-ignore-file no-console -- a program for people
import fc from "fast-check";
import { renderTimeline } from "../../../core/simulate/mod.ts";
import { assertMeasuredSound, MEASURED, playMeasured } from "./measured_script.ts";

const [from = 1, count = 1] = Deno.args.slice(0, 2).map(Number);
const kind = (Deno.args[2] ?? "canary") as keyof typeof MEASURED;
let failed = 0;
let refused = 0;
for (let seed = from; seed < from + count; seed++) {
  const [measured] = fc.sample(MEASURED[kind], { numRuns: 1, seed });
  if (measured === undefined) continue;
  try {
    const outcome = await playMeasured(measured);
    if (outcome === undefined) refused++;
    else {
      if (count === 1) {
        console.log(JSON.stringify(measured.scenario.objects.at(-1)?.["spec"], undefined, 1));
        console.log(JSON.stringify(measured.faces));
        console.log(renderTimeline(outcome));
      }
      assertMeasuredSound(outcome);
    }
  } catch (error) {
    failed++;
    const [first = "", ...rest] = String(error).split("\n");
    console.log(`${kind} ${seed}: ${first} ${rest.slice(0, 12).join(" ").slice(0, 300)}`);
  }
}
console.log(`${kind} ${from}+${count}: ${failed} failed, ${refused} refused`);
