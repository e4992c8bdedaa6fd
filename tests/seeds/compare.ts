/**
 * Comparing a run with a recorded one: screens, events and states, without what differs from run
 * to run. Everything here is pure; what is alike gives equal text or an empty list.
 *
 * Deliberately absent: running a case and reading its fixtures.
 *
 * @module
 */
export {
  compareEvents,
  eventHashes,
  type NamedDifference,
  normaliseEvents,
  type SeenEvent,
} from "./compare_events.ts";
export {
  type ClusterState,
  compareState,
  isOfRollout,
  type ReplicaSetState,
  type RoutedState,
  type RunHashes,
  type ServiceState,
  stateHashes,
  type StateObjects,
  stateOf,
} from "./compare_state.ts";
export { diffLines } from "./diff_lines.ts";
export { hashesIn, hashesOf, type HashMap, mapHashes } from "./hash_map.ts";
export { normaliseScreen } from "./normalise_screen.ts";
