/** Regular expressions as Go has them (RE2): no pattern takes more than linear time. */
import { RE2JS } from "re2js";
import { Fault } from "./condition_error.ts";

const PATTERN_LENGTH_MAX = 1_000;

/** @throws {Fault} for a pattern that Go does not read either */
export function compileRegex(pattern: string, position?: number): RE2JS {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    throw new Fault(`a regular expression of ${pattern.length} characters is too long`, position);
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(reason, position);
  }
}
