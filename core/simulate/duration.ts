/** Times and spans of time in scripts. */
import { readDurationMs } from "../command/mod.ts";
import { asScriptError } from "./script_error.ts";

/** Whole milliseconds of `90s`, `1h30m`, `500ms`. @throws {ScriptError} */
export function parseDurationMs(text: string): number {
  return asScriptError(() => readDurationMs(text));
}
