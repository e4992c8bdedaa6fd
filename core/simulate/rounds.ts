/** A world that goes round: pods that crash for ever, and nothing else that gets on. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import {
  ANALYSIS_RUNS,
  EXPERIMENTS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../api/names/resources.ts";
import type { EmbeddedCluster, VirtualClock } from "../cluster/embedded/mod.ts";
import { timeMs } from "../api/values/time.ts";

/** Times of day pass; what they are measured by stands in the timers that are ahead. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** Remembers how the world stood since the last command. */
export class Rounds {
  readonly #cluster: EmbeddedCluster;
  readonly #clock: VirtualClock;
  /** When the world stood so for the first time. */
  readonly #seen = new Map<string, number>();

  constructor(cluster: EmbeddedCluster, clock: VirtualClock) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  /** A command may bring what no round has brought. */
  forget(): void {
    this.#seen.clear();
  }

  /**
   * Looks at an instant that is over; true when nothing new comes any more: no timer is ahead, or
   * the world stands as it stood before, with the same timers ahead. Pods that crash for ever are
   * down then: a short time in which they run is not how it ends.
   */
  isOver(isWaiting: boolean): boolean {
    const { running, waiting } = this.#cluster.endlessCrashes;
    if (running + waiting === 0 || (running === 0 && !isWaiting)) return !isWaiting;
    return this.#isRepeated() && waiting > 0;
  }

  #isRepeated(): boolean {
    const text = JSON.stringify([
      this.#clock.foregroundDelaysMs(),
      this.#cluster.objects(PODS).map((pod) => this.#podText(pod)),
      [...this.#cluster.objects(ROLLOUTS), ...this.#cluster.objects(REPLICA_SETS)].map(bareText),
      [...this.#cluster.objects(ANALYSIS_RUNS), ...this.#cluster.objects(EXPERIMENTS)],
    ]);
    const nowMs = this.#clock.now();
    const firstMs = this.#seen.get(text) ?? nowMs;
    this.#seen.set(text, firstMs);
    return firstMs < nowMs;
  }

  /** Whether it is ready, and for how long it has been or has not. */
  #podText({ metadata, status }: KubeObject): string {
    const ready = listOf(fieldsOf(status)["conditions"]).map(fieldsOf)
      .find(({ type }) => type === "Ready");
    const sinceMs = timeMs(ready?.["lastTransitionTime"] as string | undefined) ?? 0;
    return `${metadata.uid} ${ready?.["status"]} ${this.#clock.now() - sinceMs}`;
  }
}

/** An object without what every write changes. */
function bareText({ metadata, ...rest }: KubeObject): string {
  const { name, namespace, labels, annotations } = metadata;
  return JSON.stringify({ name, namespace, labels, annotations, ...rest }).replaceAll(TIME, "");
}
