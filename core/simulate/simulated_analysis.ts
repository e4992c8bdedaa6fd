/** Analysis in a simulated cluster: its kinds, and who measures there. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { MetricPorts } from "../../sdk/metric_provider.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { parseRangeTime } from "../analysis/condition/mod.ts";
import { MEASURE, measureAnswerer, type MeasureOptions } from "../analysis/mod.ts";
import { KINDS } from "../api/schema/kinds.ts";
import { openDefinition } from "../api/schema/open_definition.ts";
import type { Answerer } from "../engine/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { ANALYSIS_TYPES } from "./named_parts.ts";
import { simulatedPorts } from "./routed_kinds.ts";

/** Definitions of the kinds beside Rollouts; names of pods stay as they were. */
export function analysisDefinitions(): KubeObject[] {
  return KINDS.filter(({ type }) => ANALYSIS_TYPES.includes(type)).map((kind, index) => {
    const { metadata, ...definition } = openDefinition(kind);
    const uid = `00000000-0000-4000-8000-00000000000${index + 1}`;
    return { ...definition, metadata: { ...metadata, uid } };
  });
}

export interface SimulatedMeasuring extends Pick<MeasureOptions, "longestBusyMs"> {
  /** What providers may use of the world outside; default: nothing. */
  readonly outside?: (signal: AbortSignal) => Partial<MetricPorts>;
}

/**
 * Those of a rehearsal are stand-ins. What there is no data for is waited for beyond the end, and
 * is no error.
 */
export function rehearsedMeasuring(
  plugins: PluginRegistry,
  clock: Clock,
  outside?: SimulatedMeasuring["outside"],
): ReadonlyMap<string, Answerer> {
  const longestBusyMs = Infinity;
  return simulatedMeasuring(plugins, clock, {
    longestBusyMs,
    ...(outside === undefined ? {} : { outside }),
  });
}

/** Has the metric providers of the registry measure. */
export function simulatedMeasuring(
  { metricProviders }: PluginRegistry,
  clock: Clock,
  { outside = () => ({}), ...options }: SimulatedMeasuring = {},
): ReadonlyMap<string, Answerer> {
  const ports = simulatedPorts(clock);
  return new Map([[
    MEASURE,
    measureAnswerer({
      providers: metricProviders,
      ...options,
      ports: ({ signal }): Omit<MetricPorts, "conceal"> => ({
        ...ports,
        signal,
        // Its value is nobody's business in a rehearsal.
        secret: (_place, name, key) => Promise.resolve(`${name}.${key}`),
        setting: () => undefined,
        settingFile: () => Promise.resolve(undefined),
        evaluateTime: (expression) => parseRangeTime(expression)({ nowMs: () => clock.now() }),
        cluster: { get: noCluster, list: noCluster, create: noCluster, delete: noCluster },
        ...outside(signal),
      }),
    }),
  ]]);
}

function noCluster(): Promise<never> {
  return Promise.reject(new Error("metric providers have no cluster in a simulation"));
}
