/**
 * By hand: so many scripts with webhooks (or without), from that seed on.
 *
 *     deno run --allow-env=LOG_TOKENS,LOG_STREAM tests/core/simulate/webhook_soak.ts FROM COUNT
 *     [none | experiments]
 */
import fc from "fast-check";
import { experimentPlots, judge, plots, plotText } from "./webhook_script.ts";

const [from = 1, count = 100] = Deno.args.slice(0, 2).map(Number);
const kinds = Deno.args[2] === "experiments" ? experimentPlots : plots;
let [aborts, failed] = [0, 0];
for (let seed = from; seed < from + count; seed++) {
  const [plot] = fc.sample(kinds, { seed, numRuns: 1 });
  if (plot === undefined) continue;
  try {
    aborts += await judge(Deno.args[2] === "none" ? { ...plot, phases: [] } : plot);
  } catch (error) {
    failed++;
    const message = error instanceof Error ? error.message : String(error);
    // deno-lint-ignore no-console -- a program for people
    console.log(`seed ${seed}: ${message}\n${plotText(plot)}\n`);
  }
}
// deno-lint-ignore no-console -- a program for people
console.log(
  `seeds ${from} to ${from + count - 1}: ${aborts} aborts looked for, ${failed} failed`,
);
