/** Case 01, a blue-green: its fixtures, and what a run of it must show. */
import manifests from "../fixtures/seeds/01-bluegreen/manifests.yaml" with { type: "text" };
import script from "../fixtures/seeds/01-bluegreen/script.json" with { type: "json" };
import events from "../fixtures/seeds/01-bluegreen/events.json" with { type: "json" };
import documented from "../fixtures/seeds/01-bluegreen/screens.json" with { type: "json" };
import snapshot1 from "../fixtures/seeds/01-bluegreen/snapshots/01.json" with { type: "json" };
import snapshot2 from "../fixtures/seeds/01-bluegreen/snapshots/02.json" with { type: "json" };
import snapshot3 from "../fixtures/seeds/01-bluegreen/snapshots/03.json" with { type: "json" };
import snapshot4 from "../fixtures/seeds/01-bluegreen/snapshots/04.json" with { type: "json" };
import snapshot5 from "../fixtures/seeds/01-bluegreen/snapshots/05.json" with { type: "json" };
import recordedScreens from "../fixtures/view/01-bluegreen.json" with { type: "json" };
import type { ClusterState } from "./compare.ts";
import { compareScreens, playRecorded, withDelays } from "./recorded_case.ts";
import { type CaseRun, type CaseWorld, runCase, type ScriptLine } from "./run_case.ts";

const STATES = [snapshot1, snapshot2, snapshot3, snapshot4, snapshot5] as unknown[];
const IMAGE = "set image mock-server mock-server=ghcr.io/ssup2/mock-go-server";

/** Plays the case and compares states, screens and events with what was recorded. */
export function playCase01(world: CaseWorld): Promise<CaseRun> {
  return playRecorded(world, {
    manifests,
    script: withDelays(script as ScriptLine[]),
    events,
    states: STATES as ClusterState[],
    screens: recordedScreens.map(({ screen }) => screen),
  });
}

/** The times of the document, which looks when delays are over. */
const DOCUMENT: readonly ScriptLine[] = [
  { t: 0, do: "apply manifests.yaml" },
  { t: 2, seen: "Healthy" },
  { t: 15, snapshot: 1 },
  { t: 66, do: `${IMAGE}:2.0.0` },
  { t: 70, seen: "Paused" },
  { t: 72, snapshot: 2 },
  { t: 132, do: `${IMAGE}:3.0.0` },
  { t: 135, seen: "Paused" },
  { t: 137, pass: 35 },
  { t: 172, snapshot: 3 },
  { t: 205, do: "promote mock-server" },
  { t: 206, seen: "Healthy" },
  { t: 207, pass: 40 },
  { t: 247, snapshot: 4 },
];

/** Plays the case at the pace of the document and compares its screens. */
export async function playDocument01(world: CaseWorld): Promise<void> {
  const run = await runCase(world, { manifests, script: DOCUMENT });
  compareScreens(documented.map(({ screen }) => screen), run.screens);
}
