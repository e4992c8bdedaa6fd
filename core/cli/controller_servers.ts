/** The ports that the controller listens on. */
import { openServer, type Route, type RunningServer } from "../cluster/system/mod.ts";
import type { Log } from "../ports/log.ts";
import type { ControllerChoice } from "./controller_flags.ts";
import { UsageError } from "./usage_error.ts";

/** What is served on each port, by the names of its flag and of its paths. */
export type Routes = Readonly<Record<keyof ControllerChoice["ports"], Record<string, Route>>>;

/** @throws {UsageError} when a port cannot be had */
export async function openServers(
  { bindAddress: hostname, ports }: ControllerChoice,
  { log, routes }: { readonly log: Log; readonly routes: Routes },
): Promise<RunningServer[]> {
  const servers: RunningServer[] = [];
  for (const flag of ["healthzPort", "metricsPort"] as const) {
    const port = ports[flag];
    const isShared = flag === "metricsPort" && port === ports.healthzPort;
    if (port === 0 || isShared) continue;
    const isForAll = ports.healthzPort === ports.metricsPort;
    const served = isForAll ? { ...routes.healthzPort, ...routes.metricsPort } : routes[flag];
    try {
      servers.push(openServer({ hostname, port, log, routes: served }));
    } catch (error) {
      for (const server of servers) await server.close();
      throw new UsageError(
        `${(error as Error).message}; choose another port with --${flag}, or 0 for none`,
      );
    }
  }
  return servers;
}
