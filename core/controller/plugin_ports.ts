/** What plugins may use of the world outside, in a running controller. */
import type { HttpRequest, HttpResponse, PluginPorts } from "../../sdk/ports.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";

const TIMEOUT_MS = 10_000;
const LEVELS = Object.freeze({ debug: "debug", info: "info", warning: "warn", error: "error" });

export function pluginPorts({ clock, log }: { clock: Clock; log: Log }): PluginPorts {
  return {
    now: () => clock.now(),
    fetch: send,
    log: (level, message) => log[LEVELS[level] as "info"](message, {}),
  };
}

async function send({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpResponse> {
  const response = await fetch(url, {
    method: method ?? "GET",
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}
