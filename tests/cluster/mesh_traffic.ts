/** Requests as Istio counts them, in the text format that Prometheus scrapes. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import { ANALYSIS_RUNS } from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import type { Cluster } from "../../core/ports/cluster.ts";

/** How long it takes to make a hundred requests. */
const HUNDRED_MS = 100;
/** How many of a hundred succeed. */
const GOOD = 97;
const LOOK_MS = 500;

/** The services that runs of a step look at, whoever serves them. */
const SERVICES = ["mock-server", "mock-server-canary"];
/** The services that an experiment's run looks at, by the argument with the workload's name. */
const EXPERIMENT_SERVICES: Readonly<Record<string, string>> = {
  "stable-replicaset": "mock-server-experiment-stable",
  "canary-replicaset": "mock-server-experiment-canary",
};

/**
 * Counters that stand still until so many measurements were taken, and grow from then on. The
 * names of an experiment's ReplicaSets are taken from the runs that ask for them.
 */
export class MeshTraffic implements AsyncDisposable {
  readonly #looking: Promise<void>;
  #isOver = false;
  #startMs: number | undefined;
  #targets: string[] = SERVICES.map((service) => labels(service, "mock-server"));

  constructor(user: Cluster, { namespace, silent }: { namespace: string; silent: number }) {
    this.#looking = this.#look(user, namespace, silent);
  }

  metrics(): string {
    const elapsedMs = this.#startMs === undefined ? 0 : systemClock.now() - this.#startMs;
    const hundreds = Math.floor(elapsedMs / HUNDRED_MS);
    const lines = this.#targets.flatMap((target) => [
      `istio_requests_total{${target},response_code="200"} ${hundreds * GOOD}`,
      `istio_requests_total{${target},response_code="503"} ${hundreds * (100 - GOOD)}`,
    ]);
    return ["# TYPE istio_requests_total counter", ...lines, ""].join("\n");
  }

  async #look(user: Cluster, namespace: string, silent: number): Promise<void> {
    while (!this.#isOver) {
      const { items } = await user.list(ANALYSIS_RUNS, { namespace });
      const runs = items as AnalysisRun[];
      if (measurementsOf(runs) >= silent) this.#startMs ??= systemClock.now();
      this.#targets = [...new Set([...this.#targets, ...runs.flatMap(experimentTargets)])];
      await new Promise<void>((resolve) => systemClock.after(LOOK_MS, resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#looking;
  }
}

function measurementsOf(runs: readonly AnalysisRun[]): number {
  return runs.flatMap(({ status }) => status?.metricResults ?? [])
    .reduce((sum, { measurements = [] }) => sum + measurements.length, 0);
}

function experimentTargets({ spec }: AnalysisRun): string[] {
  return (spec.args ?? []).flatMap(({ name, value }) => {
    const service = EXPERIMENT_SERVICES[name];
    return service === undefined || value === undefined ? [] : [labels(service, value)];
  });
}

function labels(service: string, workload: string): string {
  return `destination_service_name="${service}",destination_workload="${workload}"`;
}
