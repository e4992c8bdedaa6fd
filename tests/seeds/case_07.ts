/** Case 07, a canary whose traffic Istio splits by subsets of a DestinationRule: its fixtures, and what a run must show. */
import manifests from "../fixtures/seeds/07-canary-istio-destinationrule/manifests.yaml" with {
  type: "text",
};
import script from "../fixtures/seeds/07-canary-istio-destinationrule/script.json" with {
  type: "json",
};
import events from "../fixtures/seeds/07-canary-istio-destinationrule/events.json" with {
  type: "json",
};
import documented from "../fixtures/seeds/07-canary-istio-destinationrule/screens.json" with {
  type: "json",
};
import snapshot1 from "../fixtures/seeds/07-canary-istio-destinationrule/snapshots/01.json" with {
  type: "json",
};
import snapshot2 from "../fixtures/seeds/07-canary-istio-destinationrule/snapshots/02.json" with {
  type: "json",
};
import snapshot3 from "../fixtures/seeds/07-canary-istio-destinationrule/snapshots/03.json" with {
  type: "json",
};
import snapshot4 from "../fixtures/seeds/07-canary-istio-destinationrule/snapshots/04.json" with {
  type: "json",
};
import snapshot5 from "../fixtures/seeds/07-canary-istio-destinationrule/snapshots/05.json" with {
  type: "json",
};
import recordedScreens from "../fixtures/view/07-canary-istio-destinationrule.json" with {
  type: "json",
};
import type { ClusterState, NamedDifference } from "./compare.ts";
import { compareScreens, playRecorded, withDelays } from "./recorded_case.ts";
import type { CaseRun, CaseWorld, ScriptLine } from "./run_case.ts";

const STATES = [snapshot1, snapshot2, snapshot3, snapshot4, snapshot5] as unknown[];

const ROLLOUT = "rollout/mock-server";

const DIFFERENCES: readonly NamedDifference[] = [{
  why: "saved write: a set is made, and told of to the router, in the pass that begins the update",
  expected: [
    `Normal ${ROLLOUT} RolloutNotCompleted: Rollout not completed, started update to revision 2 (H2)`,
    `Normal ${ROLLOUT} UpdatedDestinationRule: DestinationRule mock-server subset updated ` +
    "(canary: H2, stable: H1)",
  ],
  actual: [
    `Normal ${ROLLOUT} UpdatedDestinationRule: DestinationRule mock-server subset updated ` +
    "(canary: H2, stable: H1)",
    `Normal ${ROLLOUT} RolloutNotCompleted: Rollout not completed, started update to revision 2 (H2)`,
  ],
}];

/** Plays the case and compares it with what was recorded, and with the screens of its document. */
export async function playCase07(world: CaseWorld): Promise<CaseRun> {
  const run = await playRecorded(world, {
    manifests,
    script: withDelays(script as ScriptLine[]),
    events,
    states: STATES as ClusterState[],
    screens: recordedScreens.map(({ screen }) => screen),
    differences: [DIFFERENCES],
  });
  // The document does not look before the delay of the former set is over.
  compareScreens(documented.map(({ screen }) => screen), run.screens.toSpliced(3, 1));
  return run;
}
