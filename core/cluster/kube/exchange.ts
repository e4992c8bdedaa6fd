import { UnreachableError } from "../../ports/api_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Call } from "./call.ts";
import type { Fleet, WatchPlace } from "./fleet.ts";
import { isSuccess, type Reply } from "./reply.ts";
import { textOf } from "./line_splitter.ts";
import { Silence } from "./silence.ts";
import type { Transport, TransportAnswer } from "./transport.ts";

/** How long the server may say nothing: before and within an answer, and within a watch. */
export interface SilenceLimits {
  readonly requestTimeoutMs: number;
  readonly watchSilenceMs: number;
}

/** What an exchange works with. */
export interface ExchangeSetup {
  readonly call: Call;
  readonly server: string;
  readonly clock: Clock;
  readonly limits: SilenceLimits;
  /** Called when the head of the answer has come. */
  onAnswer?(status: number, tookMs: number): void;
  /** Called when the server was silent for too long. */
  onSilence(exchange: Exchange, silentMs: number): void;
}

/** Takes each piece of a watch. */
export type Receiver = (chunk: Uint8Array) => void;

/** One request and its answer, which can be given up at any moment. */
export class Exchange {
  readonly call: Call;
  /** True once a watch has begun. */
  isStreaming = false;
  /** Called then. */
  onStreaming: (() => void) | undefined;
  /** True once we have ended it ourselves. */
  isStopped = false;
  /** True once the head of the answer has come. */
  isAnswered = false;
  /** Resolves when nothing of it is under way any more. */
  readonly settled: Promise<void>;
  /** The clients that it was sent by, once it was. */
  fleet: Fleet | undefined;
  /** Its place on a client, when it is a watch and runs. */
  place: WatchPlace | undefined;
  readonly #setup: ExchangeSetup;
  readonly #abort = new AbortController();
  readonly #settle: () => void;
  #sentAtMs: number | undefined;
  #failure: Error | undefined;

  constructor(setup: ExchangeSetup) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#setup = setup;
    this.call = setup.call;
    this.settled = promise;
    this.#settle = resolve;
  }

  /** How long ago it was sent; undefined: it was not. */
  get tookMs(): number | undefined {
    return this.#sentAtMs === undefined
      ? undefined
      : this.#setup.clock.monotonic() - this.#sentAtMs;
  }

  /** Gives it up, for this reason. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#abort.abort();
  }

  /** Throws when it was cancelled. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Marks that nothing of it is under way any more. */
  settle(): void {
    this.#settle();
  }

  /**
   * Sends the request and reads the whole answer. Where there is a receiver, a success is handed to
   * it piece by piece until its end, and the reply has no text.
   */
  async run(
    transport: Transport,
    headers: Readonly<Record<string, string>>,
    receiver?: Receiver,
  ): Promise<Reply> {
    const { clock, limits } = this.#setup;
    let limitMs = limits.requestTimeoutMs;
    const silence = new Silence(clock, limitMs, () => this.#setup.onSilence(this, limitMs));
    try {
      const { method, path, body } = this.call;
      const signal = this.#abort.signal;
      this.#sentAtMs = clock.monotonic();
      const answer = await transport.send({
        method,
        path,
        headers,
        signal,
        ...(body !== undefined && { body }),
      });
      this.isAnswered = true;
      this.#setup.onAnswer?.(answer.status, clock.monotonic() - this.#sentAtMs);
      const isWatch = receiver !== undefined && isSuccess(answer.status);
      if (isWatch) {
        limitMs = limits.watchSilenceMs;
        this.isStreaming = true;
        this.onStreaming?.();
      }
      silence.restart(limitMs);
      const text = isWatch
        ? await this.#handOver(answer, receiver, silence)
        : await this.#textOf(answer, silence);
      this.check();
      return { status: answer.status, retryAfterSeconds: secondsOf(answer.retryAfter), text };
    } catch (error) {
      throw this.#failure ?? this.#explained(error);
    } finally {
      silence.stop();
    }
  }

  async #handOver(answer: TransportAnswer, receiver: Receiver, silence: Silence): Promise<string> {
    for await (const chunk of answer.chunks()) {
      this.check();
      silence.heard();
      this.place?.heard();
      try {
        receiver(chunk);
      } catch (error) {
        // What the receiver throws is no trouble of the connection: it passes as it is.
        this.fail(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return "";
  }

  /** A list may be long and the way slow: there, each piece counts as an answer. */
  #textOf(answer: TransportAnswer, silence: Silence): Promise<string> {
    return this.call.verb === "list" ? textOf(noted(answer.chunks(), silence)) : answer.text();
  }

  #explained(error: unknown): Error {
    // The runtime tells what happened in the cause: "error sending request for url (…): reset".
    const told = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const message = told instanceof Error ? told.message : String(told);
    const detail = message.replace(/^error sending request.*?\): /, "");
    return new UnreachableError(
      `Cannot ${this.call.doing}: "${this.#setup.server}" does not answer: ${detail}`,
      { cause: error },
    );
  }
}

async function* noted(
  chunks: AsyncIterable<Uint8Array>,
  silence: Silence,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    silence.heard();
    yield chunk;
  }
}

/** `Retry-After` may also be a date, which no API server sends. */
function secondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
