/**
 * Case 09: the same with the subsets of a DestinationRule, whose first step is an experiment with
 * pods of both revisions. It fails while no request came; after a retry some do, and it succeeds.
 */
import manifests from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/manifests.yaml" with {
  type: "text",
};
import script from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/script.json" with {
  type: "json",
};
import events from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/events.json" with {
  type: "json",
};
import documented from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/screens.json" with {
  type: "json",
};
import snapshot1 from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/snapshots/01.json" with {
  type: "json",
};
import snapshot2 from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/snapshots/02.json" with {
  type: "json",
};
import snapshot3 from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/snapshots/03.json" with {
  type: "json",
};
import snapshot4 from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/snapshots/04.json" with {
  type: "json",
};
import snapshot5 from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/snapshots/05.json" with {
  type: "json",
};
import snapshot6 from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/snapshots/06.json" with {
  type: "json",
};
import snapshot7 from "../fixtures/seeds/09-canary-istio-dr-analysis-experiment/snapshots/07.json" with {
  type: "json",
};
import recordedScreens from "../fixtures/view/09-canary-istio-dr-analysis-experiment.json" with {
  type: "json",
};
import type { ClusterState } from "./compare.ts";
import { ofEachObject, SUBSET_DIFFERENCES } from "./experiment_events.ts";
import { inExperimentWords } from "./measured_traffic.ts";
import { compareScreens, playRecorded, withPauses } from "./recorded_case.ts";
import type { CaseRun, CaseWorld, ScriptLine } from "./run_case.ts";

const STATES = [
  snapshot1,
  snapshot2,
  snapshot3,
  snapshot4,
  snapshot5,
  snapshot6,
  snapshot7,
] as unknown[];

/** Plays the case and compares it with what was recorded, and with the screens of its document. */
export async function playCase09(world: CaseWorld): Promise<CaseRun> {
  const run = await playRecorded(world, {
    manifests,
    script: withPauses(script as ScriptLine[]),
    events,
    states: STATES as ClusterState[],
    screens: recordedScreens.map(({ screen }) => screen),
    differences: [SUBSET_DIFFERENCES],
    comparedEvents: ofEachObject,
  });
  // The fourth and the last are of moments, and measurements, that were not recorded.
  const shown = documented.filter((_, index) => index !== 3).slice(0, -1);
  compareScreens(
    shown.map(({ screen }) => inExperimentWords(screen)),
    run.screens,
  );
  return run;
}
