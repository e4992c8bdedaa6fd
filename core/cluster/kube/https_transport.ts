import { Agent, request as openRequest } from "node:https";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Credentials } from "./credentials.ts";
import { textOf } from "./line_splitter.ts";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.ts";

/** A client over `node:https` (HTTP/1.1, a connection for each request under way). */
export function httpsTransport(credentials: Credentials): Transport {
  if (credentials.proxyUrl !== undefined) {
    throw new Error(
      `Cannot connect to "${credentials.server}": ` +
        "a proxy cannot be combined with insecure-skip-tls-verify or tls-server-name",
    );
  }
  return new HttpsTransport(credentials);
}

class HttpsTransport implements Transport {
  readonly #base: string;
  readonly #agent: Agent;
  #underWay = 0;
  #isClosed = false;

  constructor(credentials: Credentials) {
    this.#base = credentials.server.replace(/\/+$/, "");
    this.#agent = new Agent({
      keepAlive: true,
      rejectUnauthorized: !credentials.insecureSkipTlsVerify,
      ...(credentials.caPem !== undefined && { ca: credentials.caPem }),
      ...(credentials.certPem !== undefined && { cert: credentials.certPem }),
      ...(credentials.keyPem !== undefined && { key: credentials.keyPem }),
      ...(credentials.tlsServerName !== undefined && { servername: credentials.tlsServerName }),
    });
  }

  async send(request: TransportRequest): Promise<TransportAnswer> {
    request.signal.throwIfAborted();
    const { path, method, headers, body, signal } = request;
    const outgoing = openRequest(this.#base + path, { method, headers, agent: this.#agent });
    const abort = () => outgoing.destroy(new Error("it was cancelled"));
    signal.addEventListener("abort", abort);
    const finish = () => {
      // A finished request shares its connection with the next one, which must not be cut.
      signal.removeEventListener("abort", abort);
      this.#finish();
    };
    this.#underWay++;
    try {
      const message = await answerTo(outgoing, body);
      return {
        status: message.statusCode ?? 0,
        retryAfter: message.headers["retry-after"],
        headers: () => headersOf(message),
        text: () => textOf(read(message, finish)),
        chunks: () => read(message, finish),
      };
    } catch (error) {
      finish();
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#underWay === 0) this.#agent.destroy();
  }

  /** The agent would cut connections in use, so a closed client waits for the last of them. */
  #finish(): void {
    this.#underWay--;
    if (this.#isClosed && this.#underWay === 0) this.#agent.destroy();
  }
}

function answerTo(outgoing: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    // Stays for the whole exchange: after the head, an error reaches the reader of the body.
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );
}

async function* read(message: IncomingMessage, finish: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* message;
  } finally {
    // What was read to its end leaves a connection that the next request can use.
    if (!message.complete) message.destroy();
    finish();
  }
}
