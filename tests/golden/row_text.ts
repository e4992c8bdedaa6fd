/** What came of a row: a line for each command, event and change, and the end in the last lines. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import {
  type EventEntry,
  exitCodeOf,
  type Outcome,
  type SetEntry,
  type TimelineEntry,
} from "../../core/simulate/mod.ts";
import { gapsText, troubleTexts } from "./what_users_miss.ts";

/** Events that sizes, revisions and Services tell already. */
const TOLD_OTHERWISE = [
  "RolloutAddedToInformer",
  "RolloutUpdated",
  "NewReplicaSetCreated",
  "RolloutNotCompleted",
  "ScalingReplicaSet",
  "SwitchService",
];

interface Line {
  readonly atSeconds: number;
  /** Within an instant: commands, then events, then what it came to. */
  readonly rank: number;
  readonly text: string;
}

/** `isWhole`: also what came before the first command, and each change of an instant. */
export function rowText(outcome: Outcome, { isWhole }: { isWhole: boolean }): string {
  const { actions, events, timeline } = outcome;
  const firstSeconds = isWhole ? 0 : (actions[0]?.atSeconds ?? 0);
  const entries = isWhole ? timeline : lastOfEachInstant(timeline);
  const lines: Line[] = [
    ...actions.map(({ atSeconds, text }) => ({ atSeconds, rank: 0, text: `$ ${text}` })),
    ...events.filter(({ reason }) => !TOLD_OTHERWISE.includes(reason)).map(eventLine),
    ...entries.map(entryLine),
  ].filter(({ atSeconds }) => atSeconds >= firstSeconds);
  const sorted = isWhole
    ? lines.toSorted((a, b) => a.atSeconds - b.atSeconds)
    : lines.toSorted((a, b) => a.atSeconds - b.atSeconds || a.rank - b.rank);
  const told = sorted.map(({ atSeconds, text }) => `${`${atSeconds}s`.padEnd(7)} ${text}`);
  return [...told, ...endOf(outcome)].join("\n");
}

function lastOfEachInstant(timeline: readonly TimelineEntry[]): TimelineEntry[] {
  return timeline.filter(({ atSeconds, rollout }, index) =>
    !timeline.slice(index + 1).some((later) =>
      later.rollout === rollout && later.atSeconds === atSeconds
    )
  );
}

function eventLine({ atSeconds, reason, message }: EventEntry): Line {
  return { atSeconds, rank: 1, text: `  ${reason}: ${message}` };
}

function entryLine(entry: TimelineEntry): Line {
  const { atSeconds, phase, message, step, steps, others, services } = entry;
  const past = others.filter(({ replicas, available }) => replicas + available > 0);
  const text = [
    phase,
    ...(steps === 0 ? [] : [`${step}/${steps}`]),
    ...setTexts("stable", entry.stable === null ? [] : [entry.stable]),
    ...setTexts("new", entry.canary === null ? [] : [entry.canary]),
    ...setTexts("old", past),
    ...Object.entries(services).map(([name, { selector }]) =>
      `${name}=${revisionIn(entry, Object.values(selector))}`
    ),
    ...Object.entries(entry.routes ?? {}).map(routeText),
    ...troubleTexts(entry),
    ...(message === "" ? [] : [`(${message})`]),
  ].join(" ");
  return { atSeconds, rank: 2, text };
}

/** `VirtualService/web[stable 80, canary 20]`. */
function routeText([route, weights]: [string, Readonly<Record<string, number>>]): string {
  const shares = Object.entries(weights).map(([destination, weight]) => `${destination} ${weight}`);
  return `${route}[${shares.join(", ")}]`;
}

/** `stable r2 3/5`: available of wanted pods. */
function setTexts(name: string, sets: readonly SetEntry[]): string[] {
  return sets.map(({ revision, available, replicas }) =>
    `${name} r${revision} ${available}/${replicas}`
  );
}

/** The revision that a Service selects; `all` when it selects none in particular. */
function revisionIn(entry: TimelineEntry, selected: readonly string[]): string {
  const sets = [entry.stable, entry.canary, ...entry.others];
  const set = sets.find((each) => each !== null && selected.includes(each.hash));
  return set ? `r${set.revision}` : "all";
}

function endOf(outcome: Outcome): string[] {
  const { result, writes, rollouts } = outcome;
  const end = `end     exit ${exitCodeOf(outcome)}, at most ${result.peakPods} pods, ` +
    `${writes.total} writes${gapsText(outcome)}`;
  return [end, ...rollouts.map(statusText)];
}

/** Conditions and how the update ended; a reason only where it says more than the type. */
function statusText({ status = {} }: Rollout): string {
  const conditions = (status.conditions ?? [])
    .map(({ type, status, reason }) =>
      type === "Progressing" ? `${type}=${status}/${reason}` : `${type}=${status}`
    ).sort();
  const { completionStatus } = status.duration ?? {};
  const isOver = status.duration?.finishedAt !== undefined;
  const ended = completionStatus === undefined
    ? []
    : [`${isOver ? "finished" : "ending"}=${completionStatus}`];
  return ["       ", ...conditions, ...ended].join(" ");
}
