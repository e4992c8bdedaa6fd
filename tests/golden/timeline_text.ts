/** A timeline as golden text: one line for each entry and command, the end in the last. */
import {
  exitCodeOf,
  type Outcome,
  type SetEntry,
  type TimelineEntry,
} from "../../core/simulate/mod.ts";
import { gapsText, troubleTexts } from "./what_users_miss.ts";

/** What a golden file holds. */
export function timelineText(outcome: Outcome): string {
  const commands = outcome.actions.map(({ entriesBefore, atSeconds, text }) => ({
    place: entriesBefore,
    line: `${atSeconds}s $ ${text}`,
  }));
  const lines: string[] = [];
  for (const [index, entry] of outcome.timeline.entries()) {
    lines.push(...commands.filter(({ place }) => place === index).map(({ line }) => line));
    lines.push(lineOf(entry));
  }
  const last = commands.filter(({ place }) => place >= outcome.timeline.length);
  return [...lines, ...last.map(({ line }) => line), endOf(outcome), ""].join("\n");
}

function lineOf(entry: TimelineEntry): string {
  const { others } = entry;
  return [
    `${entry.atSeconds}s`,
    entry.phase,
    ...(entry.message === "" ? [] : [entry.message]),
    `step ${entry.step}/${entry.steps}`,
    `weight ${entry.actualWeight}/${entry.setWeight}`,
    `stable ${setText(entry.stable)}`,
    `canary ${setText(entry.canary)}`,
    `others ${others.length === 0 ? "-" : others.map(setText).join(", ")}`,
    `pods ${entry.pods}`,
    ...troubleTexts(entry),
    ...Object.entries(entry.services).map(([name, { selector }]) =>
      `${name} to ${revisionIn(entry, Object.values(selector))}`
    ),
  ].join(" ");
}

/** `r2 3/5`: revision, available pods, wanted pods. */
function setText(set: SetEntry | null): string {
  return set === null ? "-" : `r${set.revision} ${set.available}/${set.replicas}`;
}

/** The revision that a Service selects; `all` when it selects none in particular. */
function revisionIn(entry: TimelineEntry, selected: readonly string[]): string {
  const sets = [entry.stable, entry.canary, ...entry.others];
  const set = sets.find((each) => each !== null && selected.includes(each.hash));
  return set ? `r${set.revision}` : "all";
}

function endOf(outcome: Outcome): string {
  const { result, writes, endSeconds } = outcome;
  return `${endSeconds}s end: exit ${exitCodeOf(outcome)}, at most ${result.peakPods} pods, ` +
    `${writes.total} writes${gapsText(outcome)}`;
}
