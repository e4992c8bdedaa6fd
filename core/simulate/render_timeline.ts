/** The timeline as text: what changed when, why, and how it ended. */
import {
  renderExperiment,
  type RenderOptions,
  renderRollout,
  wrapLine,
  wrapText,
} from "../view/mod.ts";
import type { Action, Outcome } from "./outcome.ts";
import type { ExperimentEntry } from "./experiment_timeline.ts";
import { hasGaps, usersText } from "./render_users.ts";
import { Reasons } from "./reasons.ts";
import type { MissingData, MissingStep } from "./rehearsal.ts";
import { NOT_TOLD_REASON } from "../notify/names.ts";
import { timeText } from "./time_text.ts";
import type { SetEntry, TimelineEntry } from "./timeline.ts";

const ICONS: Readonly<Record<string, string>> = {
  Healthy: "✔",
  Paused: "॥",
  Progressing: "◌",
  Degraded: "✖",
  Successful: "✔",
  Running: "◌",
  Pending: "◌",
  Failed: "✖",
  Error: "⚠",
};

const HEADINGS = [
  "TIME",
  "ROLLOUT",
  "STATUS",
  "STEP",
  "WEIGHT",
  "STABLE",
  "CANARY",
  "WORKLOAD",
  "PODS",
  "WHY",
];
/** Without a canary there are no steps; the rest has other names. */
const BLUE_GREEN_HEADINGS: Readonly<Record<string, string>> = {
  WEIGHT: "ACTIVE",
  CANARY: "PREVIEW",
};
const RIGHT_ALIGNED: readonly string[] = ["TIME", "WEIGHT", "PODS"];

/** In a narrower column a reason is hard to read: it stands below its row instead. */
const REASON_COLUMNS_MIN = 30;

/** One line of the timeline: a command, or how a Rollout stood. */
type Line = { readonly atSeconds: number; readonly cells: readonly string[] | string };

/** The outcome as a table of changes, the tree of each Rollout, and a summary. */
export function renderTimeline(outcome: Outcome, options: RenderOptions = {}): string {
  const { widthColumns: columns = Infinity } = options;
  const lines = linesOf(outcome);
  const isMany = new Set(outcome.timeline.map(keyOf)).size > 1;
  const isBlueGreen = outcome.timeline.every(({ strategy }) => strategy === "BlueGreen");
  // Experiments alone have lines, and no columns.
  const isEmpty = outcome.timeline.length === 0 && outcome.experiments !== undefined;
  const hidden = isEmpty ? HEADINGS.filter((heading) => heading !== "TIME") : [
    ...(isMany ? [] : ["ROLLOUT"]),
    ...(isBlueGreen ? ["STEP"] : []),
    ...(outcome.timeline.some(({ workload }) => workload !== null) ? [] : ["WORKLOAD"]),
  ];
  const isShown = (_: string, column: number) => !hidden.includes(HEADINGS[column] ?? "");
  const headings = HEADINGS.filter(isShown)
    .map((heading) => (isBlueGreen ? BLUE_GREEN_HEADINGS[heading] : undefined) ?? heading);
  const rows = lines.map(({ atSeconds, cells }) =>
    typeof cells === "string" ? cells : [timeText(atSeconds), ...cells].filter(isShown)
  );
  const table = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...table.map((row) => typeof row === "string" ? 0 : [...row[column] ?? ""].length))
  );
  const text = table.map((row, index) => {
    if (typeof row !== "string") return align(row, widths, headings);
    const time = timeText(lines[index - 1]?.atSeconds ?? 0);
    return `${time.padStart(widths[0] ?? 0)} ${row}`;
  });
  // Before the last column, which says why, each column is followed by two blanks.
  const indent = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const time = widths[0] ?? 0;
  const wrapped = text.map((line, index) =>
    typeof table[index] === "string"
      ? wrapLine(line, { columns, indent: time + 3 }).join("\n")
      : wrapRow(line, { columns, indent, below: time + 2 })
  );
  const screens = [
    ...outcome.screens.map((screen) => renderRollout(screen, options)),
    ...outcome.experimentScreens.map((screen) => renderExperiment(screen, options)),
  ].map((screen) => screen.trimEnd());
  const summary = summaryOf(outcome).split("\n")
    .flatMap((line) => wrapLine(line, { columns, indent: 2 }));
  return [
    ...wrapped,
    "",
    ...notificationLines(outcome, columns),
    ...screens.flatMap((screen) => [screen, ""]),
    ...summary,
    "",
  ].join("\n");
}

function linesOf(
  { timeline, actions, missing, missingSteps, experiments = [] }: Outcome,
): Line[] {
  const lines: Line[] = [];
  const beside = [...experiments];
  const waiting = [...actions];
  const unknown = inTime([...missing.map(missingLine), ...missingSteps.map(missingStepLine)]);
  const reasons = new Reasons();
  const last = new Map<string, string>();
  for (const [index, entry] of timeline.entries()) {
    const isBefore = ({ entriesBefore }: { entriesBefore: number }) => entriesBefore <= index;
    const sooner = unknown.filter(({ atSeconds }) => atSeconds < entry.atSeconds);
    const commands = waiting.splice(0, countWhile(waiting, isBefore));
    for (const { text } of commands) reasons.noteCommand(text);
    lines.push(...inTime([
      ...unknown.splice(0, sooner.length),
      ...commands.flatMap(commandLines),
      ...beside.splice(0, countWhile(beside, isBefore)).map(experimentLine),
    ]));
    const why = reasons.of(entry);
    const cells = cellsOf(entry, why);
    const shown = cells.slice(0, -1).join(" ");
    // In a row that shows nothing new, how the pods of an update are counted is no news either.
    const isNews = why !== "" && !(why === entry.message && entry.phase === "Progressing");
    if (!isNews && shown === last.get(keyOf(entry))) continue;
    last.set(keyOf(entry), shown);
    lines.push({ atSeconds: entry.atSeconds, cells });
  }
  const rest = [
    ...beside.map((entry) => experimentLine(entry)),
    ...unknown,
    ...waiting.flatMap(commandLines),
  ];
  return [...lines, ...inTime(rest)];
}

/** How many at the head of a list are so. */
function countWhile<T>(list: readonly T[], isSo: (one: T) => boolean): number {
  const end = list.findIndex((one) => !isSo(one));
  return end < 0 ? list.length : end;
}

/** The same lines by time; those of one time stay as they stand. */
function inTime(lines: readonly Line[]): Line[] {
  return [...lines].sort((one, other) => one.atSeconds - other.atSeconds);
}

/** `Σ trial: ◌ Running, baseline 1/1, canary 1/1: all pods are available`. */
function experimentLine({ atSeconds, experiment, phase, templates, why }: ExperimentEntry): Line {
  const pods = templates.map(({ name, replicas, available }) => `${name} ${available}/${replicas}`);
  const status = `${ICONS[phase] ?? "?"} ${phase === "" ? "Unknown" : phase}`;
  return { atSeconds, cells: `Σ ${experiment}: ${[status, ...pods].join(", ")}: ${why}` };
}

function commandLines({ atSeconds, text, answer }: Action): Line[] {
  const lines = [{ atSeconds, cells: `$ ${text}` }];
  if (answer !== undefined) lines.push({ atSeconds, cells: `  ${answer}` });
  return lines;
}

/** What would have been measured, had anything said what it finds. */
function missingLine({ atSeconds, run, metric, query }: MissingData): Line {
  return { atSeconds, cells: `? no data: ${run} would measure ${metric}: ${query}` };
}

function missingStepLine({ atSeconds, rollout, step, plugin }: MissingStep): Line {
  return { atSeconds, cells: `? no data: step ${step} of ${rollout} would call ${plugin}` };
}

/** The columns of an entry. */
function cellsOf(entry: TimelineEntry, why: string): string[] {
  const status = `${ICONS[entry.phase] ?? "?"} ${entry.phase}`;
  const { workload } = entry;
  return [
    keyOf(entry),
    status,
    entry.steps === 0 ? "-" : `${entry.step}/${entry.steps}`,
    trafficText(entry),
    setText(entry.stable),
    newSetsText(entry),
    workload === null ? "-" : `${workload.available}/${workload.replicas}`,
    String(entry.pods),
    why,
  ];
}

/** `20%`, `0→20%`; of a blue-green the revision that users reach. */
function trafficText({ strategy, active, stable, setWeight, actualWeight }: TimelineEntry): string {
  if (strategy === "BlueGreen") return active === null ? "-" : `r${active}`;
  // A first deployment has nothing to share the traffic with.
  if (stable === null) return "-";
  return setWeight === actualWeight ? `${setWeight}%` : `${actualWeight}→${setWeight}%`;
}

/** `r2 3/5`: revision, available pods, wanted pods. */
function setText(set: SetEntry | null): string {
  return set === null ? "-" : `r${set.revision} ${set.available}/${set.replicas}`;
}

/** The canary, and what is left of revisions between it and stable. */
function newSetsText({ canary, others }: TimelineEntry): string {
  const left = others.filter(({ replicas, available }) => replicas > 0 || available > 0);
  if (left.length === 0) return setText(canary);
  return [...canary === null ? [] : [canary], ...left].map(setText).join(", ");
}

function keyOf({ namespace, rollout }: TimelineEntry): string {
  return `${namespace}/${rollout}`;
}

function align(
  row: readonly string[],
  widths: readonly number[],
  headings: readonly string[],
): string {
  return row.map((cell, column) => {
    const blanks = " ".repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
    return RIGHT_ALIGNED.includes(headings[column] ?? "") ? blanks + cell : cell + blanks;
  }).join("  ").trimEnd();
}

/** The row in a narrow terminal: a reason that does not fit goes on below, in its column. */
function wrapRow(
  line: string,
  { columns, indent, below }: { columns: number; indent: number; below: number },
): string {
  const letters = [...line];
  if (letters.length <= columns) return line;
  if (columns - indent >= REASON_COLUMNS_MIN) return wrapLine(line, { columns, indent }).join("\n");
  const reason = wrapText(letters.slice(indent).join(""), columns - below);
  const head = letters.slice(0, indent).join("").trimEnd();
  return [head, ...reason.map((part) => " ".repeat(below) + part)].join("\n");
}

function summaryOf(outcome: Outcome): string {
  const { result, writes, endSeconds } = outcome;
  const { phase, message, atSeconds, peakPods, rollout } = result;
  const who = outcome.rollouts.length > 1 && rollout !== undefined ? `${rollout}: ` : "";
  const kinds = Object.entries(writes.byResource)
    .map(([resource, count]) => `${resource} ${count}`).join(", ");
  const spent = `${writes.total} writes${kinds === "" ? "" : ` (${kinds})`}.`;
  const end = phase === ""
    ? `No Rollout is left after ${timeText(endSeconds)} simulated; ${spent}`
    : `${who}${ICONS[phase] ?? "?"} ${phase}${message === "" ? "" : ` (${message})`} since ` +
      `${timeText(atSeconds)} of ${timeText(endSeconds)} simulated; at most ${peakPods} pods; ` +
      spent;
  return [end, ...usersText(outcome.users), ...verdictText(outcome)].join("\n");
}

function verdictText({ result: { violations }, users }: Outcome): string[] {
  if (violations.length > 0) {
    return violations.map(({ rule, rollout, message }) => `BROKEN ${rule} ${rollout}: ${message}`);
  }
  return [
    hasGaps(users)
      ? "No safety rule was broken: commands, manifests or failing pods caused what users missed."
      : "No safety rule was broken.",
  ];
}

/** What would have been sent with the text of it below, and what keeps somebody from being told. */
function notificationLines({ notifications, events }: Outcome, columns: number): string[] {
  if (notifications === undefined) return [];
  const failed = events.filter(({ reason }) => reason === NOT_TOLD_REASON);
  const times = [...notifications, ...failed].map(({ atSeconds }) => timeText(atSeconds));
  const width = Math.max(0, ...times.map((time) => time.length));
  const indent = width + 3;
  const sent = notifications.flatMap((one) => {
    const { atSeconds, rollout, trigger, service, recipient, message } = one;
    const to = recipient === "" ? service : `${service}:${recipient}`;
    const head = `${timeText(atSeconds).padStart(width)} ${to}  ${trigger}  ${rollout}`;
    const texts = message.trim() === "" ? [] : message.trim().split("\n");
    return [head, ...texts.map((text) => `${" ".repeat(indent)}${text}`)];
  });
  const untold = failed.map(({ atSeconds, namespace, object, message }) =>
    `${timeText(atSeconds).padStart(width)} ${namespace}/${object.split("/")[1]}: ${message}`
  );
  return [
    sent.length === 0 ? "Nothing would have been sent." : "Would have been sent:",
    ...sent,
    ...(untold.length === 0 ? [] : ["What keeps somebody from being told:", ...untold]),
  ].flatMap((line) => wrapLine(line, { columns, indent })).concat("");
}
