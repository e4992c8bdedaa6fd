/** Measuring CPU time in processes of their own, and the yardstick that it is compared with. */
import assert from "node:assert/strict";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** What the yardstick takes on the machine on which the budget was set. */
export const YARDSTICK_MS = 105;
/** What the yardstick does on every machine; another figure means that it was changed. */
const YARDSTICK_RESULT = { writes: 98, length: 71239 };

interface YardstickFigures {
  readonly cpuMs: number;
  readonly writes: number;
  readonly length: number;
}

/** Runs a script of this folder, cold, and gives the figures that it prints. */
export async function measure<Figures>(script: string, ...args: string[]): Promise<Figures> {
  const path = new URL(script, import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--config", CONFIG, "--allow-read", "--allow-env", path, ...args],
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** CPU milliseconds of one run of the yardstick. */
async function measureYardstick(): Promise<number> {
  const { cpuMs, ...result } = await measure<YardstickFigures>("yardstick_cpu.ts");
  assert.deepEqual(result, YARDSTICK_RESULT, "the yardstick is not the one of the budget");
  return cpuMs;
}

/** How many times slower this machine is now than that of the budgets; at least 1. */
export async function slowness(): Promise<number> {
  const runsMs: number[] = [];
  for (let run = 0; run < 6; run++) runsMs.push(await measureYardstick());
  return Math.max(1, typicalMs(runsMs) / YARDSTICK_MS);
}

/** The mean of the cheaper half: what runs beside makes a run dearer, never cheaper. */
export function typicalMs(runsMs: readonly number[]): number {
  const cheap = runsMs.toSorted((a, b) => a - b).slice(0, Math.ceil(runsMs.length / 2));
  return cheap.reduce((sum, each) => sum + each, 0) / cheap.length;
}

/** How often something is measured, and what it may cost. */
export interface Budget<Figures> {
  readonly budgetMs: number;
  /** Runs of yardstick and measured in turn, before the figures are looked at. */
  readonly pairs: number;
  /** A noisy machine gets more pairs, never a looser budget. */
  readonly pairsMax: number;
  measure(): Promise<Figures>;
  costMs(figures: Figures): number;
}

/** What was seen; `scaledMs` is the cost on a machine where the yardstick takes `YARDSTICK_MS`. */
export interface Comparison<Figures> {
  readonly scaledMs: number;
  readonly runs: readonly Figures[];
  readonly yardstick: readonly number[];
}

/** Measures beside the yardstick until the budget is kept, or there were pairs enough. */
export async function compare<Figures>(
  { budgetMs, pairs, pairsMax, measure, costMs }: Budget<Figures>,
): Promise<Comparison<Figures>> {
  const yardstick: number[] = [];
  const runs: Figures[] = [];
  let scaledMs = Infinity;
  while (runs.length < pairsMax && scaledMs >= budgetMs) {
    for (let pair = 0; pair < pairs; pair++) {
      yardstick.push(await measureYardstick());
      runs.push(await measure());
    }
    scaledMs = typicalMs(runs.map(costMs)) / typicalMs(yardstick) * YARDSTICK_MS;
  }
  return { scaledMs, runs, yardstick };
}

/** Milliseconds for people. */
export function ms(value: number): string {
  return value.toFixed(1);
}
