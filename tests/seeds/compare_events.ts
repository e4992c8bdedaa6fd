/** Events of a run against those of a recorded one. */
import { diffLines } from "./diff_lines.ts";
import { hashesIn, type HashMap, mapHashes } from "./hash_map.ts";

/** An event as the recorder was handed it. */
export interface SeenEvent {
  type: string;
  /** Kind in lower case and name: `rollout/mock-server`. */
  object: string;
  reason: string;
  message: string;
  /** Seconds since the start; not compared. */
  time?: number;
}

/**
 * A deviation from the recorded events that is wanted. Its lines are normalised events
 * (`Normal rollout/web RolloutPaused: Rollout is paused (CanaryPauseStep)`, hashes as `H1`, …);
 * where `expected` stands in the recorded events, once, `actual` must stand in ours.
 */
export interface NamedDifference {
  /** The reason, citing a safety rule (`S1` to `S7`) or a `saved write`. */
  why: string;
  expected: readonly string[];
  actual: readonly string[];
}

const PROLOGUE_REASONS: ReadonlySet<string> = new Set(["RolloutAddedToInformer", "InvalidSpec"]);
const SCALING = /^Scaled (up|down) ReplicaSet (\S+) \(revision (\d+)\) from (\d+) to (\d+)$/;

/** The differences between two lists of events, in readable lines; none if they are alike. */
export function compareEvents(
  expected: readonly SeenEvent[],
  actual: readonly SeenEvent[],
  named: readonly NamedDifference[] = [],
): string[] {
  const wanted = normaliseEvents(expected);
  const complaints: string[] = [];
  let lines = wanted;
  for (const difference of named) {
    const start = runStart(lines, difference.expected);
    if (!/\bS[1-7]\b|\bsaved write\b/.test(difference.why)) {
      complaints.push(
        `named difference cites neither a safety rule nor a saved write: ${
          JSON.stringify(difference.why)
        }`,
      );
    }
    if (start === undefined) {
      complaints.push(
        `named difference is not in the expected events exactly once: ${
          JSON.stringify(difference.why)
        }`,
      );
      continue;
    }
    lines = lines.toSpliced(start, difference.expected.length, ...difference.actual);
  }
  const seen = normaliseEvents(actual);
  return [...complaints, ...missingReasons(wanted, seen), ...diffLines(lines, seen)];
}

/**
 * Events as comparable lines: without the prologue, hashes numbered in order of appearance,
 * between two events of other reasons one ScalingReplicaSet event for each set and direction,
 * repetitions that directly follow each other as one.
 */
export function normaliseEvents(events: readonly SeenEvent[]): string[] {
  const first = events.findIndex((event) => !PROLOGUE_REASONS.has(event.reason));
  const body = first < 0 ? [] : events.slice(first);
  const hashes = eventHashes(body);
  const lines: string[] = [];
  let scalings: SeenEvent[] = [];
  const flush = () => {
    lines.push(...mergeScalings(scalings, hashes));
    scalings = [];
  };
  for (const event of body) {
    if (event.reason === "ScalingReplicaSet") {
      scalings.push(event);
      continue;
    }
    flush();
    const line = mapHashes(eventLine(event), hashes);
    if (lines.at(-1) !== line) lines.push(line);
  }
  flush();
  return lines;
}

/** The hashes of a run's events, numbered in order of appearance. */
export function eventHashes(events: readonly SeenEvent[]): HashMap {
  return hashesIn(events.map((event) => event.message));
}

function eventLine({ type, object, reason, message }: SeenEvent): string {
  return `${type} ${object} ${reason}: ${message}`;
}

/** One line for each set and direction, from the first size to the last, set after set. */
function mergeScalings(events: readonly SeenEvent[], hashes: HashMap): string[] {
  const merged = new Map<string, { set: string; first: string; event: SeenEvent }>();
  for (const event of events) {
    const [, direction, name, revision, from = "", to] = SCALING.exec(event.message) ?? [];
    if (name === undefined) {
      // A message of another form stays as it is, to be compared literally.
      merged.set(eventLine(event), { set: event.message, first: "", event });
      continue;
    }
    const set = `${name} (revision ${revision})`;
    const key = `${event.type} ${event.object} ${direction} ${set}`;
    const first = merged.get(key)?.first ?? from;
    const message = `Scaled ${direction} ReplicaSet ${set} from ${first} to ${to}`;
    merged.set(key, { set, first, event: { ...event, message } });
  }
  return [...merged.values()]
    .map(({ set, event }) => ({
      set: mapHashes(set, hashes),
      line: mapHashes(eventLine(event), hashes),
    }))
    .sort((one, other) => one.set < other.set ? -1 : Number(one.set > other.set))
    .map(({ line }) => line);
}

/** Where a run of lines starts, if it is there exactly once. */
function runStart(lines: readonly string[], run: readonly string[]): number | undefined {
  const starts = lines.flatMap((_, start) =>
    run.every((line, offset) => lines[start + offset] === line) ? [start] : []
  );
  return run.length > 0 && starts.length === 1 ? starts[0] : undefined;
}

function missingReasons(wanted: readonly string[], seen: readonly string[]): string[] {
  const seenReasons = new Set(seen.map(reasonOf));
  return [...new Set(wanted.map(reasonOf))]
    .filter((reason) => !seenReasons.has(reason))
    .map((reason) => `reason never seen: ${reason}`);
}

// `Updated VirtualService` has a blank: the reason is all between the object and the colon.
function reasonOf(line: string): string {
  return /^\S+ \S+ ([^:]*):/.exec(line)?.[1] ?? line;
}
