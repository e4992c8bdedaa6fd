/** A metric provider `told` whose values a test says: for each metric a list, the last one stays. */
import { type PluginRegistry } from "../../../sdk/registry.ts";
import type { MetricProvider } from "../../../sdk/metric_provider.ts";
import { plugins } from "../../../plugins/mod.ts";

export interface ToldMetrics extends PluginRegistry {
  /** What was measured, as it was asked: `rate web-abc-canary`. */
  readonly asked: readonly string[];
}

/** All plugins, and the provider `test/told`. */
export function toldMetrics(values: Readonly<Record<string, readonly number[]>>): ToldMetrics {
  const asked: string[] = [];
  const told: MetricProvider = {
    name: "test/told",
    run({ metric, number, config }) {
      asked.push(`${metric} ${JSON.stringify(config)}`);
      const list = values[metric] ?? [];
      const value = list[Math.min(number, list.length) - 1] ?? NaN;
      return Promise.resolve({
        is: "value",
        value: { shape: "scalar", value },
        text: String(value),
      });
    },
  };
  return { ...plugins, metricProviders: [...plugins.metricProviders, told], asked };
}

/** An AnalysisTemplate with one metric that is measured each ten seconds. */
export function told(name: string, { count = 3, args = "" } = {}): string {
  return `
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: ${name}}
spec:
  args: [${args}]
  metrics:
  - name: ${name}
    interval: 10s
    count: ${count}
    successCondition: result >= 0.9
    provider: {plugin: {test/told: {of: "${args === "" ? "" : "{{args.set}}"}"}}}
`;
}
