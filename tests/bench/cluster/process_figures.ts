/** What a running process costs, read from Linux's /proc. */

/** CPU seconds since it started, of all its threads. */
export function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The second field is the program's name, which may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export interface MemoryFigures {
  readonly rssMb: number;
  /** The most since the start, or since `forgetPeak`. */
  readonly peakMb: number;
}

export function memoryOf(pid: number): MemoryFigures {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const mb = (field: string) =>
    Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"))?.[1]) / 1024;
  return { rssMb: mb("VmRSS"), peakMb: mb("VmHWM") };
}

/** Lets the peak begin anew. */
export function forgetPeak(pid: number): void {
  Deno.writeTextFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** Linux reports in these on all machines. */
const TICKS_PER_SECOND = 100;
