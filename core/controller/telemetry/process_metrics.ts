/** The process itself, under the names of the client libraries of Prometheus. */
import type { ProcessUsage } from "../../cluster/system/mod.ts";
import type { Family } from "./exposition.ts";

/** What runs. */
export interface Build {
  readonly version: string;
  /** `linux/x86_64` */
  readonly platform: string;
  /** `deno 2.9.6` */
  readonly runtime: string;
}

/** As Go calls processors: boards compare these. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

export function processFamilies(
  usage: ProcessUsage,
  { version, platform, runtime }: Build,
): Family[] {
  const architecture = platform.split("/").at(-1) ?? "";
  const one = (type: "gauge" | "counter", name: string, help: string, value: number): Family => ({
    name,
    help,
    type,
    samples: [{ labels: {}, value }],
  });
  return [
    {
      name: "argo_rollouts_controller_info",
      help: "The version of the controller that runs.",
      type: "gauge",
      samples: [{ labels: { version }, value: 1 }],
    },
    {
      name: "build_info",
      help: "What the controller that runs is made of.",
      type: "gauge",
      samples: [{
        labels: {
          version,
          // Where Argo Rollouts has the version of Go; and no build of ours knows its commit.
          goversion: runtime,
          goarch: ARCHITECTURES[architecture] ?? architecture,
          commit: "",
        },
        value: 1,
      }],
    },
    one(
      "counter",
      "process_cpu_seconds_total",
      "CPU time of the process, user and system.",
      usage.cpuSeconds,
    ),
    one(
      "gauge",
      "process_resident_memory_bytes",
      "Memory of the process that is in RAM.",
      usage.residentBytes,
    ),
    one(
      "gauge",
      "process_start_time_seconds",
      "When the process started, in seconds since 1970.",
      usage.startedAtMs / 1000,
    ),
  ];
}
