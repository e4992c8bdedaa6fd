/** Case 04, a canary whose traffic an Istio VirtualService splits by Services: its fixtures, and what a run must show. */
import manifests from "../fixtures/seeds/04-canary-istio-virtualservice/manifests.yaml" with {
  type: "text",
};
import script from "../fixtures/seeds/04-canary-istio-virtualservice/script.json" with {
  type: "json",
};
import events from "../fixtures/seeds/04-canary-istio-virtualservice/events.json" with {
  type: "json",
};
import documented from "../fixtures/seeds/04-canary-istio-virtualservice/screens.json" with {
  type: "json",
};
import snapshot1 from "../fixtures/seeds/04-canary-istio-virtualservice/snapshots/01.json" with {
  type: "json",
};
import snapshot2 from "../fixtures/seeds/04-canary-istio-virtualservice/snapshots/02.json" with {
  type: "json",
};
import snapshot3 from "../fixtures/seeds/04-canary-istio-virtualservice/snapshots/03.json" with {
  type: "json",
};
import snapshot4 from "../fixtures/seeds/04-canary-istio-virtualservice/snapshots/04.json" with {
  type: "json",
};
import snapshot5 from "../fixtures/seeds/04-canary-istio-virtualservice/snapshots/05.json" with {
  type: "json",
};
import recordedScreens from "../fixtures/view/04-canary-istio-virtualservice.json" with {
  type: "json",
};
import type { ClusterState } from "./compare.ts";
import { compareScreens, playRecorded, withDelays } from "./recorded_case.ts";
import type { CaseRun, CaseWorld, ScriptLine } from "./run_case.ts";

const STATES = [snapshot1, snapshot2, snapshot3, snapshot4, snapshot5] as unknown[];

/** Plays the case and compares it with what was recorded, and with the screens of its document. */
export async function playCase04(world: CaseWorld): Promise<CaseRun> {
  const run = await playRecorded(world, {
    manifests,
    script: withDelays(script as ScriptLine[]),
    events,
    states: STATES as ClusterState[],
    screens: recordedScreens.map(({ screen }) => screen),
  });
  // The document does not look before the delay of the former set is over.
  compareScreens(documented.map(({ screen }) => screen), run.screens.toSpliced(3, 1));
  return run;
}
