import { UnreachableError } from "../../ports/api_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Call } from "./call.ts";
import type { Credentials } from "./credentials.ts";
import { Exchange, type Receiver, type SilenceLimits } from "./exchange.ts";
import { Fleet, type Lane } from "./fleet.ts";
import { isSuccess, type Reply } from "./reply.ts";
import type { RequestObserver } from "./request_observer.ts";
import { NoRetryError } from "./no_retry_error.ts";
import { Rate } from "./rate.ts";
import { Slots } from "./slots.ts";
import { openTransport } from "./open_transport.ts";
import type { Transport } from "./transport.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

/** The limits of a connection. */
export interface ConnectionLimits extends SilenceLimits {
  /** Requests under way at once on the lane `requests`. */
  readonly maxInFlight: number;
  readonly watchesPerClient: number;
  /** As `requestTimeoutMs`, on the lane `lease`. */
  readonly leaseTimeoutMs: number;
  /** How fast requests may follow one another on the lane `requests`; absent: as they come. */
  readonly rate?: { readonly perSecond: number; readonly burst: number } | undefined;
}

/** What a connection is made of. */
export interface ConnectionSetup {
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: Log;
  readonly userAgent: string;
  readonly limits: ConnectionLimits;
  /** Is told of every request that is sent. */
  readonly observer?: RequestObserver | undefined;
}

/** An answer that goes on until someone ends it. */
export interface Stream {
  /** The refusal of the server, or undefined after an end in good order; rejects on any other. */
  readonly ended: Promise<Reply | undefined>;
  stop(): void;
}

const UNAUTHORIZED = 401;
/** A server that starts answers before it has read everything that it answers from. */
const JUST_BACK_MS = 15_000;

/** Ends a quiet watch in good order. */
class QuietEnd extends Error {}

/**
 * The connections to one API server. A connection can die without a word (a lost packet filter
 * entry, a machine switched off), and a client never gives one up by itself. So one request without
 * an answer, or one silent watch, replaces every client: requests under way keep their own time
 * limit, watches are ended at once, since a watch on a dead connection would pass off old news as
 * the present for longer than anyone wants.
 */
export class Connection {
  /** Requests sent so far, by `verb resource`. */
  readonly sent = new Map<string, number>();
  readonly #setup: ConnectionSetup;
  readonly #slots: Slots;
  readonly #rate: Rate | undefined;
  readonly #underWay = new Set<Exchange>();
  readonly #pauses = new Set<(error: Error) => void>();
  #fleet: Fleet;
  /** Ours, as the clients of the fleet show it. */
  #certPem: string | undefined;
  #closedBy: Error | undefined;
  /** When it last did not answer, or broke off. */
  #failedAtMs = -Infinity;

  constructor(setup: ConnectionSetup) {
    this.#setup = setup;
    const { maxInFlight, rate } = setup.limits;
    this.#slots = new Slots(maxInFlight);
    this.#rate = rate === undefined ? undefined : new Rate(setup.clock, rate);
    this.#fleet = this.#newFleet();
    // Opened now, so that unusable certificates are told at the start and not by the first request.
    this.#fleet.lane("requests");
  }

  /** Sends a call once and reads the whole answer. */
  async request(call: Call, lane: Lane): Promise<Reply> {
    const giveBack = lane === "requests" ? await this.#admit(call) : undefined;
    try {
      return await this.#carry(this.#begin(call, lane), (fleet) => fleet.lane(lane));
    } finally {
      giveBack?.();
    }
  }

  /** Waits for the turn of a call, and gives the function that ends it. */
  async #admit(call: Call): Promise<() => void> {
    const { clock, observer } = this.#setup;
    const askedAtMs = clock.monotonic();
    const delayMs = this.#rate?.take() ?? 0;
    if (delayMs > 0) await this.pause(delayMs);
    const giveBack = await this.#slots.take();
    observer?.admitted?.(call, clock.monotonic() - askedAtMs);
    return giveBack;
  }

  /** Sends a call whose answer, once it is a success, is `opened` and handed on piece by piece. */
  stream(call: Call, receiver: Receiver, opened?: () => void): Stream {
    const exchange = this.#begin(call);
    exchange.onStreaming = opened;
    return {
      ended: this.#follow(exchange, receiver),
      stop() {
        exchange.isStopped = true;
        exchange.fail(new NoRetryError(`Cannot ${call.doing}: it was stopped`));
      },
    };
  }

  /** Whether a refusal of who we are has us say it anew. */
  get renews(): boolean {
    return this.#setup.credentials.renew !== undefined;
  }

  /** Who is told of requests. */
  get observer(): RequestObserver | undefined {
    return this.#setup.observer;
  }

  /** True for a while after the server could not be reached. */
  get isJustBack(): boolean {
    return this.#setup.clock.monotonic() - this.#failedAtMs < JUST_BACK_MS;
  }

  /** Resolves after that time; rejects when the connection is closed before. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closedBy) return reject(this.#closedBy);
      const cancel = this.#setup.clock.after(delayMs, () => {
        this.#pauses.delete(interrupt);
        resolve();
      });
      const interrupt = (error: Error): void => {
        cancel();
        reject(error);
      };
      this.#pauses.add(interrupt);
    });
  }

  /** Gives up everything under way and lets all connections go. */
  async close(): Promise<void> {
    const { server } = this.#setup.credentials;
    this.#closedBy = new NoRetryError(`Cannot reach "${server}": the connection was closed`);
    for (const interrupt of this.#pauses) interrupt(this.#closedBy);
    const open = [...this.#underWay];
    for (const exchange of open) exchange.fail(this.#closedBy);
    await Promise.all(open.map(({ settled }) => settled));
    this.#fleet.close();
  }

  async #follow(exchange: Exchange, receiver: Receiver): Promise<Reply | undefined> {
    try {
      const reply = await this.#carry(exchange, (fleet) => {
        exchange.place = fleet.watchPlace();
        return exchange.place.transport;
      }, receiver);
      return isSuccess(reply.status) ? undefined : reply;
    } catch (error) {
      if (error instanceof QuietEnd) return undefined;
      throw error;
    } finally {
      exchange.place?.giveBack();
    }
  }

  #begin(call: Call, lane?: Lane): Exchange {
    const { limits } = this.#setup;
    const exchange = new Exchange({
      call,
      server: this.#setup.credentials.server,
      clock: this.#setup.clock,
      limits: lane === "lease" ? { ...limits, requestTimeoutMs: limits.leaseTimeoutMs } : limits,
      onAnswer: (status, tookMs) => this.#setup.observer?.answered(call, { status, tookMs }),
      onSilence: (silent, silentMs) => this.#giveUp(silent, silentMs),
    });
    if (this.#closedBy) exchange.fail(this.#closedBy);
    this.#underWay.add(exchange);
    return exchange;
  }

  async #carry(
    exchange: Exchange,
    choose: (fleet: Fleet) => Transport,
    receiver?: Receiver,
  ): Promise<Reply> {
    try {
      exchange.check();
      const headers = await this.#headersOf(exchange.call);
      this.#keepCertificate();
      // A client may still be connecting: the guard is asked when nothing is waited for any more.
      if (exchange.call.guard !== undefined) await choose(this.#fleet).ready?.();
      exchange.check();
      exchange.fleet = this.#fleet;
      const transport = choose(exchange.fleet);
      exchange.call.guard?.();
      const key = `${exchange.call.verb} ${exchange.call.resource}`;
      this.sent.set(key, (this.sent.get(key) ?? 0) + 1);
      const reply = await exchange.run(transport, headers, receiver);
      if (reply.status === UNAUTHORIZED) this.#setup.credentials.renew?.();
      return reply;
    } catch (error) {
      this.#noteFailure(exchange, error);
      throw error;
    } finally {
      this.#underWay.delete(exchange);
      exchange.settle();
    }
  }

  /** What we ended ourselves says nothing about the server. */
  #noteFailure({ call, tookMs, isAnswered, isStopped }: Exchange, error: unknown): void {
    const isOurs = tookMs === undefined || isStopped || this.#closedBy !== undefined;
    if (isOurs || !(error instanceof UnreachableError)) return;
    this.#failedAtMs = this.#setup.clock.monotonic();
    this.#setup.observer?.failed(call, { error, tookMs, isAnswered });
  }

  /** Who we are is told when a client connects: another certificate needs other clients. */
  #keepCertificate(): void {
    const { certPem } = this.#setup.credentials;
    if (certPem === this.#certPem || this.#closedBy) return;
    const old = this.#fleet;
    this.#fleet = this.#newFleet();
    old.close();
  }

  async #headersOf(call: Call): Promise<Record<string, string>> {
    try {
      return {
        ...await this.#setup.credentials.headers(),
        Accept: "application/json",
        "User-Agent": this.#setup.userAgent,
        ...(call.contentType !== undefined && { "Content-Type": call.contentType }),
      };
    } catch (error) {
      const detail = errorText(error);
      throw new NoRetryError(`Cannot ${call.doing}: ${detail}`, { cause: error });
    }
  }

  #giveUp(exchange: Exchange, silentMs: number): void {
    const { credentials: { server }, log } = this.#setup;
    // Some resources (events) get no bookmarks, and may rightly say nothing for long. While other
    // watches on the connection are heard, it lives: this one merely begins anew.
    if (exchange.isStreaming && (exchange.place?.silentMs() ?? Infinity) < silentMs) {
      return exchange.fail(new QuietEnd());
    }
    exchange.fail(
      new NoRetryError(
        `Cannot ${exchange.call.doing}: "${server}" did not answer for ${
          Math.round(silentMs / 100) / 10
        } s`,
      ),
    );
    const old = this.#fleet;
    // Clients that were replaced already prove nothing about the present ones.
    if (exchange.fleet !== old) return;
    this.#fleet = this.#newFleet();
    let watches = 0;
    for (const other of this.#underWay) {
      if (other.fleet !== old || other.call.verb !== "watch" || other === exchange) continue;
      watches++;
      other.fail(new UnreachableError(`Cannot ${other.call.doing}: "${server}" stopped answering`));
    }
    old.close();
    log.warn("The API server stopped answering; replacing all connections to it", {
      server,
      silentMs,
      while: exchange.call.doing,
      watches,
    });
  }

  #newFleet(): Fleet {
    const { clock, credentials, limits } = this.#setup;
    this.#certPem = credentials.certPem;
    return new Fleet({
      clock,
      watchesPerClient: limits.watchesPerClient,
      open: () => openTransport(credentials, clock),
    });
  }
}
