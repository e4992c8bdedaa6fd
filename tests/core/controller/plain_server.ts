/** A request as the server saw it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** An HTTP server on loopback that answers as a test says. */
export class PlainServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly url: string;
  /** Connections as the server told them apart, by the port of the client. */
  readonly clients = new Set<number>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #ending = new AbortController();

  constructor(answer: (asked: Asked) => Response | Promise<Response>) {
    const { signal } = this.#ending;
    const options = { hostname: "127.0.0.1", port: 0, onListen() {}, signal };
    this.#server = Deno.serve(options, async (request, { remoteAddr }) => {
      const { pathname, search } = new URL(request.url);
      const asked = {
        method: request.method,
        path: pathname + search,
        headers: new Headers(request.headers),
        body: await request.text(),
      };
      this.asked.push(asked);
      this.clients.add(remoteAddr.port);
      return await answer(asked);
    });
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#server.finished;
  }
}
