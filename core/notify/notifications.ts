/**
 * Notifications of a running controller: those that events of Rollouts cause, and those that
 * conditions cause. Nothing here holds up a pass.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { textOf } from "../../sdk/wire/json.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import type { Answerer, CacheReader, RecordedEvent } from "../engine/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Complaints } from "./complaints.ts";
import type { NotificationConfig } from "./config.ts";
import type { ConfigBoard } from "./config_board.ts";
import {
  COMPLAINT_QUESTION,
  CONFIG_QUESTION,
  NOTICE_QUESTION,
  NotificationController,
} from "./controller.ts";
import { subscribersOf } from "./destinations.ts";
import { evaluateTrigger } from "./evaluate.ts";
import type { Facts } from "./facts.ts";
import { NOT_TOLD_REASON, triggerOfReason } from "./names.ts";
import { idOf, type Notice, outgoingOf } from "./notice.ts";
import type { Mailer, Outcome, Outgoing } from "./outgoing.ts";
import { RenderingBudget, type TemplatePorts } from "./template/mod.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** Events that wait for a configuration; the oldest give way. */
const EVENTS_MAX = 10_000;
/** Steps for the messages to all recipients of one event: ten times what one message may take. */
const STEPS_MAX = 1_500_000;

export interface NotificationsOptions {
  readonly board: ConfigBoard;
  readonly mailer: Mailer;
  readonly complaints: Complaints;
  readonly clock: Clock;
  readonly log: Log;
  readonly factsOf: (rollout: Rollout, caches: CacheReader) => Facts;
  /** What templates may use. */
  readonly ports: TemplatePorts;
}

/** An event whose subscribers are yet to be found. */
interface Heard {
  readonly event: RecordedEvent;
  readonly facts: Facts;
}

export class Notifications {
  readonly controller: NotificationController;
  readonly #options: NotificationsOptions;
  /** By namespace, in the order in which they came. */
  readonly #heard = new Map<string, Heard[]>();
  /** What was rendered of these facts already. */
  readonly #steps = new WeakMap<Facts, number>();
  #waiting = 0;

  constructor(options: NotificationsOptions) {
    this.#options = options;
    this.controller = new NotificationController(options);
  }

  /** Events whose subscribers are yet to be found. */
  get running(): number {
    return this.#waiting;
  }

  /** Who answers what the controller asks. */
  get answerers(): ReadonlyMap<string, Answerer> {
    const { board, complaints } = this.#options;
    return new Map<string, Answerer>([
      [CONFIG_QUESTION, {
        limit: Infinity,
        answer: async ({ namespace }) => {
          await board.configsFor(textOf(namespace));
          return "read";
        },
      }],
      [NOTICE_QUESTION, {
        limit: Infinity,
        answer: async ({ notice }) => {
          const asked = notice as Notice & { readonly namespace: string };
          return await this.#deliver(asked, await board.configIn(asked.namespace));
        },
      }],
      [COMPLAINT_QUESTION, {
        limit: Infinity,
        answer: ({ object, complaint }) => {
          complaints.tell(object as KubeObject, textOf(complaint));
          return Promise.resolve("told");
        },
      }],
    ]);
  }

  /** An event was recorded: those who subscribed to its reason are told. */
  onEvent(event: RecordedEvent, caches: CacheReader): void {
    const { object, reason } = event;
    if (object.kind !== ROLLOUTS.kind || reason === NOT_TOLD_REASON || reason === "") return;
    const { namespace = "" } = object.metadata;
    const heard = { event, facts: this.#options.factsOf(object as Rollout, caches) };
    const waiting = this.#heard.get(namespace);
    const configs = this.#options.board.knownFor(namespace);
    if (waiting === undefined && configs !== undefined) {
      this.#tell(heard, configs);
      return;
    }
    this.#waiting++;
    if (waiting === undefined) {
      this.#heard.set(namespace, [heard]);
      void this.#tellWaiting(namespace);
      return;
    }
    waiting.push(heard);
    if (waiting.length <= EVENTS_MAX) return;
    waiting.shift();
    this.#waiting--;
  }

  async #tellWaiting(namespace: string): Promise<void> {
    const { board, log } = this.#options;
    let configs: readonly NotificationConfig[] = [];
    try {
      configs = await board.configsFor(namespace);
    } catch (error) {
      const cause = errorText(error);
      log.error("cannot read the configuration of notifications", { namespace, cause });
    }
    const waiting = this.#heard.get(namespace) ?? [];
    this.#heard.delete(namespace);
    this.#waiting -= waiting.length;
    for (const heard of waiting) this.#tell(heard, configs);
  }

  #tell({ event, facts }: Heard, configs: readonly NotificationConfig[]): void {
    const trigger = triggerOfReason(event.reason);
    for (const config of configs) {
      const { rollout } = facts;
      const subscribers = subscribersOf(rollout.metadata, config)
        .filter((subscriber) => subscriber.trigger === trigger);
      if (subscribers.length === 0) continue;
      const nowMs = event.atMs;
      const result = evaluateTrigger(trigger, { config, facts, nowMs, isEmptyMet: true });
      if ("error" in result) {
        // Another configuration may have it; the controller of conditions tells when none does.
        continue;
      }
      for (const { condition, isMet } of result.conditions) {
        if (!isMet) continue;
        for (const subscriber of subscribers) {
          const { reason, message, type } = event;
          const { uid } = rollout.metadata;
          const id = idOf(uid, reason, message, event.atMs, condition.key, subscriber);
          const cause = { type, reason };
          const notice = { id, subscriber, templates: condition.send, facts, cause };
          void this.#deliver(notice, config);
        }
      }
    }
  }

  /** Resolves when it is through, or will never be. */
  #deliver(notice: Notice, config: NotificationConfig): Promise<Outcome["is"]> {
    const { mailer, complaints } = this.#options;
    const { rollout } = notice.facts;
    const { service, recipient, trigger } = notice.subscriber;
    const complain = (message: string) =>
      complaints.tell(rollout, message, { service, recipient, trigger });
    return new Promise((resolve) => {
      try {
        mailer.post(this.#outgoing(notice, config), (outcome) => {
          if (outcome.is !== "sent") complain(outcome.message);
          resolve(outcome.is);
        });
      } catch (error) {
        complain(errorText(error));
        resolve("refused");
      }
    });
  }

  /**
   * The message, unless those to others of the same event took too much.
   * @throws {Error} when there is none
   */
  #outgoing(notice: Notice, config: NotificationConfig): Outgoing {
    const { facts } = notice;
    const stepsBefore = this.#steps.get(facts) ?? 0;
    if (stepsBefore > STEPS_MAX) {
      throw new Error("the messages to all recipients take too many steps");
    }
    const budget = new RenderingBudget();
    try {
      return outgoingOf(notice, config, { ports: this.#options.ports, budget });
    } finally {
      this.#steps.set(facts, stepsBefore + budget.steps);
    }
  }
}
