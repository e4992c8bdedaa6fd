/** The tables of `list rollouts` and `list experiments`. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf, textOf } from "../../sdk/wire/json.ts";
import { parseGoDuration } from "../api/values/durations.ts";
import { canaryProgress } from "./canary_progress.ts";
import { ageAt, humanDuration } from "./human_duration.ts";
import { shownPhase } from "./phase.ts";

/** One line of `list rollouts`. */
export interface RolloutRow {
  namespace: string;
  name: string;
  strategy: "Canary" | "BlueGreen" | "unknown";
  status: string;
  /** `1/4`, or `-` without steps. */
  step: string;
  /** A number, or `-` where there are no weights. */
  setWeight: string;
  ready: string;
  desired: number;
  upToDate: number;
  available: number;
}

/** How a Rollout stands, in one line. */
export function rolloutRow(rollout: Rollout): RolloutRow {
  const { metadata: { name, namespace = "" }, spec, status } = rollout;
  const { canary, blueGreen } = spec.strategy ?? {};
  const progress = canary ? canaryProgress(rollout, []) : undefined;
  return {
    namespace,
    name,
    strategy: canary ? "Canary" : blueGreen ? "BlueGreen" : "unknown",
    status: shownPhase(rollout).phase,
    step: progress?.step || "-",
    setWeight: progress === undefined ? "-" : `${progress.setWeight}`,
    ready: `${status?.readyReplicas ?? 0}/${status?.replicas ?? 0}`,
    desired: spec.replicas ?? 1,
    upToDate: status?.updatedReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

/** One line of `list experiments`. */
export interface ExperimentRow {
  namespace: string;
  name: string;
  status: string;
  /** How long it is to run, `-` when it runs until it is told to end. */
  duration: string;
  remaining: string;
  age: string;
}

/** How an Experiment stands, in one line. */
export function experimentRow(experiment: KubeObject, nowMs: number): ExperimentRow {
  const { metadata: { name, namespace = "", creationTimestamp } } = experiment;
  const duration = textOf(fieldsOf(experiment["spec"])["duration"]);
  const { phase, availableAt } = fieldsOf(experiment["status"]);
  return {
    namespace,
    name,
    status: textOf(phase),
    duration: duration || "-",
    remaining: phase === "Running" ? remainingOf(duration, textOf(availableAt), nowMs) : "-",
    age: ageAt(nowMs, creationTimestamp),
  };
}

function remainingOf(duration: string, availableAt: string, nowMs: number): string {
  const durationMs = parseGoDuration(duration);
  const startMs = Date.parse(availableAt);
  if (durationMs === undefined || Number.isNaN(startMs)) return "-";
  return humanDuration(Math.max(0, startMs + durationMs - nowMs));
}

/** Which columns stand before the others. */
export interface ListOptions {
  readonly hasNamespace?: boolean;
  readonly hasTimestamps?: boolean;
}

/** A column: its title, and how wide it is at least. */
type Column<Row> = readonly [title: string, width: number, text: (row: Row) => string];

const ROLLOUT_COLUMNS: readonly Column<RolloutRow>[] = [
  ["NAME", 10, ({ name }) => name],
  ["STRATEGY", 9, ({ strategy }) => strategy],
  ["STATUS", 12, ({ status }) => status],
  ["STEP", 4, ({ step }) => step],
  ["SET-WEIGHT", 10, ({ setWeight }) => setWeight],
  ["READY", 5, ({ ready }) => ready],
  ["DESIRED", 7, ({ desired }) => `${desired}`],
  ["UP-TO-DATE", 10, ({ upToDate }) => `${upToDate}`],
  ["AVAILABLE", 9, ({ available }) => `${available}`],
];

const EXPERIMENT_COLUMNS: readonly Column<ExperimentRow>[] = [
  ["NAME", 10, ({ name }) => name],
  ["STATUS", 6, ({ status }) => status],
  ["DURATION", 8, ({ duration }) => duration],
  ["REMAINING", 9, ({ remaining }) => remaining],
  ["AGE", 3, ({ age }) => age],
];

const COLUMN_GAP = 2;

/** A table that can grow: its columns never get narrower, so that later lines stand below. */
export class ListTable<Row extends { readonly namespace: string }> {
  readonly #columns: readonly Column<Row>[];
  readonly #options: ListOptions;
  readonly #widths: number[];
  #hasTitles = false;

  private constructor(columns: readonly Column<Row>[], options: ListOptions) {
    const { hasNamespace = false } = options;
    this.#columns = hasNamespace
      ? [["NAMESPACE", 9, ({ namespace }) => namespace], ...columns]
      : columns;
    this.#options = options;
    this.#widths = this.#columns.map(([title, width]) => Math.max(title.length, width));
  }

  static ofRollouts(options: ListOptions = {}): ListTable<RolloutRow> {
    return new ListTable(ROLLOUT_COLUMNS, options);
  }

  static ofExperiments(options: ListOptions = {}): ListTable<ExperimentRow> {
    return new ListTable(EXPERIMENT_COLUMNS, options);
  }

  /** The lines of these rows; before the first ones stand the titles. */
  lines(rows: readonly Row[], nowMs: number): string {
    const cells = rows.map((row) => this.#columns.map(([, , text]) => text(row)));
    for (const row of cells) {
      for (const [index, cell] of row.entries()) {
        this.#widths[index] = Math.max(this.#widths[index] ?? 0, cell.length);
      }
    }
    const time = new Date(nowMs).toISOString().replace(/\.\d+Z$/, "Z");
    const lines = cells.map((row) => this.#line(row, time));
    if (!this.#hasTitles) lines.unshift(this.#line(this.#columns.map(([title]) => title), ""));
    this.#hasTitles = true;
    return lines.map((line) => `${line}\n`).join("");
  }

  #line(cells: readonly string[], time: string): string {
    const { hasTimestamps = false } = this.#options;
    const isTitle = time === "";
    const first = hasTimestamps ? [(isTitle ? "TIMESTAMP" : time).padEnd(22)] : [];
    const last = cells.length - 1;
    const padded = cells.map((cell, index) => {
      const [, width = 0] = this.#columns[index] ?? [];
      // As in Argo Rollouts: the last cell is as wide as its own least, a title is not padded.
      return index === last
        ? cell.padEnd(isTitle ? 0 : width)
        : cell.padEnd((this.#widths[index] ?? 0) + COLUMN_GAP);
    });
    return [...first, ...padded].join("");
  }
}
