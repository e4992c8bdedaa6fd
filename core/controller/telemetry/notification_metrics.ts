/** Notifications that were sent, or not, under the names of Argo Rollouts. */
import type { Key } from "../../engine/mod.ts";
import { keyOf } from "../../engine/mod.ts";
import type { Outgoing } from "../../notify/mod.ts";
import type { Family } from "./exposition.ts";
import { Counter, Histogram } from "./instruments.ts";

const OBJECT = ["namespace", "name"] as const;
const CAUSE = [...OBJECT, "type", "reason"] as const;

/** One try. */
export interface NotificationTry {
  readonly outgoing: Outgoing;
  readonly isSent: boolean;
  readonly seconds: number;
}

export class NotificationMetrics {
  readonly #sends = new Histogram({
    name: "notification_send",
    help: "Seconds that one try to send a notification takes.",
    labels: OBJECT,
    bounds: [0.01, 0.15, 0.25, 0.5, 1],
  });
  readonly #successes = new Counter({
    name: "notification_send_success",
    help: "Notifications that were sent.",
    labels: CAUSE,
  });
  readonly #errors = new Counter({
    name: "notification_send_error",
    help: "Tries to send a notification that failed.",
    labels: CAUSE,
  });

  onTry({ outgoing: { about, cause }, isSent, seconds }: NotificationTry): void {
    const { namespace, name } = about;
    this.#sends.observe({ namespace, name }, seconds);
    (isSent ? this.#successes : this.#errors).add({ namespace, name, ...cause });
  }

  families(isRollout: (key: Key) => boolean): Family[] {
    const metrics = [this.#sends, this.#successes, this.#errors];
    return metrics.map((metric) => {
      metric.keep(({ namespace, name }) => isRollout(keyOf(namespace, name)));
      return metric.family();
    });
  }
}
