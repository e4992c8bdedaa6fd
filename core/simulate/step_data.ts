/** What step plugins answer in a rehearsal: series out of the data of metrics, by their name. */
import { isFields, textOf } from "../../sdk/wire/json.ts";
import { ScriptError } from "./script_error.ts";
import { parseTime } from "./series_time.ts";

/** What a plugin answers to one call. */
export type StepFinding =
  | { readonly is: "phase"; readonly phase: StepPhase; readonly message: string }
  | { readonly is: "error"; readonly message: string };

const PHASES = ["Running", "Successful", "Failed"] as const;
export type StepPhase = typeof PHASES[number];

/** What a plugin answers in the course of time. */
export interface StepSeries {
  readonly plugin: string;
  readonly entries: readonly { readonly atMs: number; readonly finding: StepFinding }[];
}

const FIELDS: readonly string[] = ["at", "phase", "message", "error"];

/** True for the name of a step plugin: templates have no such names. */
export function isStepPlugin(name: string): boolean {
  return name.includes("/");
}

/**
 * Reads the series of step plugins as YAML gave them: plugin, then a list of `{at, phase}`.
 * @throws {ScriptError} with the path of what is wrong
 */
export function parseStepSeries(value: unknown): StepSeries[] {
  const plugins = isFields(value) ? Object.entries(value) : [];
  return plugins.filter(([name]) => isStepPlugin(name)).map(([plugin, list]) => {
    if (!Array.isArray(list) || list.length === 0) {
      const text = "a step plugin has a list of entries such as {at: 90s, phase: Successful}";
      throw new ScriptError(text, [plugin]);
    }
    const entries = list.map((entry, index) => parseEntry(entry, [plugin, index]));
    const late = entries.findIndex(({ atMs }, index) => atMs <= (entries[index - 1]?.atMs ?? -1));
    if (late >= 0) {
      throw new ScriptError("its time is not after that of the entry before", [plugin, late, "at"]);
    }
    return { plugin, entries };
  });
}

function parseEntry(entry: unknown, path: readonly (string | number)[]) {
  if (!isFields(entry)) {
    throw new ScriptError("an entry is of the form {at: 90s, phase: Successful}", path);
  }
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    const message = `unknown field "${unknown}"; use ${FIELDS.join(", ")}`;
    throw new ScriptError(message, [...path, unknown]);
  }
  const { error, phase, message } = entry;
  const atMs = parseTime(entry["at"], path);
  if ((error === undefined) === (phase === undefined)) {
    throw new ScriptError("one of phase, error is needed", path);
  }
  if (error !== undefined) {
    const finding: StepFinding = { is: "error", message: textOf(error) };
    return { atMs, finding };
  }
  const found = PHASES.find((each) => each === phase);
  if (found === undefined) {
    throw new ScriptError(`"phase" is ${PHASES.join(", ")}`, [...path, "phase"]);
  }
  const finding: StepFinding = { is: "phase", phase: found, message: textOf(message) };
  return { atMs, finding };
}
