/** What passes take, which fail, and what events they tell, by object. */
import { ANALYSIS_CONTROLLER } from "../../analysis/mod.ts";
import { ROLLOUTS } from "../../api/names/resources.ts";
import {
  type Key,
  keyOf,
  type PassReport,
  type RecordedEvent,
  refOfKey,
} from "../../engine/mod.ts";
import { EXPERIMENT_CONTROLLER } from "../../experiment/mod.ts";
import { ROLLOUT_CONTROLLER } from "../../rollout/mod.ts";
import type { Family } from "./exposition.ts";
import { Counter, Histogram } from "./instruments.ts";

const NAMED = ["namespace", "name"] as const;
const BOUNDS = [0.01, 0.15, 0.25, 0.5, 1];

/** The parts of names of metrics, by the names of controllers. */
const PREFIXES: Readonly<Record<string, readonly [prefix: string, title: string]>> = Object.freeze({
  [ROLLOUT_CONTROLLER]: ["rollout", "rollout"],
  [EXPERIMENT_CONTROLLER]: ["experiment", "experiment"],
  [ANALYSIS_CONTROLLER]: ["analysis_run", "analysis run"],
});

interface Kind {
  readonly passes: Histogram<"namespace" | "name">;
  readonly errors: Counter<"namespace" | "name">;
}

/** Which objects are there. */
export type IsPresent = (controller: string, key: Key) => boolean;

export class PassMetrics {
  readonly #kinds = new Map<string, Kind>();
  readonly #events = new Counter({
    name: "rollout_events_total",
    help: "Events about rollouts, also those that are not posted.",
    labels: [...NAMED, "type", "reason"],
  });

  constructor() {
    for (const [controller, [prefix, title]] of Object.entries(PREFIXES)) {
      this.#kinds.set(controller, {
        passes: new Histogram({
          name: `${prefix}_reconcile`,
          help: `Seconds that a pass over a ${title} takes.`,
          labels: NAMED,
          bounds: BOUNDS,
        }),
        errors: new Counter({
          name: `${prefix}_reconcile_error`,
          help: `Passes over a ${title} that failed.`,
          labels: NAMED,
        }),
      });
    }
  }

  onPass({ controller, key, durationMs, applied, status }: PassReport): void {
    const { namespace = "", name } = refOfKey(key);
    this.#kinds.get(controller)?.passes.observe({ namespace, name }, durationMs / 1000);
    if (applied.failure !== undefined || status === "failed") this.onFailure(controller, key);
  }

  onFailure(controller: string, key: Key): void {
    const { namespace = "", name } = refOfKey(key);
    this.#kinds.get(controller)?.errors.add({ namespace, name });
  }

  onEvent({ object, type, reason }: RecordedEvent): void {
    if (object.kind !== ROLLOUTS.kind) return;
    const { namespace = "", name } = object.metadata;
    this.#events.add({ namespace, name, type, reason });
  }

  /** Series of objects that are gone go with them. */
  families(isPresent: IsPresent): Family[] {
    const isThere = (controller: string) => ({ namespace, name }: Record<string, string>) =>
      isPresent(controller, keyOf(namespace, name ?? ""));
    const families: Family[] = [];
    for (const [controller, { passes, errors }] of this.#kinds) {
      passes.keep(isThere(controller));
      errors.keep(isThere(controller));
      families.push(passes.family(), errors.family());
    }
    this.#events.keep(isThere(ROLLOUT_CONTROLLER));
    return [...families, this.#events.family()];
  }
}
