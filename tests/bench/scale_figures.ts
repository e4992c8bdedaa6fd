/** Measuring simulations of many Rollouts, each in a process of its own. */
import { measure } from "./yardstick.ts";

/** What one simulation cost. */
export interface ScaleFigures {
  readonly rollouts: number;
  readonly exitCode: number;
  readonly writes: number;
  readonly lines: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** Simulates an update of so many Rollouts. */
export async function measureScale(rollouts: number): Promise<ScaleFigures> {
  return await measure<ScaleFigures>("scale_cpu.ts", String(rollouts));
}

/** CPU milliseconds for each Rollout. */
export function perRolloutMs({ cpuMs, rollouts }: ScaleFigures): number {
  return cpuMs / rollouts;
}
