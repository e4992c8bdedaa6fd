import type { Clock } from "../../ports/clock.ts";
import type { Credentials } from "./credentials.ts";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

/** How long the first request of a client may keep the others waiting. */
const HEAD_START_MS = 750;

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A client of the runtime's own: HTTP/2, all streams on one connection. */
export function fetchTransport(credentials: Credentials, clock: Clock): Transport {
  const client = openClient(credentials);
  const base = credentials.server.replace(/\/+$/, "");
  let isConnected: Promise<void> | undefined;

  async function send({ path, ...init }: TransportRequest): Promise<TransportAnswer> {
    const response = await fetch(base + path, { ...init, client, redirect: "manual" });
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after") ?? undefined,
      headers: () => Object.fromEntries(response.headers),
      text: () => response.text(),
      chunks: () => response.body ?? nothing(),
    };
  }

  return {
    async ready() {
      await isConnected;
    },
    // Without a connection, the client would start one for each request, a hundred handshakes for
    // a hundred watches, to keep the quickest. So the first request goes ahead.
    async send(request: TransportRequest) {
      if (isConnected !== undefined) {
        await isConnected;
        return send(request);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      isConnected = promise;
      const cancel = clock.after(HEAD_START_MS, resolve);
      try {
        return await send(request);
      } finally {
        cancel();
        resolve();
      }
    },
    // Streams under way hold the connection until they end; who waits for it has to be sent first.
    close() {
      void (isConnected ?? Promise.resolve()).then(() => client.close());
    },
  };
}

function openClient(credentials: Credentials): Deno.HttpClient {
  const { caPem, certPem, keyPem, proxyUrl } = credentials;
  try {
    return Deno.createHttpClient({
      ...(caPem !== undefined && { caCerts: [caPem] }),
      ...(proxyUrl !== undefined && { proxy: { url: proxyUrl } }),
      ...(certPem !== undefined && keyPem !== undefined && { cert: certPem, key: keyPem }),
    });
  } catch (error) {
    const detail = errorText(error);
    throw new Error(
      `Cannot connect to "${credentials.server}": its certificates are not usable: ${detail}`,
      { cause: error },
    );
  }
}
