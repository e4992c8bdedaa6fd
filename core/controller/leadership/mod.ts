/**
 * Which one of several controllers acts: the rules (`election.ts`), the Lease on the wire
 * (`lease.ts`), the one that keeps it (`leader_election.ts`), and how controllers of other
 * namespaces are found (`other_controllers.ts`). What leading means for passes is in the engine,
 * and for writes in `fenced_cluster.ts`.
 *
 * @module
 */
export { type Candidate, DEFAULT_TIMES, type ElectionTimes, timesProblem } from "./election.ts";
export { FencedCluster, Fences } from "./fenced_cluster.ts";
export { OtherControllers, type OtherControllersOptions } from "./other_controllers.ts";
export type { Reach } from "./reach.ts";
export { LeaderElection, type LeaderElectionPorts } from "./leader_election.ts";
