/** Case 02, a canary that succeeds: its fixtures, and what a run of it must show. */
import manifests from "../fixtures/seeds/02-canary-success/manifests.yaml" with { type: "text" };
import script from "../fixtures/seeds/02-canary-success/script.json" with { type: "json" };
import recordedEvents from "../fixtures/seeds/02-canary-success/events.json" with { type: "json" };
import screens from "../fixtures/seeds/02-canary-success/screens.json" with { type: "json" };
import snapshot1 from "../fixtures/seeds/02-canary-success/snapshots/01.json" with { type: "json" };
import snapshot2 from "../fixtures/seeds/02-canary-success/snapshots/02.json" with { type: "json" };
import snapshot3 from "../fixtures/seeds/02-canary-success/snapshots/03.json" with { type: "json" };
import snapshot4 from "../fixtures/seeds/02-canary-success/snapshots/04.json" with { type: "json" };
import snapshot5 from "../fixtures/seeds/02-canary-success/snapshots/05.json" with { type: "json" };
import type { ClusterState, NamedDifference } from "./compare.ts";
import { playRecorded } from "./recorded_case.ts";
import type { CaseRun, CaseWorld, ScriptLine } from "./run_case.ts";

const SNAPSHOTS = [snapshot1, snapshot2, snapshot3, snapshot4, snapshot5] as unknown[];
const ROLLOUT = "rollout/mock-server";

/**
 * docs/differences.md tells the reason at length. `left` pods are stable's when its Service moves
 * on: two when all canary pods get ready at one moment, one when they do so in bursts.
 */
const differences = (left: 1 | 2): readonly NamedDifference[] => [{
  why: "S6: the stable Service leaves a set before its last pods do",
  expected: [
    `Normal ${ROLLOUT} ScalingReplicaSet: Scaled down ReplicaSet mock-server-H1 (revision 1) ` +
    "from 3 to 0",
    `Normal ${ROLLOUT} ScalingReplicaSet: Scaled up ReplicaSet mock-server-H3 (revision 3) ` +
    "from 2 to 5",
    `Normal ${ROLLOUT} RolloutStepCompleted: Rollout step 5/5 completed (setWeight: 100)`,
    `Normal ${ROLLOUT} RolloutCompleted: Rollout completed update to revision 3 (H3): ` +
    "Completed all 5 canary steps",
    `Normal ${ROLLOUT} SwitchService: Switched selector for service 'mock-server-stable' ` +
    "from 'H1' to 'H3'",
  ],
  actual: [
    `Normal ${ROLLOUT} ScalingReplicaSet: Scaled down ReplicaSet mock-server-H1 (revision 1) ` +
    `from 3 to ${left}`,
    `Normal ${ROLLOUT} ScalingReplicaSet: Scaled up ReplicaSet mock-server-H3 (revision 3) ` +
    "from 2 to 5",
    `Normal ${ROLLOUT} SwitchService: Switched selector for service 'mock-server-stable' ` +
    "from 'H1' to 'H3'",
    `Normal ${ROLLOUT} ScalingReplicaSet: Scaled down ReplicaSet mock-server-H1 (revision 1) ` +
    `from ${left} to 0`,
    `Normal ${ROLLOUT} RolloutStepCompleted: Rollout step 5/5 completed (setWeight: 100)`,
    `Normal ${ROLLOUT} RolloutCompleted: Rollout completed update to revision 3 (H3): ` +
    "Completed all 5 canary steps",
  ],
}];

/** Plays the case and compares states, screens and events with what was recorded. */
export function playCase02(world: CaseWorld): Promise<CaseRun> {
  return playRecorded(world, {
    manifests,
    script: script as ScriptLine[],
    events: recordedEvents,
    states: SNAPSHOTS as ClusterState[],
    screens: screens.map(({ screen }) => screen),
    differences: [differences(2), differences(1)],
  });
}
