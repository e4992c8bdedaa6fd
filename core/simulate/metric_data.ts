/** What metrics measure in a rehearsal: series out of a file, and assumptions. */
import { isFields } from "../../sdk/wire/json.ts";
import { ScriptError } from "./script_error.ts";
import { parseTime } from "./series_time.ts";
import { isStepPlugin, type StepFinding, type StepSeries } from "./step_data.ts";

/** What one measurement finds. */
export type Finding =
  /** A number, a list of numbers, or any JSON; a text may be `NaN` or `+Inf`. */
  | { readonly is: "value"; readonly value: unknown }
  | { readonly is: "error"; readonly message: string }
  | { readonly is: "verdict"; readonly phase: Verdict }
  | { readonly is: "empty" }
  /** What the source answers over HTTP, for the metric's own provider to read. */
  | { readonly is: "answer"; readonly status: number; readonly body: string };

/** Phases that a provider may decide by itself. */
export const VERDICTS = ["Successful", "Failed", "Inconclusive"] as const;
export type Verdict = typeof VERDICTS[number];

/** What a metric finds from a time on. */
export interface SeriesEntry {
  readonly atMs: number;
  readonly finding: Finding;
}

/** What the metric of a template finds in the course of time. */
export interface Series {
  readonly template: string;
  readonly metric: string;
  readonly entries: readonly SeriesEntry[];
}

/** What every measurement of some metric is assumed to come to. */
export type Assumption = "successful" | "failed" | "error" | "no-data";

const ASSUMPTIONS: Readonly<Record<Assumption, Finding>> = Object.freeze({
  successful: { is: "verdict", phase: "Successful" },
  failed: { is: "verdict", phase: "Failed" },
  error: { is: "error", message: "assumed" },
  "no-data": { is: "empty" },
});

const STEP_ASSUMPTIONS: Readonly<Partial<Record<Assumption, StepFinding>>> = Object.freeze({
  successful: { is: "phase", phase: "Successful", message: "" },
  failed: { is: "phase", phase: "Failed", message: "assumed" },
  error: { is: "error", message: "assumed" },
});

/** Stands for every metric of which nothing else is said. */
export const ALL = "all";
const FINDINGS = ["value", "error", "status", "empty", "answer"] as const;
const FIELDS: readonly string[] = ["at", ...FINDINGS];

/** All that is known of measurements before they are made. */
export class MetricData {
  readonly series: readonly Series[];
  readonly steps: readonly StepSeries[];
  readonly #assumed: ReadonlyMap<string, Assumption>;

  constructor(
    series: readonly Series[] = [],
    assumed: ReadonlyMap<string, Assumption> = new Map(),
    steps: readonly StepSeries[] = [],
  ) {
    this.series = series;
    this.steps = steps;
    this.#assumed = assumed;
  }

  /** When the last entry begins; 0 without any. */
  get lastAtMs(): number {
    const times = [...this.series, ...this.steps]
      .flatMap(({ entries }) => entries.map(({ atMs }) => atMs));
    return Math.max(0, ...times);
  }

  /** True when a source's own answer is among the entries. */
  get hasAnswers(): boolean {
    return this.series.some(({ entries }) =>
      entries.some(({ finding }) => finding.is === "answer")
    );
  }

  /** What a metric of these templates finds at a time since the start; undefined: nothing says. */
  find(
    { templates, metric, atMs }: {
      readonly templates: readonly string[];
      readonly metric: string;
      readonly atMs: number;
    },
  ): Finding | undefined {
    const own = this.#assumed.get(metric);
    if (own !== undefined) return ASSUMPTIONS[own];
    const series = this.series.find((each) =>
      each.metric === metric && templates.includes(each.template)
    );
    const entry = series?.entries.findLast((each) => each.atMs <= atMs);
    if (entry !== undefined) return entry.finding;
    const all = this.#assumed.get(ALL);
    return all === undefined ? undefined : ASSUMPTIONS[all];
  }

  /** What a step plugin answers at a time since the start; undefined: nothing says. */
  findStep(plugin: string, atMs: number): StepFinding | undefined {
    const own = this.#assumed.get(plugin);
    if (own !== undefined) return STEP_ASSUMPTIONS[own];
    const series = this.steps.find((each) => each.plugin === plugin);
    const entry = series?.entries.findLast((each) => each.atMs <= atMs);
    if (entry !== undefined) return entry.finding;
    const all = this.#assumed.get(ALL);
    return all === undefined ? undefined : STEP_ASSUMPTIONS[all];
  }

  /** When the data say something else of a step plugin; undefined: never. */
  stepChangesMs(plugin: string, atMs: number): number | undefined {
    const series = this.steps.find((each) => each.plugin === plugin);
    return series?.entries.find((each) => each.atMs > atMs)?.atMs;
  }
}

/** Reads `METRIC=successful`, once for each metric or step plugin. @throws {ScriptError} */
export function parseAssumptions(texts: readonly string[]): Map<string, Assumption> {
  const assumed = new Map<string, Assumption>();
  for (const text of texts) {
    const [, metric = "", what = ""] = /^(.*)=(.*)$/s.exec(text) ?? [];
    if (metric === "" || !Object.hasOwn(ASSUMPTIONS, what)) {
      const choices = Object.keys(ASSUMPTIONS).join(", ");
      throw new ScriptError(
        `"${text}" is not of the form METRIC=RESULT; results are ${choices}, and METRIC is ` +
          `the name of a metric, or all`,
      );
    }
    if (isStepPlugin(metric) && what === "no-data") {
      throw new ScriptError(`"${metric}" is a step plugin: it cannot be without data`);
    }
    if (assumed.has(metric)) throw new ScriptError(`"${metric}" is given twice`);
    assumed.set(metric, what as Assumption);
  }
  return assumed;
}

/**
 * Reads series as YAML gave them: template, then metric, then a list of `{at, value}` and the like.
 * @throws {ScriptError} with the path of what is wrong
 */
export function parseSeries(value: unknown): Series[] {
  const templates = entriesOf(value, [], "data of metrics is a mapping: template, then metric");
  return templates.filter(([name]) => !isStepPlugin(name)).flatMap(([template, metrics]) =>
    entriesOf(metrics, [template], `"${template}" is a mapping of its metrics`)
      .map(([metric, list]) => ({
        template,
        metric,
        entries: parseEntries(list, [template, metric]),
      }))
  );
}

type Path = readonly (string | number)[];

function entriesOf(value: unknown, path: Path, message: string): [string, unknown][] {
  if (!isFields(value)) throw new ScriptError(message, path);
  return Object.entries(value);
}

function parseEntries(list: unknown, path: Path): SeriesEntry[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw new ScriptError("a series is a list of entries such as {at: 90s, value: 0.97}", path);
  }
  const entries = list.map((entry, index) => parseEntry(entry, [...path, index]));
  const late = entries.findIndex(({ atMs }, index) => atMs <= (entries[index - 1]?.atMs ?? -1));
  if (late >= 0) {
    throw new ScriptError("its time is not after that of the entry before", [...path, late, "at"]);
  }
  return entries;
}

function parseEntry(entry: unknown, path: Path): SeriesEntry {
  if (!isFields(entry)) {
    throw new ScriptError("an entry is of the form {at: 90s, value: 0.97}", path);
  }
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    const message = `unknown field "${unknown}"; use ${FIELDS.join(", ")}`;
    throw new ScriptError(message, [...path, unknown]);
  }
  const given = FINDINGS.filter((field) => Object.hasOwn(entry, field));
  const isAnswerWithStatus = given.join() === "status,answer";
  if (given.length !== 1 && !isAnswerWithStatus) {
    throw new ScriptError(`one of ${FINDINGS.join(", ")} is needed`, path);
  }
  return { atMs: parseTime(entry["at"], path), finding: findingOf(entry, path) };
}

function findingOf(entry: Record<string, unknown>, path: Path): Finding {
  const { value, error, status, empty, answer } = entry;
  if (answer !== undefined) return answerOf(answer, status ?? OK, path);
  if (value !== undefined) return { is: "value", value };
  if (error !== undefined) {
    if (typeof error === "string" && error !== "") return { is: "error", message: error };
    throw new ScriptError('"error" is the message of the provider', [...path, "error"]);
  }
  if (empty !== undefined) {
    if (empty === true) return { is: "empty" };
    throw new ScriptError('"empty" is true', [...path, "empty"]);
  }
  if (typeof status === "number") return answerOf("", status, path);
  const phase = VERDICTS.find((verdict) => verdict === status);
  if (phase !== undefined) return { is: "verdict", phase };
  const message = `"status" is ${VERDICTS.join(", ")}, or the status of an HTTP answer such as 503`;
  throw new ScriptError(message, [...path, "status"]);
}

const OK = 200;

function answerOf(answer: unknown, status: unknown, path: Path): Finding {
  if (typeof status !== "number" || !Number.isInteger(status) || status < 100 || status > 599) {
    throw new ScriptError("the status of an answer is a number such as 200", [...path, "status"]);
  }
  const body = typeof answer === "string" ? answer : JSON.stringify(answer);
  return { is: "answer", status, body };
}
