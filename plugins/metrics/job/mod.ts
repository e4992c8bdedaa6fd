/**
 * A Job of Kubernetes: that it succeeds or fails is the measurement.
 *
 * @module
 */
import type { MetricProvider } from "../../../sdk/metric_provider.ts";
import type { JobConfig } from "./config.ts";
import { watches } from "./job_phase.ts";
import { JOBS, PODS } from "./resources.ts";

export const job: MetricProvider<JobConfig> = Object.freeze<MetricProvider<JobConfig>>({
  name: "job",
  resources: [JOBS, PODS],
  watches,
  run: async (call, ports) => await (await import("./actions.ts")).run(call, ports),
  resume: async (call, ports) => await (await import("./actions.ts")).resume(call, ports),
  terminate: async (call, ports) => await (await import("./actions.ts")).terminate(call, ports),
  collect: async (call, ports) => await (await import("./actions.ts")).collect(call, ports),
});
