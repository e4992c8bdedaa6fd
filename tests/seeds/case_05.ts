/**
 * Case 05, a canary whose traffic an Istio VirtualService splits by Services, measured after its pause: no
 * request came, and it fails; after a retry some do, and it succeeds.
 */
import manifests from "../fixtures/seeds/05-canary-istio-vs-analysis/manifests.yaml" with {
  type: "text",
};
import script from "../fixtures/seeds/05-canary-istio-vs-analysis/script.json" with {
  type: "json",
};
import events from "../fixtures/seeds/05-canary-istio-vs-analysis/events.json" with {
  type: "json",
};
import documented from "../fixtures/seeds/05-canary-istio-vs-analysis/screens.json" with {
  type: "json",
};
import snapshot1 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/01.json" with {
  type: "json",
};
import snapshot2 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/02.json" with {
  type: "json",
};
import snapshot3 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/03.json" with {
  type: "json",
};
import snapshot4 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/04.json" with {
  type: "json",
};
import snapshot5 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/05.json" with {
  type: "json",
};
import snapshot6 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/06.json" with {
  type: "json",
};
import snapshot7 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/07.json" with {
  type: "json",
};
import snapshot8 from "../fixtures/seeds/05-canary-istio-vs-analysis/snapshots/08.json" with {
  type: "json",
};
import recordedScreens from "../fixtures/view/05-canary-istio-vs-analysis.json" with {
  type: "json",
};
import type { ClusterState, NamedDifference } from "./compare.ts";
import { inWordsOfToday } from "./measured_traffic.ts";
import { compareScreens, playRecorded, withDelays } from "./recorded_case.ts";
import type { CaseRun, CaseWorld, ScriptLine } from "./run_case.ts";

const STATES = [
  snapshot1,
  snapshot2,
  snapshot3,
  snapshot4,
  snapshot5,
  snapshot6,
  snapshot7,
  snapshot8,
] as unknown[];

const ROLLOUT = "rollout/mock-server";

const DIFFERENCES: readonly NamedDifference[] = [{
  why: "saved write: the abort and its weights are one status, told after what was done; the " +
    "Service rests on stable",
  expected: [
    `Warning ${ROLLOUT} AnalysisRunFailed: Step Analysis Run 'mock-server-H2-2-2' ` +
    "Status New: 'Failed' Previous: 'Running'",
    `Warning ${ROLLOUT} RolloutAborted: Rollout aborted update to revision 2: ` +
    'Step-based analysis phase error/failed: Metric "success-rate" assessed Failed due to ' +
    "failed (3) > failureLimit (2)",
    `Normal ${ROLLOUT} SwitchService: Switched selector for service 'mock-server-canary' ` +
    "from 'H2' to 'H1'",
    `Normal ${ROLLOUT} Updated VirtualService: VirtualService \`mock-server\` set to ` +
    "desiredWeight '0'",
    `Normal ${ROLLOUT} TrafficWeightUpdated: Traffic weight updated from 20 to 0`,
    `Normal ${ROLLOUT} SwitchService: Switched selector for service 'mock-server-canary' ` +
    "from 'H1' to 'H2'",
  ],
  actual: [
    `Normal ${ROLLOUT} Updated VirtualService: VirtualService \`mock-server\` set to ` +
    "desiredWeight '0'",
    `Warning ${ROLLOUT} AnalysisRunFailed: Step Analysis Run 'mock-server-H2-2-2' ` +
    "Status New: 'Failed' Previous: 'Running'",
    `Warning ${ROLLOUT} RolloutAborted: Rollout aborted update to revision 2: ` +
    'Step-based analysis phase error/failed: Metric "success-rate" assessed Failed due to ' +
    "failed (3) > failureLimit (2)",
    `Normal ${ROLLOUT} TrafficWeightUpdated: Traffic weight updated from 20 to 0`,
    `Normal ${ROLLOUT} SwitchService: Switched selector for service 'mock-server-canary' ` +
    "from 'H2' to 'H1'",
  ],
}];

/** Plays the case and compares it with what was recorded, and with the screens of its document. */
export async function playCase05(world: CaseWorld): Promise<CaseRun> {
  const run = await playRecorded(world, {
    manifests,
    script: withDelays(script as ScriptLine[]),
    events,
    states: STATES as ClusterState[],
    screens: recordedScreens.map(({ screen }) => screen),
    differences: [DIFFERENCES],
  });
  compareScreens(documented.map(({ screen }) => inWordsOfToday(screen)), run.screens);
  return run;
}
