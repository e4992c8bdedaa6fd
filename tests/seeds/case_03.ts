/** Case 03, a canary that is undone twice and then aborted: fixtures, and what a run must show. */
import manifests from "../fixtures/seeds/03-canary-undo-abort/manifests.yaml" with { type: "text" };
import script from "../fixtures/seeds/03-canary-undo-abort/script.json" with { type: "json" };
import events from "../fixtures/seeds/03-canary-undo-abort/events.json" with { type: "json" };
import screens from "../fixtures/seeds/03-canary-undo-abort/screens.json" with { type: "json" };
import snapshot1 from "../fixtures/seeds/03-canary-undo-abort/snapshots/01.json" with {
  type: "json",
};
import snapshot2 from "../fixtures/seeds/03-canary-undo-abort/snapshots/02.json" with {
  type: "json",
};
import snapshot3 from "../fixtures/seeds/03-canary-undo-abort/snapshots/03.json" with {
  type: "json",
};
import snapshot4 from "../fixtures/seeds/03-canary-undo-abort/snapshots/04.json" with {
  type: "json",
};
import snapshot5 from "../fixtures/seeds/03-canary-undo-abort/snapshots/05.json" with {
  type: "json",
};
import snapshot6 from "../fixtures/seeds/03-canary-undo-abort/snapshots/06.json" with {
  type: "json",
};
import type { ClusterState } from "./compare.ts";
import { playRecorded, type RecordedCase } from "./recorded_case.ts";
import type { CaseRun, CaseWorld, ScriptLine } from "./run_case.ts";

const STATES: unknown[] = [snapshot1, snapshot2, snapshot3, snapshot4, snapshot5, snapshot6];

/** The case as it was recorded. */
export const CASE_03: RecordedCase = {
  manifests,
  script: script as ScriptLine[],
  events,
  states: STATES as ClusterState[],
  screens: screens.map(({ screen }) => screen),
};

/** Plays the case and compares states, screens and events with what was recorded. */
export function playCase03(world: CaseWorld): Promise<CaseRun> {
  return playRecorded(world, CASE_03);
}
