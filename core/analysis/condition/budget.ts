/**
 * How much an evaluation or a rendering may do: what a stranger wrote must not hold up the
 * controller. Work that grows with what is looked at or made costs steps in proportion.
 */
import { Fault } from "./condition_error.ts";

const STEPS_MAX = 150_000;
/** Elements and characters that may be made, as the original has it for conditions. */
const MEMORY_MAX = 1_000_000;
/** So many elements or characters can be looked at in the time of a step. */
const LOOKS_PER_STEP = 8;
/** So many characters of a text can be compared with those of a wanted one. */
const TRIES_PER_STEP = 100;

/** What is said of who takes too much of either. */
export type TooMuch = (of: "steps" | "memory") => Error;

function ofCondition(what: "steps" | "memory"): Fault {
  return new Fault(
    what === "steps" ? "the expression takes too many steps" : "memory budget exceeded",
  );
}

export class Budget {
  readonly #tooMuch: TooMuch;
  #steps = 0;
  #memory = 0;

  constructor(tooMuch: TooMuch = ofCondition) {
    this.#tooMuch = tooMuch;
  }

  /** What was done so far. */
  get steps(): number {
    return this.#steps;
  }

  /** @throws {Error} when the work goes on for too long */
  step(count = 1): void {
    this.#steps += count;
    if (!(this.#steps <= STEPS_MAX)) throw this.#tooMuch("steps");
  }

  /**
   * Elements or characters are looked at, one after the other.
   * @throws {Error} when the work goes on for too long
   */
  look(count: number): void {
    this.step(count / LOOKS_PER_STEP);
  }

  /**
   * Elements are made.
   * @throws {Error} when more is made than may be
   */
  make(count: number): void {
    this.#hold(count);
    this.step(count);
  }

  /**
   * A text of so many characters is made.
   * @throws {Error} when more is made than may be
   */
  makeText(length: number): void {
    this.#hold(length);
    this.look(length);
  }

  /**
   * A text is looked for in another, which may be tried at each of its places.
   * @throws {Error} when the work goes on for too long
   */
  search(text: string, wanted: string): void {
    this.step(text.length * (1 + wanted.length) / TRIES_PER_STEP);
  }

  #hold(size: number): void {
    this.#memory += size;
    if (!(this.#memory < MEMORY_MAX)) throw this.#tooMuch("memory");
  }
}
