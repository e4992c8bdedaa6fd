/** A Prometheus that is really asked, at the times of a test. */
import type { MetricCall, MetricPorts } from "../../sdk/metric_provider.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { HttpClient } from "../controller/mod.ts";
import { type Provider, rehearsedMeasuring, type TestOptions } from "../simulate/mod.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const NAME = "prometheus";

export interface LivePrometheus extends Required<Pick<TestOptions, "live" | "measuring">> {
  /** Why no question was ever answered; undefined: one was, or none was asked. */
  silence(): string | undefined;
  /** Lets go of connections. */
  close(): void;
}

/** @throws {UsageError} for what is no address */
export function livePrometheus(
  terminal: Terminal,
  address: string,
  { metricProviders }: PluginRegistry,
): LivePrometheus {
  const url = URL.parse(address);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(
      `--prometheus: "${address}" is not an address such as http://localhost:9090`,
    );
  }
  const http = new HttpClient({ clock: terminal.clock });
  let isAnswered = false;
  let failure: unknown;
  return {
    live: metricProviders.filter(({ name }) => name === NAME)
      .map((provider) => at(provider, address)),
    measuring: (plugins, clock) =>
      rehearsedMeasuring(plugins, clock, (signal) => ({
        async fetch(request) {
          try {
            const answer = await http.send(request, signal);
            isAnswered = true;
            return answer;
          } catch (error) {
            failure ??= error;
            throw error;
          }
        },
        secret: (_place, name, key) =>
          Promise.reject(
            new Error(`secrets are not read: pass the value of ${key} of ${name} with --arg`),
          ),
        setting: (name) => terminal.environment(name),
      })),
    silence: () => isAnswered || !(failure instanceof Error) ? undefined : failure.message,
    close: () => http.close(),
  };
}

/** The provider, which asks this server whatever address a metric has. */
function at(provider: Provider, address: string): Provider {
  return {
    ...provider,
    run: (call: MetricCall, ports: MetricPorts) =>
      provider.run({ ...call, config: { ...call.config, address } }, ports),
  };
}
