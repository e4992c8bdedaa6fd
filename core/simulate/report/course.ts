/** The course of one Rollout: what its timeline says, as figures and tables need it. */
import { isCompleted } from "../../analysis/mod.ts";
import type { ShownCommand, ShownOutcome } from "../shown_outcome.ts";
import type { TimelineEntry } from "../timeline.ts";

/** A time during which nothing changed. */
export interface Span {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly entry: TimelineEntry;
}

/** Who has what part of something, from the bottom up. */
export interface Part {
  /** Of a revision, as `r3`; `workload` stands for the Deployment that is taken over. */
  readonly name: string;
  readonly amount: number;
}

/** Something that took a while: an analysis, an experiment, a step plugin, an outage. */
export interface Band {
  readonly kind: "analysis" | "experiment" | "plugin" | "lack";
  readonly text: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly isBad: boolean;
}

export type HappeningKind = "command" | "abort" | "pause" | "done" | "fewest" | "trouble";

/** Something that happened at a moment. */
export interface Happening {
  readonly kind: HappeningKind;
  readonly atSeconds: number;
  readonly text: string;
}

export interface Course {
  readonly namespace: string;
  readonly name: string;
  readonly entries: readonly TimelineEntry[];
  readonly spans: readonly Span[];
  readonly bands: readonly Band[];
  readonly happenings: readonly Happening[];
  /** Where the axis of time ends. */
  readonly endSeconds: number;
}

/** The Rollouts of an outcome, in the order in which they appear. */
export function coursesOf(shown: ShownOutcome): Course[] {
  const keys = new Map(
    shown.timeline.map((entry) => [`${entry.namespace}/${entry.rollout}`, entry] as const),
  );
  return [...keys.values()].map((first) => courseOf(shown, first));
}

function courseOf(shown: ShownOutcome, { namespace, rollout }: TimelineEntry): Course {
  const entries = shown.timeline.filter((entry) =>
    entry.namespace === namespace && entry.rollout === rollout
  );
  const happenings = happeningsOf(shown, entries);
  const endSeconds = lastChange(shown, entries);
  const bands = [...bandsOf(entries, endSeconds), ...lacksOf(shown, entries, endSeconds)];
  return {
    namespace,
    name: rollout,
    entries,
    spans: spansOf(entries, endSeconds),
    bands: [...bands, ...experimentBands(shown, { namespace, rollout, endSeconds })],
    happenings,
    endSeconds,
  };
}

/** Nothing is drawn of the time in which nothing happens any more, but for a little of it. */
function lastChange(
  { commands, experiments = [] }: ShownOutcome,
  entries: readonly TimelineEntry[],
) {
  const times = [...entries, ...commands, ...experiments].map(({ atSeconds }) => atSeconds);
  return Math.max(1, Math.max(...times) * 1.04);
}

/** Of changes at one moment the last is drawn. */
function spansOf(entries: readonly TimelineEntry[], endSeconds: number): Span[] {
  const last = entries.filter(({ atSeconds }, index) =>
    atSeconds !== entries[index + 1]?.atSeconds
  );
  return last.map((entry, index) => ({
    fromSeconds: entry.atSeconds,
    toSeconds: last[index + 1]?.atSeconds ?? endSeconds,
    entry,
  }));
}

/** The share of the requests that each revision gets, in percent. */
export function sharesOf(
  { strategy, active, canary, stable, actualWeight }: TimelineEntry,
): Part[] {
  if (strategy === "BlueGreen") {
    const served = active ?? stable?.revision ?? canary?.revision;
    return served === undefined ? [] : [{ name: `r${served}`, amount: 100 }];
  }
  if (canary === null) return stable === null ? [] : [{ name: `r${stable.revision}`, amount: 100 }];
  const [own, rest] = stable === null ? [100, 0] : [actualWeight, 100 - actualWeight];
  return [
    { name: `r${canary.revision}`, amount: own },
    ...(stable === null ? [] : [{ name: `r${stable.revision}`, amount: rest }]),
  ];
}

/** The available pods of each revision. */
export function podsOf({ canary, stable, others, workload }: TimelineEntry): Part[] {
  const sets = [...(canary === null ? [] : [canary]), ...(stable === null ? [] : [stable])];
  return [
    ...[...sets, ...others].map((set) => ({ name: `r${set.revision}`, amount: set.available })),
    ...(workload === null ? [] : [{ name: workload.kind, amount: workload.available }]),
  ];
}

const PAUSED = /^Rollout is paused \((.*)\)$/;

function happeningsOf(
  { commands, events, users, missing = [], missingSteps = [] }: ShownOutcome,
  entries: readonly TimelineEntry[],
): Happening[] {
  const { namespace, rollout } = entries[0] ?? { namespace: "", rollout: "" };
  const own = events.filter((event) =>
    event.namespace === namespace && event.object === `rollout/${rollout}`
  );
  const told = own.flatMap(({ atSeconds, reason, message }): Happening[] => {
    if (reason === "RolloutAborted") return [{ kind: "abort", atSeconds, text: message }];
    if (reason === "RolloutCompleted") return [{ kind: "done", atSeconds, text: message }];
    const [, why = ""] = (reason === "RolloutPaused" && PAUSED.exec(message)) || [];
    return why === "" ? [] : [{ kind: "pause", atSeconds, text: `Paused: ${why}` }];
  });
  const all = [
    ...commands.map(commandHappening),
    ...told,
    ...troublesOf(entries),
    ...fewestOf(users, { namespace, rollout }),
    ...missing.map(({ atSeconds, metric, run }): Happening => ({
      kind: "trouble",
      atSeconds,
      text: `No data: ${run} would measure ${metric}`,
    })),
    ...missingSteps.filter((step) => step.namespace === namespace && step.rollout === rollout)
      .map(({ atSeconds, step, plugin }): Happening => ({
        kind: "trouble",
        atSeconds,
        text: `No data: step ${step} would call ${plugin}`,
      })),
  ];
  return all.toSorted((one, other) => one.atSeconds - other.atSeconds);
}

/** The moment at which the fewest pods were available, if some were missing. */
function fewestOf(
  { rollouts }: ShownOutcome["users"],
  { namespace, rollout }: { namespace: string; rollout: string },
): Happening[] {
  return rollouts.filter((one) => one.namespace === namespace && one.rollout === rollout)
    .flatMap(({ fewestAvailable }) => {
      if (fewestAvailable === null || fewestAvailable.pods >= fewestAvailable.of) return [];
      const { pods, of, atSeconds } = fewestAvailable;
      const text = `The fewest available pods: ${pods} of ${of}`;
      return [{ kind: "fewest" as const, atSeconds, text }];
    });
}

function commandHappening({ atSeconds, text, answer }: ShownCommand): Happening {
  return { kind: "command", atSeconds, text: answer === undefined ? text : `${text} (${answer})` };
}

/** Each cause is told when it comes; what users miss, each time. */
function troublesOf(entries: readonly TimelineEntry[]): Happening[] {
  const known = new Set<string>();
  return entries.flatMap(({ atSeconds, troubles, warnings }) => {
    const causes = troubles.filter(({ of, reason }) => {
      const isNew = !known.has(`${of} ${reason}`);
      known.add(`${of} ${reason}`);
      return isNew;
    }).map(({ of, reason, message }) => `${of}: ${reason}${message === "" ? "" : ` (${message})`}`);
    return [...causes, ...warnings].map((text): Happening => ({
      kind: "trouble",
      atSeconds,
      text,
    }));
  });
}

const BAD: readonly string[] = ["Failed", "Error", "Inconclusive"];

/** What an entry says of something that goes on: its name, how it stands, whether it is over. */
interface Stand {
  readonly kind: Band["kind"];
  readonly name: string;
  readonly phase: string;
  readonly isOver: boolean;
}

function bandsOf(entries: readonly TimelineEntry[], endSeconds: number): Band[] {
  return joined(
    entries.map((entry) => ({ atSeconds: entry.atSeconds, stands: standsOf(entry) })),
    endSeconds,
  );
}

function standsOf({ runs, stepPlugins = [] }: TimelineEntry): Stand[] {
  return [
    ...runs.map(({ type, name, phase }): Stand => ({
      kind: "analysis",
      name: `${typeText(type)}analysis ${name}`,
      phase,
      isOver: isCompleted(phase === "" ? undefined : phase),
    })),
    ...stepPlugins.map(({ step, plugin, operation, phase }): Stand => ({
      kind: "plugin",
      name: `step ${step}: ${plugin}${operation === "Run" ? "" : ` (${operation.toLowerCase()})`}`,
      phase,
      isOver: phase === "Successful" || phase === "Failed",
    })),
  ];
}

/** `background `, `pre-promotion `; empty for a run of no type. */
function typeText(type: string): string {
  const words = type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  return words === "" ? "" : `${words} `;
}

/** A band for each name, from when it is first seen until it is over, or gone. */
function joined(
  looks: readonly { readonly atSeconds: number; readonly stands: readonly Stand[] }[],
  endSeconds: number,
): Band[] {
  const bands = new Map<string, { stand: Stand; fromSeconds: number; toSeconds?: number }>();
  for (const { atSeconds, stands } of looks) {
    for (const stand of stands) {
      const band = bands.get(stand.name) ?? { stand, fromSeconds: atSeconds };
      bands.set(stand.name, { ...band, stand });
      if (stand.isOver) bands.set(stand.name, { toSeconds: atSeconds, ...band, stand });
    }
    for (const [name, band] of bands) {
      const isGone = !stands.some((stand) => stand.name === name);
      if (isGone) bands.set(name, { toSeconds: atSeconds, ...band });
    }
  }
  return [...bands.values()].map(({ stand, fromSeconds, toSeconds = endSeconds }) => ({
    kind: stand.kind,
    text: stand.phase === "" ? stand.name : `${stand.name}: ${stand.phase}`,
    fromSeconds,
    toSeconds,
    isBad: BAD.includes(stand.phase),
  }));
}

/** Experiments that bear the Rollout's name before their own. */
function experimentBands(
  { experiments = [] }: ShownOutcome,
  { namespace, rollout, endSeconds }: { namespace: string; rollout: string; endSeconds: number },
): Band[] {
  const own = experiments.filter((entry) =>
    entry.namespace === namespace && entry.experiment.startsWith(`${rollout}-`)
  );
  return experimentBandsOf(own, endSeconds);
}

/** The bands of Experiments, each by its own entries. */
export function experimentBandsOf(
  entries: NonNullable<ShownOutcome["experiments"]>,
  endSeconds: number,
): Band[] {
  const names = [...new Set(entries.map(({ experiment }) => experiment))];
  return names.flatMap((name) =>
    joined(
      entries.filter(({ experiment }) => experiment === name).map(({ atSeconds, phase }) => ({
        atSeconds,
        stands: [{
          kind: "experiment" as const,
          name: `experiment ${name}`,
          phase,
          isOver: isCompleted(phase === "" ? undefined : phase as "Running"),
        }],
      })),
      endSeconds,
    )
  );
}

/** When users had too little. */
function lacksOf(
  { users }: ShownOutcome,
  entries: readonly TimelineEntry[],
  endSeconds: number,
): Band[] {
  const { namespace, rollout, services = {} } = entries.at(-1) ?? { namespace: "", rollout: "" };
  const lack = (text: string, fromSeconds: number, seconds: number): Band => ({
    kind: "lack",
    text,
    fromSeconds,
    toSeconds: Math.min(endSeconds, fromSeconds + seconds),
    isBad: true,
  });
  const below = users.rollouts.filter((one) =>
    one.namespace === namespace && one.rollout === rollout
  ).flatMap(({ longestBelow }) =>
    longestBelow === null ? [] : [lack(
      `fewer available pods than the required ${longestBelow.required}`,
      longestBelow.fromSeconds,
      longestBelow.seconds,
    )]
  );
  // Services of an experiment are not among those that the strategy names.
  const empty = users.services.filter((one) =>
    one.namespace === namespace &&
    (Object.hasOwn(services, one.service) || one.service.startsWith(`${rollout}-`))
  )
    .flatMap(({ service, longestEmpty, isPreview }) =>
      longestEmpty === null || isPreview ? [] : [lack(
        `Service ${service} without a ready pod`,
        longestEmpty.fromSeconds,
        longestEmpty.seconds,
      )]
    );
  return [...below, ...empty];
}
