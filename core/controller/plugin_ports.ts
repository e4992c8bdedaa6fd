/** What plugins may use of the world outside, in a running controller. */
import type { HttpRequest, HttpResponse, PluginPorts } from "../../sdk/ports.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";

const LEVELS = Object.freeze({ debug: "debug", info: "info", warning: "warn", error: "error" });

/** Who sends requests for plugins: an `HttpClient`. */
export interface HttpSender {
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

export interface PluginPortsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly http: HttpSender;
}

export function pluginPorts({ clock, log, http }: PluginPortsOptions): PluginPorts {
  return {
    now: () => clock.now(),
    fetch: (request) => http.send(request),
    log: (level, message) => log[LEVELS[level] as "info"](message, {}),
  };
}
