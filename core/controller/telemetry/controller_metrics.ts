/**
 * All metrics of a controller. What follows from objects is read from the caches at the moment of
 * the scrape; only what has no place in objects is counted. A series of an object goes with it.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  EXPERIMENTS,
  ROLLOUTS,
} from "../../api/names/resources.ts";
import { ANALYSIS_CONTROLLER } from "../../analysis/mod.ts";
import {
  type Key,
  keyOfObject,
  type PassReport,
  type QueueMeter,
  type RecordedEvent,
} from "../../engine/mod.ts";
import { EXPERIMENT_CONTROLLER } from "../../experiment/mod.ts";
import type { Clock } from "../../ports/clock.ts";
import { ROLLOUT_CONTROLLER } from "../../rollout/mod.ts";
import { analysisRunFamilies, experimentFamilies, templateFamilies } from "./analysis_metrics.ts";
import { DurationMetrics } from "./duration_metrics.ts";
import { type Family, familyPieces } from "./exposition.ts";
import { NotificationMetrics, type NotificationTry } from "./notification_metrics.ts";
import { PassMetrics } from "./pass_metrics.ts";
import { QueueMetrics } from "./queue_metrics.ts";
import { rolloutFamilies } from "./rollout_metrics.ts";

const PRIMARY: readonly (readonly [string, ResourceType])[] = Object.freeze([
  [ROLLOUT_CONTROLLER, ROLLOUTS],
  [EXPERIMENT_CONTROLLER, EXPERIMENTS],
  [ANALYSIS_CONTROLLER, ANALYSIS_RUNS],
]);

/** The cached objects of a kind; none where it is not cached. */
export type ObjectsOf = (type: ResourceType) => Iterable<KubeObject>;

/** Series that are gathered elsewhere, such as those of requests. */
export type MoreFamilies = (isRollout: (key: Key) => boolean) => readonly Family[];

export class ControllerMetrics {
  readonly #passes = new PassMetrics();
  readonly #durations = new DurationMetrics();
  readonly #notifications = new NotificationMetrics();
  readonly #queues: QueueMetrics;

  constructor(clock: Clock) {
    this.#queues = new QueueMetrics(clock);
  }

  onPass(report: PassReport): void {
    this.#passes.onPass(report);
  }

  onPassFailed(controller: string, key: Key): void {
    this.#passes.onFailure(controller, key);
  }

  onEvent(event: RecordedEvent): void {
    this.#passes.onEvent(event);
    this.#durations.onEvent(event);
  }

  onNotification(tried: NotificationTry): void {
    this.#notifications.onTry(tried);
  }

  meterFor(controller: string): QueueMeter {
    return this.#queues.meterFor(controller);
  }

  /** The text of one scrape, in pieces. */
  *text(objectsOf: ObjectsOf, more: MoreFamilies = () => []): Generator<string> {
    const present = new Map(
      PRIMARY.map(([controller, type]) => [controller, keysOf(objectsOf(type))]),
    );
    const isPresent = (controller: string, key: Key) => present.get(controller)?.has(key) ?? false;
    const groups: (() => readonly Family[])[] = [
      () => rolloutFamilies(objectsOf(ROLLOUTS)),
      () => experimentFamilies(objectsOf(EXPERIMENTS)),
      () => analysisRunFamilies(objectsOf(ANALYSIS_RUNS)),
      () => templateFamilies(templates(objectsOf)),
      () => this.#passes.families(isPresent),
      () => this.#durations.families(),
      () => this.#notifications.families((key) => isPresent(ROLLOUT_CONTROLLER, key)),
      () => this.#queues.families(),
      () => more((key) => isPresent(ROLLOUT_CONTROLLER, key)),
    ];
    for (const group of groups) for (const family of group()) yield* familyPieces(family);
  }
}

function keysOf(objects: Iterable<KubeObject>): ReadonlySet<Key> {
  const keys = new Set<Key>();
  for (const object of objects) keys.add(keyOfObject(object));
  return keys;
}

function* templates(objectsOf: ObjectsOf): Generator<KubeObject> {
  yield* objectsOf(ANALYSIS_TEMPLATES);
  yield* objectsOf(CLUSTER_ANALYSIS_TEMPLATES);
}
