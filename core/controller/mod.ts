/**
 * The long-running process: the engine with its controllers on a real cluster, and its log.
 * Leadership, health and telemetry are not here yet. What it decides lives in `core/rollout`.
 *
 * @module
 */
export { type LogFormat, type LogLevel, openLog } from "./log.ts";
export { HttpClient } from "./http_client.ts";
export type { ControllerSettings } from "./metric_ports.ts";
export {
  type Candidate,
  DEFAULT_TIMES,
  type ElectionTimes,
  LeaderElection,
  timesProblem,
} from "./leadership/mod.ts";
export { type OnePass, onePass, type OnePassOptions } from "./one_pass.ts";
export {
  type ControllerOptions,
  type RunningController,
  startController,
} from "./run_controller.ts";
