/** A recorded case, and the comparison of a run of it with everything that was recorded. */
import assert from "node:assert/strict";
import {
  type ClusterState,
  compareEvents,
  compareState,
  diffLines,
  type NamedDifference,
  normaliseScreen,
  type SeenEvent,
} from "./compare.ts";
import { type CaseRun, type CaseWorld, runCase, type ScriptLine } from "./run_case.ts";

export interface RecordedCase {
  readonly manifests: string;
  readonly script: readonly ScriptLine[];
  readonly events: readonly SeenEvent[];
  /** One for each snapshot of the script. */
  readonly states: readonly ClusterState[];
  /** Likewise, line by line. */
  readonly screens: readonly (readonly string[])[];
  /** Named deviations of the events, one list for each way that pods may come. */
  readonly differences?: readonly (readonly NamedDifference[])[];
  /** What is compared of the events, in which order; default: all, as they came. */
  readonly comparedEvents?: (events: readonly SeenEvent[]) => readonly SeenEvent[];
}

/** Plays the case and compares states, screens and events with what was recorded. */
export async function playRecorded(world: CaseWorld, recorded: RecordedCase): Promise<CaseRun> {
  const { events, differences = [[]], comparedEvents = (all) => all } = recorded;
  const run = await playUnheard(world, recorded);
  const findings = differences.map((named) =>
    compareEvents(comparedEvents(events), comparedEvents(world.events), named)
  );
  assert.deepEqual(findings.find((found) => found.length === 0) ?? findings[0], []);
  return run;
}

/** Plays the case and compares states and screens, where nobody hears the events. */
export async function playUnheard(
  world: CaseWorld,
  recorded: Omit<RecordedCase, "events">,
): Promise<CaseRun> {
  const { states, screens } = recorded;
  const run = await runCase(world, recorded);
  assert.equal(run.states.length, states.length);
  for (const [index, state] of run.states.entries()) {
    const found = compareState(states[index] as ClusterState, state);
    assert.deepEqual(found, [], `state at snapshot ${index + 1}`);
  }
  compareScreens(screens, run.screens);
  return run;
}

/** The recorded script; where only time passed before a snapshot, the time. */
export function withDelays(script: readonly ScriptLine[]): ScriptLine[] {
  return script.flatMap((line, index): ScriptLine[] => {
    const before = script[index - 1];
    const isDelayOver = before !== undefined && "snapshot" in line && "snapshot" in before;
    return isDelayOver ? [{ t: before.t, pass: line.t - before.t }, line] : [line];
  });
}

/** Seconds that a run rests before each snapshot. */
const REST_SECONDS = 3;

/** The recorded script, with the time that passed between a sight and the snapshot after it. */
export function withPauses(script: readonly ScriptLine[]): ScriptLine[] {
  return script.flatMap((line, index): ScriptLine[] => {
    const before = script[index - 1];
    if (before === undefined || !("snapshot" in line) || !("seen" in before)) return [line];
    const pass = line.t - before.t - REST_SECONDS;
    return pass < 1 ? [line] : [{ t: before.t, pass }, line];
  });
}

/** Fails where screens differ in more than hashes, suffixes, ages and the namespace. */
export function compareScreens(
  expected: readonly (readonly string[])[],
  actual: readonly string[],
): void {
  const linesOf = (screen: string) =>
    normaliseScreen(screen.replace(/^(Namespace: +).*$/m, "$1default")).split("\n");
  for (const [index, screen] of expected.entries()) {
    const found = diffLines(linesOf(screen.join("\n")), linesOf(actual[index] ?? ""));
    assert.deepEqual(found, [], `screen ${index + 1}`);
  }
}
