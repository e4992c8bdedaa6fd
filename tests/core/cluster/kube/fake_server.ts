import caPem from "./certificates/ca.pem" with { type: "text" };
import cert from "./certificates/server.pem" with { type: "text" };
import key from "./certificates/server_key.pem" with { type: "text" };
import { KubeCluster, type KubeClusterOptions } from "../../../../core/cluster/kube/mod.ts";
import type { Credentials } from "../../../../core/cluster/kube/mod.ts";
import { silentLog } from "../../../../core/ports/mod.ts";
import { ManualClock } from "./manual_clock.ts";

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Headers;
  readonly body: string;
}

/** Answers one request; the second argument counts them from 1. */
export type Answer = (seen: Seen, count: number) => Response | Promise<Response>;

/** An HTTPS server on loopback that answers as a test says. */
export class FakeServer implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly url: string;
  readonly port: number;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #waiting: { count: number; resolve: () => void }[] = [];

  constructor(answer: Answer) {
    const options = { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} };
    this.#server = Deno.serve(options, async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const seen = {
        method: request.method,
        path: pathname,
        query: Object.fromEntries(searchParams),
        // A copy: the request's own are gone once it is answered.
        headers: new Headers(request.headers),
        body: await request.text(),
      };
      this.seen.push(seen);
      const count = this.seen.length;
      for (const waiting of this.#waiting) if (count >= waiting.count) waiting.resolve();
      return await answer(seen, count);
    });
    this.port = this.#server.addr.port;
    this.url = `https://127.0.0.1:${this.port}`;
  }

  /** Resolves when so many requests have come in. */
  async received(count: number): Promise<void> {
    if (this.seen.length >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** Credentials for a fake server; `change` replaces parts of them. */
export function credentialsFor(url: string, change: Partial<Credentials> = {}): Credentials {
  return {
    server: url,
    namespace: "default",
    caPem,
    headers: () => Promise.resolve({ Authorization: "Bearer secret" }),
    ...change,
  };
}

/** An adapter on a clock that moves only when told, closed at the end of its scope. */
export class TestCluster extends KubeCluster implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly warnings: string[];

  constructor(
    url: string,
    options: KubeClusterOptions = {},
    change: Partial<Credentials> = {},
  ) {
    const clock = new ManualClock();
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    super(credentialsFor(url, change), { clock, log, random: { next: () => 0.5 } }, options);
    this.clock = clock;
    this.warnings = warnings;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers });
}

/** The answer of an API server that refuses. */
export function refusal(
  code: number,
  reason: string,
  headers: Record<string, string> = {},
): Response {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", code, reason };
  return json({ ...status, message: `told: ${reason}` }, code, headers);
}

/** A watch that a test feeds by hand. */
export class Feed {
  readonly response: Response;
  isCancelled = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor() {
    this.response = new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.isCancelled = true;
        },
      }),
    );
  }

  /** Sends bytes, or a value as one line of JSON. */
  send(value: unknown): void {
    const bytes = value instanceof Uint8Array
      ? value
      : new TextEncoder().encode(JSON.stringify(value) + "\n");
    this.#controller?.enqueue(bytes);
  }

  end(): void {
    this.#controller?.close();
  }
}
