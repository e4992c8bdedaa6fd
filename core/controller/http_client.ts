/**
 * HTTP as plugins have it: an answer within its deadline and its size, redirects within the host,
 * and no more than some requests to one host at once. Connections are kept for the next request.
 */
import type { HttpRequest, HttpResponse } from "../../sdk/ports.ts";
import { httpsTransport } from "../cluster/kube/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { type FullRequest, fullRequest } from "./full_request.ts";
import { HostSlots } from "./host_slots.ts";
import { explained, HttpFailure, originOf } from "./http_failure.ts";
import { nextRequest } from "./redirects.ts";

const REDIRECTS_MAX = 10;
const REQUESTS_PER_HOST = 32;
const INSECURE_CLIENTS_MAX = 100;

/** What a client gives back before the body is read. */
interface Head {
  readonly status: number;
  headers(): Readonly<Record<string, string>>;
  chunks(): AsyncIterable<Uint8Array>;
}

export interface HttpClientOptions {
  readonly clock: Clock;
  /** Default 32. */
  readonly requestsPerHost?: number;
}

export class HttpClient {
  readonly #clock: Clock;
  readonly #slots: HostSlots;
  /** By origin; the runtime's own client cannot take any certificate. */
  readonly #insecure = new Map<string, ReturnType<typeof httpsTransport>>();

  constructor({ clock, requestsPerHost }: HttpClientOptions) {
    this.#clock = clock;
    this.#slots = new HostSlots(requestsPerHost ?? REQUESTS_PER_HOST);
  }

  /** As `PluginPorts.fetch`; the signal ends it early. */
  async send(asked: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const request = fullRequest(asked);
    const release = await this.#slots.take(request.url.host, signal);
    const { promise: late, reject } = Promise.withResolvers<never>();
    // Nobody may be waiting for it by then.
    late.catch(() => {});
    const ending = new AbortController();
    const end = (reason: unknown) => {
      reject(reason);
      ending.abort(reason);
    };
    const seconds = request.timeoutMs / 1000;
    const cancel = this.#clock.after(
      request.timeoutMs,
      () => end(new HttpFailure(`${originOf(request.url)} did not answer within ${seconds} s`)),
    );
    const abort = () => end(signal?.reason);
    signal?.addEventListener("abort", abort);
    // It may have ended while this request waited for its turn.
    if (signal?.aborted) abort();
    try {
      return await Promise.race([this.#follow(request, ending.signal), late]);
    } catch (error) {
      if (ending.signal.aborted) throw ending.signal.reason;
      throw explained(error, request.url);
    } finally {
      cancel();
      signal?.removeEventListener("abort", abort);
      release();
    }
  }

  /** Lets go of connections that are its own. */
  close(): void {
    for (const transport of this.#insecure.values()) transport.close();
    this.#insecure.clear();
  }

  async #follow(first: FullRequest, signal: AbortSignal): Promise<HttpResponse> {
    let request = first;
    for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
      const head = await this.#exchange(request, signal);
      const headers = head.headers();
      const body = await textOf(head.chunks(), request, headers["content-length"]);
      const next = nextRequest(request, { status: head.status, location: headers["location"] });
      if (next === undefined) return { status: head.status, headers, body };
      request = next;
    }
    throw new HttpFailure(
      `${originOf(first.url)} redirects in a circle: stopped after ${REDIRECTS_MAX} redirects`,
    );
  }

  async #exchange(request: FullRequest, signal: AbortSignal): Promise<Head> {
    const { url, method, headers, body } = request;
    const content = body === undefined ? {} : { body };
    if (request.insecure && url.protocol === "https:") {
      const path = url.pathname + url.search;
      const transport = this.#insecureClient(url.origin);
      return await transport.send({ method, path, headers, signal, ...content });
    }
    const response = await fetch(url, { method, headers, signal, ...content, redirect: "manual" });
    return {
      status: response.status,
      headers: () => Object.fromEntries(response.headers),
      chunks: () => response.body ?? nothing(),
    };
  }

  #insecureClient(origin: string): ReturnType<typeof httpsTransport> {
    const present = this.#insecure.get(origin);
    if (present !== undefined) return present;
    const [oldest] = this.#insecure;
    if (oldest !== undefined && this.#insecure.size >= INSECURE_CLIENTS_MAX) {
      oldest[1].close();
      this.#insecure.delete(oldest[0]);
    }
    const made = httpsTransport({
      server: origin,
      namespace: "",
      headers: () => Promise.resolve({}),
      insecureSkipTlsVerify: true,
    });
    this.#insecure.set(origin, made);
    return made;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The body; what is too long is not read to its end. */
async function textOf(
  chunks: AsyncIterable<Uint8Array>,
  { url, maxBytes }: FullRequest,
  announced: string | undefined,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = Number(announced ?? 0) > maxBytes ? Infinity : 0;
  // Leaving the loop lets go of the connection.
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      const limit = `${Math.round(maxBytes / 1024 / 1024 * 100) / 100} MiB`;
      throw new HttpFailure(`the answer of ${originOf(url)} is longer than ${limit}`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
