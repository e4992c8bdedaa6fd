/**
 * The machine's own clock and randomness, as the ports want them, and servers on its network ports.
 * This is the one room that reads the wall clock, starts timers and draws random numbers; whatever
 * needs them takes the port.
 *
 * Deliberately absent: any state. A virtual clock lives with the embedded cluster.
 *
 * @module
 */
export * from "./clock.ts";
export * from "./random.ts";
export { openServer, type Route, type RunningServer, type ServerOptions } from "./http_server.ts";
export { type ProcessUsage, processUsage } from "./process_usage.ts";
