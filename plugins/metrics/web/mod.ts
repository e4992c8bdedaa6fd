/**
 * Any service that answers over HTTP: with JSON, of which a JSONPath finds the value, or with text.
 *
 * @module
 */
import type { MetricProvider } from "../../../sdk/metric_provider.ts";
import { deadlineMs } from "../http_config.ts";
import type { WebConfig } from "./config.ts";
import { problemsOf } from "./problems.ts";

export const web: MetricProvider<WebConfig> = Object.freeze<MetricProvider<WebConfig>>({
  name: "web",
  shapeOf: () => "json",
  problems: problemsOf,
  deadlineMs: ({ timeoutSeconds }) => deadlineMs(timeoutSeconds),
  run: async (call, ports) => await (await import("./measure.ts")).measure(call, ports),
});
