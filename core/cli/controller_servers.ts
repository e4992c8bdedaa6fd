/** The ports that the controller listens on. */
import { openServer, type RunningServer } from "../cluster/system/mod.ts";
import type { ControllerSight } from "../controller/mod.ts";
import type { Log } from "../ports/log.ts";
import type { ControllerChoice } from "./controller_flags.ts";
import { UsageError } from "./usage_error.ts";

/** @throws {UsageError} when a port cannot be had */
export async function openServers(
  { bindAddress: hostname, healthzPort: port }: ControllerChoice,
  { log, sight }: { log: Log; sight: () => ControllerSight },
): Promise<RunningServer[]> {
  if (port === 0) return [];
  const { healthz, readinessOf, readyz } = await import("../controller/mod.ts");
  const routes = { "/healthz": healthz, "/readyz": readyz(() => readinessOf(sight())) };
  try {
    return [openServer({ hostname, port, log, routes })];
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message}; choose another port with --healthzPort, or 0 for none`,
    );
  }
}
