import process from "node:process";

/** What the process uses. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly startedAtMs: number;
}

const MICROSECONDS = 1_000_000;

/** What this process uses now. */
export function processUsage(): ProcessUsage {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / MICROSECONDS,
    residentBytes: Deno.memoryUsage().rss,
    startedAtMs: performance.timeOrigin,
  };
}
