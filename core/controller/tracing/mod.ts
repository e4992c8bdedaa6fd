/**
 * Passes as traces of OpenTelemetry, loaded where the environment asks for them; start at
 * `open_traces.ts`. Deliberately absent: the runtime's own telemetry, which an executable cannot
 * switch on by its environment, and traces of reads.
 *
 * @module
 */
export { openTraces, type Traces, type TracesOptions } from "./open_traces.ts";
