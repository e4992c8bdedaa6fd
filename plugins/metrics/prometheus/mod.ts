/**
 * Prometheus: a query in PromQL, for a moment or over a range of time.
 *
 * @module
 */
import type { MetricProvider } from "../../../sdk/metric_provider.ts";
import { textOf } from "../../../sdk/wire/json.ts";
import { deadlineMs } from "../http_config.ts";
import type { PrometheusConfig } from "./config.ts";
import { problemsOf } from "./problems.ts";

export const prometheus: MetricProvider<PrometheusConfig> = Object.freeze<
  MetricProvider<PrometheusConfig>
>({
  name: "prometheus",
  // Whether a moment has one value or several only its query tells.
  shapeOf: ({ rangeQuery }) => rangeQuery ? "vector" : ["scalar", "vector"],
  problems: problemsOf,
  times: ({ rangeQuery }): Readonly<Record<string, string>> =>
    rangeQuery === undefined ? {} : {
      "rangeQuery.start": textOf(rangeQuery.start),
      "rangeQuery.end": textOf(rangeQuery.end),
    },
  deadlineMs: ({ timeout }) => deadlineMs(timeout),
  metadata: ({ config }) => ({ ResolvedPrometheusQuery: textOf(config.query) }),
  run: async (call, ports) => await (await import("./measure.ts")).measure(call, ports),
});
