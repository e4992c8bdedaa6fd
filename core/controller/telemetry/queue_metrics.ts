/** The work queues, under the names that client-go gives its own. */
import type { Clock } from "../../ports/clock.ts";
import type { Key, QueueMeter } from "../../engine/mod.ts";
import type { Family, Sample } from "./exposition.ts";
import { Counter, Histogram } from "./instruments.ts";

/** Queues of Argo Rollouts; a controller that it has not is called by its own name. */
const NAMES: Readonly<Record<string, string>> = Object.freeze({
  rollout: "Rollouts",
  experiment: "Experiments",
  analysis: "AnalysisRuns",
  service: "Services",
});
const BOUNDS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10];

/** Since when keys are where they are. */
interface Queue {
  readonly waiting: Map<Key, number>;
  readonly working: Map<Key, number>;
}

export class QueueMetrics {
  readonly #clock: Clock;
  readonly #queues = new Map<string, Queue>();
  readonly #adds = new Counter({
    name: "workqueue_adds_total",
    help: "Keys that were added to the queue.",
    labels: ["name"],
  });
  readonly #retries = new Counter({
    name: "workqueue_retries_total",
    help: "Keys that were added again after a failure.",
    labels: ["name"],
  });
  readonly #waits = new Histogram({
    name: "workqueue_queue_duration_seconds",
    help: "Seconds that a key waits in the queue.",
    labels: ["name"],
    bounds: BOUNDS,
  });
  readonly #works = new Histogram({
    name: "workqueue_work_duration_seconds",
    help: "Seconds that a key is worked on.",
    labels: ["name"],
    bounds: BOUNDS,
  });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  meterFor(controller: string): QueueMeter {
    const clock = this.#clock;
    const labels = { name: NAMES[controller] ?? controller };
    const queue = this.#queues.get(labels.name) ?? { waiting: new Map(), working: new Map() };
    this.#queues.set(labels.name, queue);
    this.#adds.add(labels, 0);
    this.#retries.add(labels, 0);
    return {
      added: (key) => {
        queue.waiting.set(key, clock.monotonic());
        this.#adds.add(labels);
      },
      taken: (key) => {
        const nowMs = clock.monotonic();
        this.#waits.observe(labels, (nowMs - (queue.waiting.get(key) ?? nowMs)) / 1000);
        queue.waiting.delete(key);
        queue.working.set(key, nowMs);
      },
      done: (key) => {
        const nowMs = clock.monotonic();
        this.#works.observe(labels, (nowMs - (queue.working.get(key) ?? nowMs)) / 1000);
        queue.working.delete(key);
      },
      retried: () => this.#retries.add(labels),
    };
  }

  families(): Family[] {
    const nowMs = this.#clock.monotonic();
    const ages = ({ working }: Queue) => [...working.values()].map((at) => (nowMs - at) / 1000);
    const gauge = (name: string, help: string, valueOf: (queue: Queue) => number): Family => ({
      name: `workqueue_${name}`,
      help,
      type: "gauge",
      samples: [...this.#queues].map(([name, queue]): Sample => ({
        labels: { name },
        value: valueOf(queue),
      })),
    });
    return [
      gauge("depth", "Keys that wait in the queue.", ({ waiting }) => waiting.size),
      this.#adds.family(),
      this.#retries.family(),
      this.#waits.family(),
      this.#works.family(),
      gauge(
        "unfinished_work_seconds",
        "Seconds that the keys being worked on have taken so far.",
        (queue) => ages(queue).reduce((sum, age) => sum + age, 0),
      ),
      gauge(
        "longest_running_processor_seconds",
        "Seconds that the key being worked on for longest has taken so far.",
        (queue) => Math.max(0, ...ages(queue)),
      ),
    ];
  }
}
