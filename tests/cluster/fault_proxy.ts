/**
 * A proxy in front of the API server, with its certificate, that can be told to misbehave: to answer
 * in its place, to lose answers, to cut and to stall watches.
 */
import type { ControlPlane } from "./control_plane/boot.ts";

/** What may be done instead of carrying a request. */
export type Misdeed =
  /** An answer in place of the server's; nothing reaches it. */
  | { readonly answer: Response }
  /** The server does what it is asked; its answer is lost. */
  | "loseAnswer";

/** Decides about each request. */
export type Mischief = (request: Request) => Misdeed | undefined;

/** A watch that is under way. */
interface OpenWatch {
  /** Breaks off: at once, or in the middle of its next event. */
  cut(isMidLine: boolean): void;
  /** Holds everything back for that time. */
  stall(durationMs: number): void;
}

export class FaultProxy implements AsyncDisposable {
  readonly #plane: ControlPlane;
  readonly #client: Deno.HttpClient;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #watches = new Set<OpenWatch>();
  /** Absent: all is carried. */
  mischief: Mischief | undefined;
  /** Requests that the server itself was too busy for. */
  busy = 0;
  /** What it has done to them. */
  readonly done = { answered: 0, lost: 0, cut: 0, cutMidLine: 0, stalled: 0 };

  private constructor(plane: ControlPlane, certificate: { cert: string; key: string }) {
    this.#plane = plane;
    this.#client = Deno.createHttpClient({ caCerts: [plane.caPem], poolMaxIdlePerHost: 100 });
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, ...certificate, onListen() {}, onError: broken },
      (request) => this.#carry(request),
    );
  }

  static async start(plane: ControlPlane): Promise<FaultProxy> {
    const path = `${plane.directory}/certificates/apiserver`;
    const cert = await Deno.readTextFile(`${path}.crt`);
    return new FaultProxy(plane, { cert, key: await Deno.readTextFile(`${path}.key`) });
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** Watches under way. */
  get watches(): readonly OpenWatch[] {
    return [...this.#watches];
  }

  cut(watch: OpenWatch, isMidLine: boolean): void {
    this.done[isMidLine ? "cutMidLine" : "cut"]++;
    watch.cut(isMidLine);
  }

  stall(watch: OpenWatch, durationMs: number): void {
    this.done.stalled++;
    watch.stall(durationMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) watch.cut(false);
    this.#client.close();
    await this.#server.shutdown();
  }

  async #carry(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const misdeed = this.mischief?.(request);
    if (typeof misdeed === "object") {
      this.done.answered++;
      await request.body?.cancel();
      return misdeed.answer;
    }
    const { method } = request;
    const headers = new Headers(request.headers);
    headers.delete("host");
    const response = await fetch(this.#plane.url + url.pathname + url.search, {
      method,
      headers,
      client: this.#client,
      ...(request.body === null ? {} : { body: await request.arrayBuffer() }),
    });
    if (response.status === 429) this.busy++;
    if (misdeed === "loseAnswer") {
      this.done.lost++;
      await response.body?.cancel();
      return new Response(brokenBody(), { status: response.status, headers: response.headers });
    }
    const isWatch = url.searchParams.has("watch") && response.ok && response.body !== null;
    const body = isWatch && response.body ? this.#watched(response.body) : response.body;
    return new Response(body, { status: response.status, headers: response.headers });
  }

  #watched(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = source.getReader();
    let isMidLine = false;
    let stalledUntilMs = 0;
    let break_: () => void = () => {};
    const watch: OpenWatch = {
      cut(wantsMidLine) {
        if (wantsMidLine) isMidLine = true;
        else break_();
      },
      stall(durationMs) {
        stalledUntilMs = performance.now() + durationMs;
      },
    };
    this.#watches.add(watch);
    const end = () => {
      this.#watches.delete(watch);
      reader.cancel().catch(() => {});
    };
    return new ReadableStream({
      start(controller) {
        break_ = () => {
          end();
          controller.error(new Error("cut"));
        };
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          const leftMs = stalledUntilMs - performance.now();
          if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
          if (done) {
            end();
            return controller.close();
          }
          if (!isMidLine) return controller.enqueue(value);
          controller.enqueue(value.subarray(0, Math.floor(value.length / 2)));
          // The half has to get through before the way breaks.
          setTimeout(break_, 20);
        } catch {
          // The server went, or the watch was cut in the meantime.
          end();
          try {
            controller.error(new Error("cut"));
          } catch {
            // It had been told already.
          }
        }
      },
      cancel: end,
    });
  }
}

/** The answer of a server that asks for patience. */
export function busyAnswer(retryAfterSeconds: number): Response {
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Too many requests, please try again later.",
    reason: "TooManyRequests",
    details: { retryAfterSeconds },
    code: 429,
  };
  const headers = { "retry-after": String(retryAfterSeconds) };
  return Response.json(status, { status: 429, headers });
}

/** The answer of a proxy that has lost its server: a page for people. */
export function gatewayAnswer(status: number): Response {
  const headers = { "content-type": "text/html" };
  return new Response(`<html><h1>${status} Bad Gateway</h1></html>`, { status, headers });
}

function broken(): Response {
  return gatewayAnswer(502);
}

function brokenBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.error(new Error("lost"));
    },
  });
}
