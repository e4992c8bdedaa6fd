/**
 * A wire to a server that can be damaged: it passes bytes on until it is told to swallow them (a
 * black hole, as after a lost packet filter entry) or to cut the connections.
 */
export class Wire implements AsyncDisposable {
  readonly url: string;
  /** Connections made so far. */
  connections = 0;
  readonly #listener: Deno.TcpListener;
  readonly #port: number;
  readonly #open = new Set<{ near: Deno.TcpConn; far: Deno.TcpConn; isSwallowing: boolean }>();
  readonly #pumps: Promise<void>[] = [];

  constructor(port: number) {
    this.#port = port;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `https://127.0.0.1:${this.#listener.addr.port}`;
    this.#pumps.push(this.#accept());
  }

  /** From now on the present connections stay open and carry nothing; new ones work. */
  swallow(): void {
    for (const pair of this.#open) pair.isSwallowing = true;
  }

  /** Closes the present connections. */
  cut(): void {
    for (const { near, far } of this.#open) {
      closeQuietly(near);
      closeQuietly(far);
    }
    this.#open.clear();
  }

  /** Connections open now. */
  get open(): number {
    return this.#open.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await Promise.all(this.#pumps);
  }

  async #accept(): Promise<void> {
    try {
      for await (const near of this.#listener) {
        this.connections++;
        const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
        const pair = { near, far, isSwallowing: false };
        this.#open.add(pair);
        this.#pumps.push(this.#pump(pair, near, far), this.#pump(pair, far, near));
      }
    } catch {
      // The listener was closed.
    }
  }

  async #pump(
    pair: { near: Deno.TcpConn; far: Deno.TcpConn; isSwallowing: boolean },
    from: Deno.TcpConn,
    to: Deno.TcpConn,
  ): Promise<void> {
    const buffer = new Uint8Array(16_384);
    try {
      while (true) {
        const length = await from.read(buffer);
        if (length === null) break;
        if (pair.isSwallowing) continue;
        for (let sent = 0; sent < length;) sent += await to.write(buffer.subarray(sent, length));
      }
    } catch {
      // The other side was closed.
    }
    this.#open.delete(pair);
    closeQuietly(pair.near);
    closeQuietly(pair.far);
  }
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It was closed already.
  }
}
