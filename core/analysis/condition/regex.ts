/** Regular expressions as Go has them (RE2): no pattern takes more than linear time. */
import { RE2JS } from "re2js";
import type { Budget } from "./budget.ts";
import { Fault } from "./condition_error.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

const PATTERN_LENGTH_MAX = 1_000;
/** What repetitions may make of a pattern, in characters. */
const UNROLLED_LENGTH_MAX = 2_000;
/** What it costs to compile an instruction, and how many instructions can be tried in a step. */
const STEPS_PER_INSTRUCTION = 32;
const TRIES_PER_STEP = 8;
/** What it costs to begin with a text. */
const MATCHER_STEPS = 4;

/** The patterns of an evaluation: each is compiled once. */
export class Patterns {
  readonly #budget: Budget;
  readonly #compiled = new Map<string, RE2JS>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** @throws {Fault} for a pattern that Go does not read either */
  compile(pattern: string, position?: number): RE2JS {
    const known = this.#compiled.get(pattern);
    if (known !== undefined) return known;
    const compiled = compileRegex(pattern, position);
    this.#compiled.set(pattern, compiled);
    this.#budget.step(compiled.programSize() * STEPS_PER_INSTRUCTION);
    return compiled;
  }

  isFound(pattern: string, text: string): boolean {
    const compiled = this.compile(pattern);
    this.search(compiled, text.length);
    return compiled.matcher(text).find();
  }

  /**
   * A text of so many characters is searched: a match may have to be looked for up to its end.
   * @throws {Error} when the work goes on for too long
   */
  search(compiled: RE2JS, length: number): void {
    this.#budget.step(MATCHER_STEPS + length * compiled.programSize() / TRIES_PER_STEP);
  }
}

/** @throws {Fault} for a pattern that Go does not read either */
export function compileRegex(pattern: string, position?: number): RE2JS {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    throw new Fault(`a regular expression of ${pattern.length} characters is too long`, position);
  }
  if (unrolledLength(pattern) > UNROLLED_LENGTH_MAX) {
    throw new Fault("a regular expression with so many repetitions is too long", position);
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = errorText(error);
    throw new Fault(reason, position);
  }
}

const PART = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[^]/gy;

/** The length of a pattern with `a{3}` as `aaa`: an estimate, not a parse. */
function unrolledLength(pattern: string): number {
  const groups = [0];
  let last = 0;
  for (const [part, least = "0", most = ""] of pattern.matchAll(PART)) {
    if (part === "(") {
      groups.push(0);
      last = 0;
      continue;
    }
    const outer = part === ")" ? groups.pop() ?? 0 : 0;
    const repeated = part.length > 1 && part.startsWith("{");
    const added = repeated ? last * (Math.max(Number(least), Number(most)) - 1) : outer + 1;
    groups.push((groups.pop() ?? 0) + added);
    last = repeated ? last + added : added;
  }
  return groups.reduce((sum, length) => sum + length, 0);
}
