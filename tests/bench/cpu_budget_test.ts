import assert from "node:assert/strict";

const RUNNER = new URL("case_02_cpu.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const RUNS = 5;
const ROUNDS_MAX = 6;
/** From parsed arguments to the result, in a process that has compiled nothing yet. */
const BUDGET_MS = 100;

interface Figures {
  readonly importMs: number;
  readonly readMs: number;
  readonly simulateMs: number;
  readonly renderMs: number;
  readonly exitCode: number;
  readonly lines: number;
}

async function measure(): Promise<Figures> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--config", CONFIG, "--allow-read", "--allow-env", RUNNER],
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function totalMs({ readMs, simulateMs, renderMs }: Figures): number {
  return readMs + simulateMs + renderMs;
}

/** The median of the cold runs of one round. */
async function medianRun(): Promise<Figures> {
  const runs: Figures[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await measure());
  for (const { exitCode, lines } of runs) {
    assert.equal(exitCode, 0);
    assert.ok(lines > 30, `the timeline has ${lines} lines`);
  }
  const sorted = runs.toSorted((a, b) => totalMs(a) - totalMs(b));
  return sorted[Math.floor(RUNS / 2)] as Figures;
}

Deno.test(`case 02 takes less than ${BUDGET_MS} ms of CPU: median of ${RUNS} cold runs`, async () => {
  let median = await medianRun();
  // A busy machine makes every run dearer, none cheaper: the best round is the measure.
  for (let round = 1; round < ROUNDS_MAX && totalMs(median) >= BUDGET_MS; round++) {
    const other = await medianRun();
    if (totalMs(other) < totalMs(median)) median = other;
  }
  const parts = `read ${ms(median.readMs)}, simulate ${ms(median.simulateMs)}, ` +
    `render ${ms(median.renderMs)}`;
  const figures = `${ms(totalMs(median))} of ${BUDGET_MS} ms (${parts}; ` +
    `before that, imports ${ms(median.importMs)})`;
  await Deno.stderr.write(new TextEncoder().encode(`CPU of case 02: ${figures}\n`));
  assert.ok(totalMs(median) < BUDGET_MS, figures);
});

function ms(value: number): string {
  return value.toFixed(1);
}
