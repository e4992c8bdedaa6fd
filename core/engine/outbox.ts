/**
 * Delivers notifications: each at least once, with an id that tells a second time. A pass waits for
 * the first try alone, and no longer than the sink's deadline; what fails is tried again from here,
 * ever more slowly, while the pass and those after it go on.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { type BackoffLimits, backoffMs } from "./backoff.ts";
import { withDeadline } from "./deadline.ts";
import type { NotifyEffect } from "./effect.ts";
import type { NotificationSink } from "./registry.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

const RETRY: BackoffLimits = { firstMs: 1_000, maxMs: 300_000 };
/** About five hours. */
const TRIES_MAX = 64;
/** Notifications that wait for another try; the oldest give way. */
const WAITING_MAX = 1_000;
/** Deliveries that are remembered; what was delivered is not delivered again. */
const MEMORY_MAX = 4_096;

export interface OutboxOptions {
  readonly sinks: ReadonlyMap<string, NotificationSink>;
  readonly clock: Clock;
  /** Times further tries. */
  readonly retryClock: Clock;
  readonly log: Log;
}

interface Waiting {
  readonly effect: NotifyEffect;
  tries: number;
  why: string;
  cancel: Cancel;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #delivered = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  #running = 0;
  #isStopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Further tries in flight; the first ones are part of their pass. */
  get running(): number {
    return this.#running;
  }

  /** Tries to deliver; gives why it did not come to that, or nothing. */
  async deliver(effect: NotifyEffect): Promise<string | undefined> {
    const name = nameOf(effect);
    if (this.#delivered.has(name)) return undefined;
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return waiting.why;
    const why = await this.#attempt(effect);
    if (why === undefined) this.#remember(name);
    else this.#tryLater({ effect, tries: 1, why, cancel() {} });
    return why;
  }

  /** Tries no more. */
  stop(): void {
    this.#isStopped = true;
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  async #attempt({ sink: name, id, message }: NotifyEffect): Promise<string | undefined> {
    const { sinks, clock } = this.#options;
    const sink = sinks.get(name);
    if (sink === undefined) return `no sink of that name is registered`;
    try {
      await withDeadline((signal) => sink.deliver({ id, message }, signal), {
        clock,
        deadlineMs: sink.deadlineMs,
        what: `answer of "${name}"`,
      });
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }

  #tryLater(waiting: Waiting): void {
    if (this.#isStopped) return;
    const { effect, tries, why } = waiting;
    const { log, retryClock } = this.#options;
    const name = nameOf(effect);
    const delayMs = backoffMs(tries, RETRY);
    const fields = { sink: effect.sink, id: effect.id, tries, cause: why };
    if (tries === TRIES_MAX) {
      this.#waiting.delete(name);
      log.error("a notification is given up", fields);
      return;
    }
    log[tries === 1 ? "warn" : "debug"]("a notification is not delivered, trying again", {
      ...fields,
      delayMs,
    });
    waiting.cancel = retryClock.after(delayMs, () => void this.#tryAgain(waiting));
    this.#waiting.set(name, waiting);
    this.#makeRoom();
  }

  async #tryAgain(waiting: Waiting): Promise<void> {
    this.#running++;
    const why = await this.#attempt(waiting.effect);
    this.#running--;
    waiting.tries++;
    if (why !== undefined) {
      waiting.why = why;
      this.#tryLater(waiting);
      return;
    }
    const name = nameOf(waiting.effect);
    this.#waiting.delete(name);
    this.#remember(name);
  }

  #makeRoom(): void {
    if (this.#waiting.size <= WAITING_MAX) return;
    for (const [name, { effect: { sink, id }, cancel }] of this.#waiting) {
      cancel();
      this.#waiting.delete(name);
      this.#options.log.warn("a notification is given up: too many are waiting", { sink, id });
      return;
    }
  }

  #remember(name: string): void {
    this.#delivered.add(name);
    if (this.#delivered.size <= MEMORY_MAX) return;
    for (const oldest of this.#delivered) {
      this.#delivered.delete(oldest);
      return;
    }
  }
}

function nameOf({ sink, id }: NotifyEffect): string {
  return `${sink} ${id}`;
}
