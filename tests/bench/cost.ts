/** What one piece of a stranger's work may cost, and what it does cost. */
import process from "node:process";
import { slowness } from "./yardstick.ts";

/** Where the yardstick takes what it took when this was set; more on a slower machine. */
export const CPU_MS = 50;
const LIMIT_MS = CPU_MS * await slowness();
const MEMORY_BYTES = 16 * 1024 * 1024;
/** What runs beside, and a collection of garbage, make a run dearer, never cheaper. */
const TRIES = 10;
/** So many times too much is no noise, once it is seen so often. */
const HOPELESS = 4;
const HOPELESS_TRIES = 3;

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

/** Always the same work: what it takes more than at the start, all work takes more. */
function fixedWork(): void {
  const numbers = new Map<string, number>();
  for (let index = 0; index < 5_000; index++) numbers.set(`key ${index * 7_919 % 5_003}`, index);
  [...numbers.keys()].sort();
}

function leastFixedMs(): number {
  return Math.min(...Array.from({ length: TRIES }, () => costOf(fixedWork).cpuMs));
}

// Twice: the first time it is compiled.
leastFixedMs();
const FIXED_MS = leastFixedMs();

/**
 * The least that it costs, as soon as that is little enough; in the time of the start of this
 * process, for a machine that many share becomes slower while tests go on.
 */
export function leastCost(work: () => void): Cost {
  let least = costOf(work);
  for (let tries = 1; tries < TRIES && !isLittle(least) && !isHopeless(least, tries); tries++) {
    const { cpuMs, bytes } = costOf(work);
    least = { cpuMs: Math.min(least.cpuMs, cpuMs), bytes: Math.min(least.bytes, bytes) };
  }
  if (isLittle(least)) return least;
  return { ...least, cpuMs: least.cpuMs / Math.max(1, leastFixedMs() / FIXED_MS) };
}

function isHopeless({ cpuMs }: Cost, tries: number): boolean {
  return tries >= HOPELESS_TRIES && cpuMs > HOPELESS * LIMIT_MS;
}

export function isLittle({ cpuMs, bytes }: Cost): boolean {
  return cpuMs < LIMIT_MS && bytes < MEMORY_BYTES;
}
