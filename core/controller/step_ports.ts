/** What step plugins may use of the world outside, for one call at a time. */
import type { StepPorts } from "../../sdk/step_plugin.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { StepScope } from "../rollout/mod.ts";
import { secretOf } from "./metric_ports.ts";
import { pluginPorts, type PluginPortsOptions } from "./plugin_ports.ts";

export interface StepPortsOptions extends PluginPortsOptions {
  readonly cluster: Cluster;
}

/** Makes the ports of one call after the other. */
export function stepPorts(
  options: StepPortsOptions,
): (scope: StepScope) => Omit<StepPorts, "conceal"> {
  const { cluster, http } = options;
  const common = pluginPorts(options);
  return ({ namespace, signal }) => ({
    ...common,
    signal,
    fetch: (request) => http.send(request, signal),
    secret: (name, key) => secretOf(cluster, { namespace, name, key }),
  });
}
