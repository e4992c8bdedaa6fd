/**
 * Which one of several controllers acts: the rules (`election.ts`), the Lease on the wire
 * (`lease.ts`), and the one that keeps it (`leader_election.ts`). What leading means for passes and
 * writes is in the engine.
 *
 * @module
 */
export { type Candidate, DEFAULT_TIMES, type ElectionTimes, timesProblem } from "./election.ts";
export { FencedCluster, Fences } from "./fenced_cluster.ts";
export { LeaderElection, type LeaderElectionPorts } from "./leader_election.ts";
