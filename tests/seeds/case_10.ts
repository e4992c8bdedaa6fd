/** Case 10, a canary of a Deployment's template behind Istio: its fixtures, and what a run must show. */
import manifests from "../fixtures/seeds/10-istio-workloadref/manifests.yaml" with { type: "text" };
import script from "../fixtures/seeds/10-istio-workloadref/script.json" with { type: "json" };
import events from "../fixtures/seeds/10-istio-workloadref/events.json" with { type: "json" };
import snapshot1 from "../fixtures/seeds/10-istio-workloadref/snapshots/01.json" with {
  type: "json",
};
import snapshot2 from "../fixtures/seeds/10-istio-workloadref/snapshots/02.json" with {
  type: "json",
};
import snapshot3 from "../fixtures/seeds/10-istio-workloadref/snapshots/03.json" with {
  type: "json",
};
import snapshot4 from "../fixtures/seeds/10-istio-workloadref/snapshots/04.json" with {
  type: "json",
};
import snapshot5 from "../fixtures/seeds/10-istio-workloadref/snapshots/05.json" with {
  type: "json",
};
import snapshot6 from "../fixtures/seeds/10-istio-workloadref/snapshots/06.json" with {
  type: "json",
};
import snapshot7 from "../fixtures/seeds/10-istio-workloadref/snapshots/07.json" with {
  type: "json",
};
import snapshot8 from "../fixtures/seeds/10-istio-workloadref/snapshots/08.json" with {
  type: "json",
};
import recordedScreens from "../fixtures/view/10-istio-workloadref.json" with { type: "json" };
import type { ClusterState } from "./compare.ts";
import { playRecorded, withDelays } from "./recorded_case.ts";
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

/** Plays the case and compares it with what was recorded. */
export function playCase10(world: CaseWorld): Promise<CaseRun> {
  return playRecorded(world, {
    manifests,
    script: withDelays(script as ScriptLine[]),
    // The last event names the recording's namespace.
    events: events.map(({ message, ...event }) => {
      return { ...event, message: message.replace("/case-10 ", `/${world.namespace} `) };
    }),
    states: STATES as ClusterState[],
    screens: recordedScreens.map(({ screen }) => screen),
  });
}
