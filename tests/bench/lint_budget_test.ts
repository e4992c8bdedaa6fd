/** What linting may cost, as a ratio to the yardstick: see cpu_budget_test.ts. */
import assert from "node:assert/strict";
import { compare, measure, ms, typicalMs, YARDSTICK_MS } from "./yardstick.ts";

/** A thousand Rollouts, from text to findings, in a process that has run nothing yet. */
const BUDGET_MS = 2000;

interface LintFigures {
  readonly cpuMs: number;
  readonly findings: number;
  readonly lines: number;
}

async function measureLint(): Promise<LintFigures> {
  const run = await measure<LintFigures>("lint_cpu.ts");
  // Neither the two Services nor the Ingress of any of them is there.
  const { findings, lines } = run;
  assert.deepEqual({ findings, lines }, { findings: 3000, lines: 60_000 });
  return run;
}

Deno.test(`linting 1000 Rollouts takes less than ${BUDGET_MS} ms of CPU where the yardstick takes ${YARDSTICK_MS} ms`, async () => {
  const { scaledMs, runs, yardstick } = await compare({
    budgetMs: BUDGET_MS,
    pairs: 3,
    pairsMax: 12,
    measure: measureLint,
    costMs: ({ cpuMs }) => cpuMs,
  });
  const figures = `${ms(scaledMs)} of ${BUDGET_MS} ms, scaled; on this machine ` +
    `${ms(typicalMs(runs.map(({ cpuMs }) => cpuMs)))} ms, yardstick ${
      ms(typicalMs(yardstick))
    } ms; ${runs.length} pairs`;
  await Deno.stderr.write(new TextEncoder().encode(`CPU of linting 1000: ${figures}\n`));
  assert.ok(scaledMs < BUDGET_MS, figures);
});
