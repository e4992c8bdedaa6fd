/** The outcome of a simulation as `-o json` gives it, and as pages are made of it. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ExperimentEntry } from "./experiment_timeline.ts";
import type { EventEntry, Outcome, Result, WriteCounts } from "./outcome.ts";
import type { MissingData, MissingStep } from "./rehearsal.ts";
import type { SentNotification } from "./simulated_notifications.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Users } from "./users.ts";

export interface ShownOutcome {
  readonly timeline: readonly TimelineEntry[];
  readonly experiments?: readonly ExperimentEntry[];
  /** What was done, in its order. */
  readonly commands: readonly ShownCommand[];
  readonly events: readonly EventEntry[];
  readonly notifications?: readonly SentNotification[];
  readonly writes: WriteCounts;
  readonly result: Result;
  readonly users: Users;
  readonly missing?: readonly MissingData[];
  readonly missingSteps?: readonly MissingStep[];
  /** Seconds since the start at the end. */
  readonly endSeconds: number;
  readonly objects?: readonly KubeObject[];
}

export interface ShownCommand {
  readonly atSeconds: number;
  readonly text: string;
  /** What the command said, where nothing else says it. */
  readonly answer?: string;
}

/** What is shown of an outcome; `isWhole`: with the objects that there are at the end. */
export function shownOutcome(outcome: Outcome, { isWhole }: { isWhole: boolean }): ShownOutcome {
  const { timeline, experiments, events, writes, result, users, endSeconds, objects } = outcome;
  const { missing, missingSteps, actions, notifications } = outcome;
  return {
    timeline,
    ...(experiments === undefined ? {} : { experiments }),
    commands: actions.map(({ atSeconds, text, answer }) => ({
      atSeconds,
      text,
      ...(answer === undefined ? {} : { answer }),
    })),
    events,
    ...(notifications === undefined ? {} : { notifications }),
    writes,
    result,
    users,
    ...(missing.length === 0 ? {} : { missing }),
    ...(missingSteps.length === 0 ? {} : { missingSteps }),
    endSeconds,
    ...(isWhole ? { objects } : {}),
  };
}
