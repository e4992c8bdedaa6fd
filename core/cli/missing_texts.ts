/** Naming the data of metrics that are missing, each series once. */
import type { MissingData, MissingStep } from "../simulate/mod.ts";

export function missingTexts(missing: readonly MissingData[]): string[] {
  const first = new Map<string, MissingData>();
  for (const each of missing) {
    const key = JSON.stringify([each.template, each.metric]);
    if (!first.has(key)) first.set(key, each);
  }
  return [...first.values()].map(({ template, metric, atSeconds, query }) =>
    `no data for metric "${metric}" of ${template} at ${atSeconds}s (${query}): give a series ` +
    `with --data, or --assume ${metric}=successful`
  );
}

/** The same of step plugins. */
export function missingStepTexts(missing: readonly MissingStep[]): string[] {
  const first = new Map(missing.toReversed().map((each) => [each.plugin, each]));
  return [...first.values()].map(({ plugin, rollout, step, atSeconds }) =>
    `no data for step plugin "${plugin}" (step ${step} of ${rollout}) at ${atSeconds}s: give a ` +
    `series with --data, or --assume ${plugin}=successful`
  );
}
