/**
 * The long-running process: the engine with its controllers on a real cluster, its log, which one
 * of several acts (`leadership`), what kubelets and operators ask it (`probes.ts`), and its traces
 * (`tracing`). What it decides lives in `core/rollout`.
 *
 * @module
 */
export { askedTraces } from "./asked_traces.ts";
export { type LogFormat, type LogLevel, openLog } from "./log.ts";
export { Operations } from "./operations.ts";
export { HttpClient } from "./http_client.ts";
export type { ControllerSettings } from "./metric_ports.ts";
export {
  type Candidate,
  DEFAULT_TIMES,
  type ElectionTimes,
  LeaderElection,
  type LeaderElectionPorts,
  OtherControllers,
  type Reach,
  timesProblem,
} from "./leadership/mod.ts";
export { notifierSettings } from "./notifications.ts";
export { configuredPlugins, type PluginConfigPorts } from "./plugin_config.ts";
export { type OnePass, onePass, type OnePassOptions } from "./one_pass.ts";
export {
  type ControllerOptions,
  type RunningController,
  startController,
} from "./run_controller.ts";
