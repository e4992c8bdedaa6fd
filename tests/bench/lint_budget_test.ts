/** What linting may cost, as a ratio to the yardstick: see cpu_budget_test.ts. */
import assert from "node:assert/strict";
import { measure, measureYardstick, ms, typicalMs, YARDSTICK_MS } from "./yardstick.ts";

/** A thousand Rollouts, from text to findings, in a process that has run nothing yet. */
const BUDGET_MS = 2000;
const PAIRS = 3;
const PAIRS_MAX = 12;

interface LintFigures {
  readonly cpuMs: number;
  readonly findings: number;
  readonly lines: number;
}

Deno.test(`linting 1000 Rollouts takes less than ${BUDGET_MS} ms of CPU where the yardstick takes ${YARDSTICK_MS} ms`, async () => {
  const yardstick: number[] = [];
  const runs: number[] = [];
  let scaledMs = Infinity;
  while (runs.length < PAIRS_MAX && scaledMs >= BUDGET_MS) {
    for (let pair = 0; pair < PAIRS; pair++) {
      yardstick.push(await measureYardstick());
      const { cpuMs, findings, lines } = await measure<LintFigures>("lint_cpu.ts");
      // Neither the two Services nor the Ingress of any of them is there.
      assert.deepEqual({ findings, lines }, { findings: 3000, lines: 60_000 });
      runs.push(cpuMs);
    }
    scaledMs = typicalMs(runs) / typicalMs(yardstick) * YARDSTICK_MS;
  }
  const figures = `${ms(scaledMs)} of ${BUDGET_MS} ms, scaled; on this machine ` +
    `${ms(typicalMs(runs))} ms, yardstick ${ms(typicalMs(yardstick))} ms; ${runs.length} pairs`;
  await Deno.stderr.write(new TextEncoder().encode(`CPU of linting 1000: ${figures}\n`));
  assert.ok(scaledMs < BUDGET_MS, figures);
});
