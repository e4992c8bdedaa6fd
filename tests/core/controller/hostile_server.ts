/** Servers that break off: at a given point of a talk, in a given manner. */
import { createServer, type Server, type Socket } from "node:net";

/** Less than the idle time after which a library closes what it has forgotten. */
const LEAVING_MAX_MS = 8_000;

/** How a talk ends: RST, FIN, or not at all: nothing more is said. */
export type Manner = "reset" | "end" | "silence";

export const MANNERS: readonly Manner[] = ["reset", "end", "silence"];

/** One thing that a server says, as soon as it has heard what it waits for. */
export interface Line {
  /** Absent: it is said at once. */
  readonly after?: RegExp;
  readonly say: string;
}

export interface Talk {
  readonly lines: readonly Line[];
  /** So many lines are said whole; of the next one only the first half. */
  readonly whole: number;
  readonly isHalfSaid: boolean;
  readonly manner: Manner;
}

/** Says the lines of a talk to whoever comes, and breaks off where the talk says so. */
export class HostileServer implements AsyncDisposable {
  readonly port: number;
  /** Resolves when the first talk is broken off. */
  readonly brokenOff: Promise<void>;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>, brokenOff: Promise<void>) {
    this.#server = server;
    this.#sockets = sockets;
    this.brokenOff = brokenOff;
    this.port = (server.address() as { port: number }).port;
  }

  static async start(talk: Talk): Promise<HostileServer> {
    const sockets = new Set<Socket>();
    const { promise: brokenOff, resolve: onBreak } = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      follow(talk, socket, onBreak);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new HostileServer(server, sockets, brokenOff);
  }

  /** Resolves when the other side has let go of every connection, which it does at once. */
  async left(): Promise<void> {
    const endMs = Date.now() + LEAVING_MAX_MS;
    while (this.#sockets.size > 0) {
      if (Date.now() > endMs) throw new Error("the other side keeps a connection open");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function follow(
  { lines, whole, isHalfSaid, manner }: Talk,
  socket: Socket,
  onBreak: () => void,
): void {
  let [heard, at] = ["", 0];
  let isOver = false;
  const speak = () => {
    while (!isOver) {
      const line = lines[at];
      const isDue = line === undefined || line.after === undefined || line.after.test(heard);
      if (!isDue) return;
      if (at < whole && line !== undefined) {
        if (line.after !== undefined) heard = heard.replace(line.after, "");
        socket.write(line.say);
        at++;
        continue;
      }
      isOver = true;
      const half = line?.say.slice(0, line.say.length / 2) ?? "";
      const breakOff = () => {
        if (manner === "reset") socket.resetAndDestroy();
        else if (manner === "end") socket.end();
        onBreak();
      };
      if (isHalfSaid && half !== "") socket.write(half, breakOff);
      else breakOff();
    }
  };
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    heard += chunk.toString();
    speak();
  });
  speak();
}
