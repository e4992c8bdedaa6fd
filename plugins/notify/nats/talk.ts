/**
 * A connection to a NATS server that cannot harm the process: from the first moment to the last,
 * every socket has somebody who hears its errors. Whatever ends the talk, who waits is told why,
 * and nothing is open afterwards.
 */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { errorText } from "../../../sdk/wire/error_text.ts";

/** A server that is silent for so long is given up. */
const SILENCE_MS = 10_000;
/** No line of a server is longer; that of a large cluster names all its members. */
const LINE_LENGTH_MAX = 1024 * 1024;

export interface Place {
  readonly host: string;
  readonly port: number;
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

export class Talk {
  readonly #lines: string[] = [];
  readonly #sockets: Socket[] = [];
  #socket: Socket;
  #rest = "";
  #decoder = new TextDecoder();
  #waiting: Waiting | undefined;
  #ending: Error | undefined;

  /** The connection is being made; what goes wrong with it is told to who waits for a line. */
  constructor({ host, port }: Place) {
    this.#socket = connect({ host, port, noDelay: true, timeout: SILENCE_MS });
    this.#watch(this.#socket);
    this.#listen(this.#socket);
  }

  /** The next line, without its end. @throws {Error} when there will be none */
  line(): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ending !== undefined) return Promise.reject(this.#ending);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  say(words: string | Uint8Array): void {
    if (this.#ending === undefined) this.#socket.write(words);
  }

  /** Goes on under TLS. @throws {Error} when the server is not whom it should be */
  async encrypt(serverName: string): Promise<void> {
    if (this.#ending !== undefined) throw this.#ending;
    const plain = this.#socket;
    plain.removeAllListeners("data");
    this.#rest = "";
    this.#decoder = new TextDecoder();
    const secure = connectTls({ socket: plain, servername: serverName });
    this.#watch(secure);
    await new Promise<void>((resolve, reject) => {
      secure.once("secureConnect", resolve);
      this.#waiting = { resolve: () => resolve(), reject };
    });
    this.#waiting = undefined;
    if (this.#ending !== undefined) throw this.#ending;
    this.#socket = secure;
    this.#listen(secure);
  }

  /** Nothing is open afterwards, and nobody waits. */
  end(reason: unknown = new Error("the connection was closed")): void {
    this.#ending ??= reason instanceof Error ? reason : new Error(errorText(reason));
    for (const socket of this.#sockets) socket.destroy();
    this.#waiting?.reject(this.#ending);
    this.#waiting = undefined;
  }

  /** These listeners stay for good: an error that nobody hears ends the process. */
  #watch(socket: Socket): void {
    this.#sockets.push(socket);
    socket.on("error", (error) => this.end(error));
    socket.on("end", () => this.end(new Error("the server closed the connection")));
    socket.on("close", () => this.end(new Error("the server closed the connection")));
    socket.on("timeout", () => {
      // What goes through TLS is not seen below it; the deadline of a message counts there.
      if (socket !== this.#socket) return;
      this.end(new Error(`the server was silent for ${SILENCE_MS / 1000} s`));
    });
  }

  #listen(socket: Socket): void {
    socket.on("data", (chunk: Uint8Array) => {
      this.#rest += this.#decoder.decode(chunk, { stream: true });
      const lines = this.#rest.split("\r\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#hear(line);
      if (this.#rest.length > LINE_LENGTH_MAX) this.end(new Error("a line of it is too long"));
    });
  }

  #hear(line: string): void {
    if (this.#waiting === undefined) {
      this.#lines.push(line);
      return;
    }
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(line);
  }
}
