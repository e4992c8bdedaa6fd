/**
 * Plays many random scripts about Rollouts with experiments, and prints those that fail:
 * `deno run --allow-env=LOG_TOKENS,LOG_STREAM tests/core/simulate/experiment_soak.ts FROM COUNT
 * [plain | routed]`, where FROM is the first seed. One seed plays one script; COUNT 1 prints it.
 */
// deno-lint-ignore-file no-console -- a program for people
import fc from "fast-check";
import { renderTimeline } from "../../../core/simulate/mod.ts";
import { assertExperimentsSound, EXPERIMENTING, playExperiments } from "./experiment_script.ts";

const [from = 1, count = 1] = Deno.args.slice(0, 2).map(Number);
const kind = (Deno.args[2] ?? "plain") as keyof typeof EXPERIMENTING;
let failed = 0;
let experiments = 0;
let most = { writes: 0, seed: 0 };
for (let seed = from; seed < from + count; seed++) {
  const [scenario] = fc.sample(EXPERIMENTING[kind], { numRuns: 1, seed });
  if (scenario === undefined) continue;
  try {
    const course = await playExperiments(scenario);
    const { outcome } = course;
    experiments += new Set(outcome.experiments?.map(({ experiment }) => experiment)).size;
    if (outcome.writes.total > most.writes) most = { writes: outcome.writes.total, seed };
    if (count === 1) {
      console.log(JSON.stringify(scenario.scenario.objects.at(-1)?.["spec"], undefined, 1));
      console.log(JSON.stringify(scenario.faces));
      console.log(course.texts.join("\n"));
      console.log(renderTimeline(outcome));
    }
    assertExperimentsSound(course, scenario);
  } catch (error) {
    failed++;
    const [first = "", ...rest] = String(error).split("\n");
    console.log(`${kind} ${seed}: ${first} ${rest.slice(0, 12).join(" ").slice(0, 300)}`);
  }
}
console.log(
  `${kind} ${from}+${count}: ${failed} failed; ${experiments} experiments, ` +
    `at most ${most.writes} writes (seed ${most.seed})`,
);
