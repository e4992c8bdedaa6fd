/**
 * Sends messages beside all passes: to one recipient one after the other in the order in which they
 * came, to different ones at the same time, up to a limit. What fails is tried again ever more
 * slowly; a service that asks for time has it. Messages are in memory alone.
 */
import type { Delivery } from "../../sdk/notifier.ts";
import { backoffMs } from "../engine/backoff.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Mailer, Outcome, Outgoing } from "./outgoing.ts";

const RETRY = Object.freeze({ firstMs: 1_000, maxMs: 300_000 });
/** What a service may ask for: it is asked again no sooner and no later. */
const HOLD = Object.freeze({ leastMs: 1_000, mostMs: 3_600_000 });
/** About five hours. */
const TRIES_MAX = 64;
const IN_FLIGHT_MAX = 64;
const IN_FLIGHT_PER_SERVICE_MAX = 10;
/** Messages to one recipient that wait; the oldest give way. */
const WAITING_MAX = 1_000;

/** What one try came to. */
export type Attempt = Delivery | { readonly is: "failed"; readonly message: string };

export interface MessageQueueOptions {
  readonly clock: Clock;
  /** One try; never rejects. */
  readonly attempt: (outgoing: Outgoing) => Promise<Attempt>;
  /** Is told of every try that failed and will be repeated. */
  readonly onFailure?: (
    outgoing: Outgoing,
    failure: { readonly message: string; readonly tries: number; readonly delayMs: number },
  ) => void;
}

interface Entry {
  readonly outgoing: Outgoing;
  readonly onEnd: (outcome: Outcome) => void;
  tries: number;
}

/** Messages to one recipient. */
interface Lane {
  readonly name: string;
  readonly service: ServiceLine;
  readonly entries: Entry[];
  isSending: boolean;
  /** Set while the first of them waits for another try. */
  endWait: Cancel | undefined;
}

/** All recipients of one service. */
interface ServiceLine {
  readonly name: string;
  inFlight: number;
  lanes: number;
  /** Set while the service has asked for time. */
  endHold: Cancel | undefined;
  /** The latest that it asked for. */
  heldUntilMs: number;
}

export class MessageQueue implements Mailer {
  readonly #options: MessageQueueOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #services = new Map<string, ServiceLine>();
  #inFlight = 0;
  #isStopped = false;

  constructor(options: MessageQueueOptions) {
    this.#options = options;
  }

  /** Messages being sent, or about to be. */
  get running(): number {
    let running = this.#inFlight;
    for (const lane of this.#lanes.values()) if (this.#isReady(lane)) running++;
    return running;
  }

  /** Messages that are not through. */
  get waiting(): number {
    let waiting = 0;
    for (const { entries } of this.#lanes.values()) waiting += entries.length;
    return waiting;
  }

  post(outgoing: Outgoing, onEnd: (outcome: Outcome) => void): void {
    if (this.#isStopped) return;
    const lane = this.#laneOf(outgoing);
    lane.entries.push({ outgoing, onEnd, tries: 0 });
    if (lane.entries.length > WAITING_MAX) {
      // The first may be on its way.
      const [dropped] = lane.entries.splice(1, 1);
      dropped?.onEnd({ is: "given up", message: "too many messages are waiting" });
    }
    this.#pump();
  }

  /** Tries no more. */
  stop(): void {
    this.#isStopped = true;
    for (const { endWait, service } of this.#lanes.values()) {
      endWait?.();
      service.endHold?.();
    }
    this.#lanes.clear();
  }

  #laneOf({ namespace, service, recipient }: Outgoing): Lane {
    const name = JSON.stringify([namespace, service.name, recipient]);
    const present = this.#lanes.get(name);
    if (present !== undefined) return present;
    const line = JSON.stringify([namespace, service.name]);
    const shared = this.#services.get(line) ??
      { name: line, inFlight: 0, lanes: 0, endHold: undefined, heldUntilMs: -Infinity };
    this.#services.set(line, shared);
    shared.lanes++;
    const lane = { name, service: shared, entries: [], isSending: false, endWait: undefined };
    this.#lanes.set(name, lane);
    return lane;
  }

  #isReady({ entries, isSending, endWait, service }: Lane): boolean {
    return entries.length > 0 && !isSending && endWait === undefined &&
      service.endHold === undefined;
  }

  #pump(): void {
    for (const lane of this.#lanes.values()) {
      if (this.#inFlight >= IN_FLIGHT_MAX || this.#isStopped) return;
      if (!this.#isReady(lane) || lane.service.inFlight >= IN_FLIGHT_PER_SERVICE_MAX) continue;
      void this.#send(lane);
    }
  }

  async #send(lane: Lane): Promise<void> {
    const [entry] = lane.entries;
    if (entry === undefined) return;
    lane.isSending = true;
    lane.service.inFlight++;
    this.#inFlight++;
    entry.tries++;
    const attempt = await this.#options.attempt(entry.outgoing);
    lane.isSending = false;
    lane.service.inFlight--;
    this.#inFlight--;
    if (!this.#isStopped || attempt.is === "sent") this.#settle(lane, entry, attempt);
    this.#pump();
  }

  #settle(lane: Lane, entry: Entry, attempt: Attempt): void {
    if (attempt.is === "sent" || attempt.is === "refused") this.#end(lane, entry, attempt);
    else if (attempt.is === "later") {
      // A service that is asked for too much did not fail.
      entry.tries--;
      this.#hold(lane, entry, attempt);
    } else if (entry.tries >= TRIES_MAX) {
      this.#end(lane, entry, { is: "given up", message: attempt.message });
    } else {
      const delayMs = backoffMs(entry.tries, RETRY);
      const { message } = attempt;
      this.#options.onFailure?.(entry.outgoing, { message, tries: entry.tries, delayMs });
      lane.endWait = this.#options.clock.after(delayMs, () => {
        lane.endWait = undefined;
        this.#pump();
      });
    }
  }

  #end(lane: Lane, entry: Entry, outcome: Outcome): void {
    lane.entries.splice(lane.entries.indexOf(entry), 1);
    if (lane.entries.length === 0) {
      this.#lanes.delete(lane.name);
      if (--lane.service.lanes === 0) this.#services.delete(lane.service.name);
    } else {
      // The others have their turn first.
      this.#lanes.delete(lane.name);
      this.#lanes.set(lane.name, lane);
    }
    entry.onEnd(outcome);
  }

  #hold({ service }: Lane, { outgoing, tries }: Entry, later: Extract<Attempt, { is: "later" }>) {
    const { clock, onFailure } = this.#options;
    // Several were on their way when it began to ask; they are answered one after the other.
    const askedMs = later.retryAtMs - clock.now();
    const holdMs = Math.min(Math.max(askedMs || 0, HOLD.leastMs), HOLD.mostMs);
    service.heldUntilMs = Math.max(service.heldUntilMs, clock.now() + holdMs);
    const delayMs = service.heldUntilMs - clock.now();
    onFailure?.(outgoing, { message: later.message, tries, delayMs });
    service.endHold?.();
    service.endHold = clock.after(delayMs, () => {
      service.endHold = undefined;
      this.#pump();
    });
  }
}
