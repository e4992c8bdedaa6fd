/** Scripts: what is done to the simulated cluster, and when. */
import type { Command } from "./command.ts";
import { parseCommand } from "./command_text.ts";
import { type Condition, parseCondition } from "./condition.ts";
import { ScriptError } from "./script_error.ts";
import { parseDurationMs } from "./duration.ts";

/** One thing to do, at a time since the start or when a condition has come true. */
export interface ScriptEntry {
  readonly text: string;
  readonly command: Command;
  readonly trigger:
    | { readonly kind: "at"; readonly atMs: number }
    | {
      readonly kind: "when";
      readonly text: string;
      readonly condition: Condition;
      /** Needed when several Rollouts are simulated. */
      readonly rollout: string | undefined;
    };
}

const FIELDS = ["at", "when", "rollout", "do"];

/** Reads `AT: COMMAND`, the form of `--do`. @throws {ScriptError} */
export function parseTimedCommand(text: string): ScriptEntry {
  const [, at = "", command = ""] = /^\s*([^\s:]+)\s*:\s*(.*)$/s.exec(text) ?? [];
  if (at === "") {
    throw new ScriptError(
      `"${text}" is not of the form "AT: COMMAND", for example "90s: promote web"`,
    );
  }
  return {
    text: command.trim(),
    command: parseCommand(command),
    trigger: { kind: "at", atMs: parseDurationMs(at) },
  };
}

/**
 * Reads a script as YAML gave it: a list of `{at, do}` and `{when, rollout?, do}`.
 * @throws {ScriptError} naming the entry (from 1) and what is wrong with it.
 */
export function parseScript(value: unknown): ScriptEntry[] {
  if (!Array.isArray(value)) {
    throw new ScriptError('a script is a list of entries such as {at: 90s, do: "promote web"}');
  }
  const entries = value.map((entry, index) => {
    try {
      return parseEntry(entry);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      throw new ScriptError(`entry ${index + 1}: ${error.message}`, [index, ...error.path ?? []]);
    }
  });
  checkOrder(entries);
  return entries;
}

function parseEntry(entry: unknown): ScriptEntry {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    throw new ScriptError('not of the form {at: 90s, do: "promote web"}');
  }
  const fields = entry as Record<string, unknown>;
  const unknown = Object.keys(fields).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    const message = `unknown field "${unknown}"; use ${FIELDS.join(", ")}`;
    throw new ScriptError(message, [unknown]);
  }
  const { at, when, rollout, do: text } = fields;
  if (text === undefined) throw new ScriptError('"do" is missing: the command to carry out');
  if (typeof text !== "string") {
    throw new ScriptError('"do" is one command as text, such as "promote web"', ["do"]);
  }
  if ((at === undefined) === (when === undefined)) {
    throw new ScriptError('exactly one of "at" and "when" is needed');
  }
  if (rollout !== undefined && (typeof rollout !== "string" || at !== undefined)) {
    throw new ScriptError('"rollout" is the name of a Rollout, and goes with "when"', ["rollout"]);
  }
  const command = inField("do", () => parseCommand(text));
  if (at !== undefined) {
    if (typeof at !== "string" && typeof at !== "number") {
      throw new ScriptError('"at" is a time since the start, such as 90s', ["at"]);
    }
    // YAML reads 0 and 90 as numbers: seconds.
    const written = typeof at === "number" ? `${at}s` : at;
    const atMs = inField("at", () => parseDurationMs(written));
    return { text, command, trigger: { kind: "at", atMs } };
  }
  if (typeof when !== "string") {
    throw new ScriptError('"when" is a condition such as healthy', ["when"]);
  }
  const condition = inField("when", () => parseCondition(when));
  return { text, command, trigger: { kind: "when", text: when, condition, rollout } };
}

/** Says of an error which field it is about. */
function inField<Value>(field: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ScriptError(error.message, [field]);
  }
}

function checkOrder(entries: readonly ScriptEntry[]): void {
  let latestMs = 0;
  for (const [index, { trigger }] of entries.entries()) {
    if (trigger.kind !== "at") continue;
    if (trigger.atMs < latestMs) {
      const message = `entry ${index + 1}: its time is before the time of an earlier entry`;
      throw new ScriptError(message, [index, "at"]);
    }
    latestMs = trigger.atMs;
  }
}
