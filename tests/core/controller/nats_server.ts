/** As much of a NATS server as a publisher sees. */

interface Published {
  readonly subject: string;
  readonly headers: string;
  readonly payload: string;
}

export class NatsServer implements AsyncDisposable {
  readonly published: Published[] = [];
  readonly url: string;
  readonly #listener: Deno.TcpListener;
  readonly #login: { readonly user: string; readonly pass: string };

  constructor(login: { readonly user: string; readonly pass: string }) {
    this.#login = login;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = this.#listener.addr;
    this.url = `nats://127.0.0.1:${port}`;
    void this.#serve();
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) void this.#talk(connection).catch(() => {});
  }

  async #talk(connection: Deno.TcpConn): Promise<void> {
    const say = (text: string) => connection.write(new TextEncoder().encode(text));
    await say(
      'INFO {"server_id":"A","version":"2.10.0","headers":true,"max_payload":1048576,' +
        '"auth_required":true,"proto":1,"host":"127.0.0.1","port":1}\r\n',
    );
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of connection.readable) {
      text += decoder.decode(chunk, { stream: true });
      for (;;) {
        const end = text.indexOf("\r\n");
        if (end < 0) break;
        const [verb = "", ...words] = text.slice(0, end).split(" ");
        if (verb === "HPUB") {
          const [subject = "", ...sizes] = words;
          const [headerSize = 0, size = 0] = sizes.slice(-2).map(Number);
          const body = text.slice(end + 2, end + 2 + size);
          if (text.length < end + 4 + size) break;
          const [headers, payload] = [body.slice(0, headerSize), body.slice(headerSize)];
          this.published.push({ subject, headers, payload });
          text = text.slice(end + 4 + size);
          continue;
        }
        text = text.slice(end + 2);
        if (verb === "PING") await say("PONG\r\n");
        if (verb !== "CONNECT") continue;
        const { user, pass } = JSON.parse(words.join(" "));
        if (user === this.#login.user && pass === this.#login.pass) continue;
        await say("-ERR 'Authorization Violation'\r\n");
        return;
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    return Promise.resolve();
  }
}
