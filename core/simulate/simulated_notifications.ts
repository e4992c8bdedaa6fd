/** Notifications of a simulation: nobody is told, and what would have been sent is kept. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { Fields } from "../../sdk/wire/json.ts";
import type { EventRecorder } from "../engine/mod.ts";
import {
  Complaints,
  ConfigBoard,
  type NotificationConfig,
  Notifications,
  type Outgoing,
  rolloutFacts,
} from "../notify/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { silentLog as log } from "../ports/log.ts";
import { seededRandom } from "../cluster/embedded/mod.ts";
import { START_MS } from "./scenario.ts";

/** One message that would have been sent. */
export interface SentNotification {
  readonly atSeconds: number;
  /** `namespace/name` of the Rollout. */
  readonly rollout: string;
  readonly trigger: string;
  readonly service: string;
  /** Empty where the service knows by itself. */
  readonly recipient: string;
  readonly message: string;
  /** The part of the template for this kind of service. */
  readonly content: Fields;
}

/** Makes the notifications of a world. */
export type Notifying = (parts: {
  readonly clock: Clock;
  readonly recorder: EventRecorder;
  readonly plugins: PluginRegistry;
}) => Notifications;

/** What would be sent with this configuration; it gathers what is. */
export function notifyingWith(
  config: NotificationConfig,
  sent: SentNotification[],
): Notifying {
  const { raw } = config;
  const random = seededRandom(1);
  return ({ clock, recorder, plugins: { notifiers } }) => {
    const board = new ConfigBoard({
      clock,
      log,
      notifiers,
      namespace: raw.namespace,
      isSelfServiceEnabled: false,
      maxAgeMs: Infinity,
      load: () => Promise.resolve(raw),
    });
    board.put(config);
    return new Notifications({
      board,
      clock,
      log,
      factsOf: rolloutFacts,
      complaints: new Complaints({
        log,
        record: (object, drafts) => recorder.record(object, drafts),
      }),
      ports: { nowMs: () => clock.now(), random: () => random.next() },
      mailer: {
        post(outgoing, onEnd) {
          sent.push(sentOf(outgoing, clock.now()));
          onEnd({ is: "sent" });
        },
      },
    });
  };
}

function sentOf(
  { about, service, recipient, message, content }: Outgoing,
  nowMs: number,
): SentNotification {
  return {
    atSeconds: (nowMs - START_MS) / 1000,
    rollout: `${about.namespace}/${about.name}`,
    trigger: about.trigger ?? "",
    service: service.name,
    recipient,
    message,
    content,
  };
}
