/** A small HTTP server for probes and metrics: a few paths, read only. */
import type { Log } from "../../ports/log.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

/** Gives the answer to a GET. */
export type Route = (request: Request) => Response | Promise<Response>;

export interface ServerOptions {
  /** The address to listen on; `0.0.0.0` for all. */
  readonly hostname: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly routes: Readonly<Record<string, Route>>;
  readonly log: Log;
}

export interface RunningServer {
  readonly port: number;
  /** Takes no more requests; resolves when those under way are answered, or after a second. */
  close(): Promise<void>;
}

/** @throws {Error} in one sentence, when it cannot listen there */
export function openServer({ hostname, port, routes, log }: ServerOptions): RunningServer {
  try {
    const server = Deno.serve({
      hostname,
      port,
      onListen() {},
      onError(error) {
        log.error("a request to this controller failed", { cause: String(error) });
        return new Response("internal error\n", { status: 500 });
      },
    }, (request) => answer(request, routes));
    return { port: server.addr.port, close: () => closed(server) };
  } catch (error) {
    throw new Error(`Cannot listen on ${hostname}:${port}: ${causeOf(error)}`, { cause: error });
  }
}

/** How long a client that reads slowly, or never ends its request, is waited for. */
const CLOSE_MAX_MS = 1_000;

async function closed(server: Deno.HttpServer): Promise<void> {
  // Whoever is left then must not keep the process alive.
  server.unref();
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_MAX_MS);
  await Promise.race([server.shutdown(), late]);
  clearTimeout(timer);
}

function answer(request: Request, routes: Readonly<Record<string, Route>>): ReturnType<Route> {
  const { pathname } = new URL(request.url);
  const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
  if (route === undefined) return new Response("not found\n", { status: 404 });
  if (request.method === "GET" || request.method === "HEAD") return route(request);
  return new Response("only GET\n", { status: 405, headers: { Allow: "GET, HEAD" } });
}

function causeOf(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) return "another program listens there";
  if (error instanceof Deno.errors.AddrNotAvailable) return "this machine has no such address";
  const isDenied = error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable;
  if (isDenied) return "permission denied";
  return errorText(error);
}
