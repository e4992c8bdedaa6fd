/**
 * Simulation: a scenario in (objects, a script), an outcome out (timeline, events, counts, result),
 * on the embedded cluster with a virtual clock and the controller of production. Reading files and
 * printing happen elsewhere. Start with `simulate.ts`.
 *
 * @module
 */
export { routedTypeOf } from "./routed_kinds.ts";
export { EventLoop } from "./event_loop.ts";
export { NO_READER, type Provider } from "./fed_providers.ts";
export { ALL, MetricData, parseAssumptions, parseSeries, type Series } from "./metric_data.ts";
export { type MissingData, type MissingStep, stepNames } from "./rehearsal.ts";
export { isStepPlugin, parseStepSeries, type StepSeries } from "./step_data.ts";
export { renderTestedRun } from "./render_tested_run.ts";
export { rehearsedMeasuring } from "./simulated_analysis.ts";
export {
  lengthMs,
  type RunTest,
  type TestedMetric,
  type TestedRun,
  type TestOptions,
  testRun,
} from "./tested_run.ts";
export { COMMAND_USAGE } from "./command_text.ts";
export { isLive, sortObjects } from "./live_objects.ts";
export { newestTimeMs } from "./live_times.ts";
export { ObjectRefused } from "./object_refused.ts";
export type { ExperimentEntry } from "./experiment_timeline.ts";
export { type EventEntry, exitCodeOf, type Outcome, type Result } from "./outcome.ts";
export { reportPage } from "./report/mod.ts";
export { type ShownOutcome, shownOutcome } from "./shown_outcome.ts";
export { renderTimeline } from "./render_timeline.ts";
export { timeText } from "./time_text.ts";
export { REPLICAS_MAX } from "./limits.ts";
export { type Scenario, START_MS, UNTIL_DEFAULT_MS } from "./scenario.ts";
export { parseScript, parseTimedCommand, type ScriptEntry } from "./script.ts";
export { ScriptError } from "./script_error.ts";
export { type Moment, simulate, type Watcher } from "./simulate.ts";
export { NoRestError } from "./simulated_world.ts";
export type { SetEntry, TimelineEntry } from "./timeline.ts";
export { parseDurationMs } from "./duration.ts";
export type { SentNotification } from "./simulated_notifications.ts";
