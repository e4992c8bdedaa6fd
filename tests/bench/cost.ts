/** What one piece of a stranger's work may cost, and what it does cost. */
import process from "node:process";
import { slowness } from "./yardstick.ts";

/** Where the yardstick takes what it took when this was set; more on a slower machine. */
export const CPU_MS = 50;
const LIMIT_MS = CPU_MS * await slowness();
const MEMORY_BYTES = 16 * 1024 * 1024;
/** What runs beside, and a collection of garbage, make a run dearer, never cheaper. */
const TRIES = 10;
/** So many times too much is no noise. */
const HOPELESS = 4;

export interface Cost {
  readonly cpuMs: number;
  readonly bytes: number;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function costOf(work: () => void): Cost {
  const [startBytes, startMs] = [Deno.memoryUsage().heapUsed, cpuMs()];
  work();
  return { cpuMs: cpuMs() - startMs, bytes: Deno.memoryUsage().heapUsed - startBytes };
}

/** The least that it costs, as soon as that is little enough. */
export function leastCost(work: () => void): Cost {
  let least = costOf(work);
  for (let tries = 1; tries < TRIES && !isLittle(least) && !isHopeless(least); tries++) {
    const { cpuMs, bytes } = costOf(work);
    least = { cpuMs: Math.min(least.cpuMs, cpuMs), bytes: Math.min(least.bytes, bytes) };
  }
  return least;
}

function isHopeless({ cpuMs }: Cost): boolean {
  return cpuMs > HOPELESS * LIMIT_MS;
}

export function isLittle({ cpuMs, bytes }: Cost): boolean {
  return cpuMs < LIMIT_MS && bytes < MEMORY_BYTES;
}
