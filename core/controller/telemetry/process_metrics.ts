/** The process itself, under the names of the client libraries of Prometheus. */
import type { ProcessUsage } from "../../cluster/system/mod.ts";
import type { Family } from "./exposition.ts";

export function processFamilies(usage: ProcessUsage, version: string): Family[] {
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
