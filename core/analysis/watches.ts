/** Objects of the cluster that tell when running measurements are over: Jobs, for example. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type { OverMeasurement, WatchedObjects } from "../../sdk/metric_provider.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { type CacheReader, type Key, keyOf, type Need, type Source } from "../engine/mod.ts";
import { providerOf, type Providers } from "./measure_question.ts";
import { isFinished } from "./schedule.ts";

/** Index of these objects by the run (`namespace/name`) of which they say something. */
const BY_RUN = "run";

/** Their caches, filled once a run needs them. */
export function watchSources(providers: Providers): Source[] {
  return providers.flatMap(({ watches }) => watches === undefined ? [] : [sourceOf(watches)]);
}

function sourceOf(watches: WatchedObjects): Source {
  const keys = (object: KubeObject) => {
    const over = watches.over(object);
    return over === undefined ? [] : [keyOf(over.namespace, over.run)];
  };
  return {
    type: watches.type,
    labelSelector: watches.labelSelector,
    isOnDemand: true,
    prepare: (store) => store.addIndex(BY_RUN, keys),
    wakes: keys,
  };
}

/** The caches that a run needs: those of providers whose measurements go on. */
export function watchNeeds({ spec, status = {} }: AnalysisRun, providers: Providers): Need[] {
  const isMeasuring = status.metricResults?.some(({ measurements }) => {
    const last = measurements?.at(-1);
    return last !== undefined && !isFinished(last);
  });
  if (isMeasuring !== true) return [];
  const watching = new Set(
    spec.metrics.map((metric) => providerOf(metric, providers)?.provider.watches),
  );
  return [...watching].flatMap((watches) => watches === undefined ? [] : [nameOf(watches)]);
}

/** What is known of a run's measurements that are over. */
export function overOf(key: Key, caches: CacheReader, providers: Providers): OverMeasurement[] {
  return providers.flatMap(({ watches }) => {
    if (watches === undefined) return [];
    return caches.of(nameOf(watches)).byIndex(BY_RUN, key)
      .map((object) => watches.over(object))
      .filter((over) => over !== undefined);
  });
}

function nameOf({ type, labelSelector }: WatchedObjects) {
  return { type, labelSelector };
}
