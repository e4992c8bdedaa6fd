/**
 * The socket to a mail server, in our hands all the time: its errors are always heard, and it is
 * closed when nobody waits for the mail any more. The library that speaks SMTP over it leaves the
 * socket of a mail that is given up to its timeouts.
 */
import { connect, type Socket } from "node:net";

/** What the library asks for: it calls back with the open socket, or with why there is none. */
export type GetSocket = (
  options: unknown,
  done: (error: Error | null, socket?: { readonly connection: Socket }) => void,
) => void;

export class MailSocket {
  readonly #place: { readonly host: string; readonly port: number };
  readonly #timeoutMs: number;
  #socket: Socket | undefined;
  #isClosed = false;

  constructor(place: { readonly host: string; readonly port: number }, timeoutMs: number) {
    this.#place = place;
    this.#timeoutMs = timeoutMs;
  }

  readonly open: GetSocket = (_, done) => {
    if (this.#isClosed) return done(new Error("the mail was given up"));
    const socket = connect({ ...this.#place, timeout: this.#timeoutMs });
    this.#socket = socket;
    let isOpening = true;
    const settle = (error: Error | null) => {
      if (!isOpening) return;
      isOpening = false;
      socket.removeAllListeners("timeout");
      if (error === null) done(null, { connection: socket });
      else done(error);
    };
    // Stays for good: an error that nobody hears ends the process.
    socket.on("error", settle);
    socket.once("close", () => settle(new Error("the server closed the connection")));
    socket.once("timeout", () => {
      settle(new Error(`no connection within ${this.#timeoutMs / 1000} s`));
      socket.destroy();
    });
    socket.once("connect", () => settle(null));
  };

  close(): void {
    this.#isClosed = true;
    this.#socket?.destroy();
  }
}
