/** When an entry of a series begins. */
import { parseDurationMs } from "./duration.ts";
import { ScriptError } from "./script_error.ts";

/** Milliseconds since the start. @throws {ScriptError} */
export function parseTime(at: unknown, path: readonly (string | number)[]): number {
  if (at === undefined) return 0;
  const place = [...path, "at"];
  // YAML reads 0 and 90 as numbers: seconds.
  const text = typeof at === "number" ? `${at}s` : at;
  if (typeof text !== "string") {
    throw new ScriptError('"at" is a time since the start, such as 90s', place);
  }
  try {
    return parseDurationMs(text);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ScriptError(error.message, place);
  }
}
