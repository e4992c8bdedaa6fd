/**
 * How much an evaluation may do: an expression of a stranger must not hold up the controller. Work
 * that grows with what is looked at or made costs steps in proportion.
 */
import { Fault } from "./condition_error.ts";

const STEPS_MAX = 150_000;
/** Elements and characters that an evaluation may make, as the original has it. */
const MEMORY_MAX = 1_000_000;
/** So many elements or characters can be looked at in the time of a step. */
const LOOKS_PER_STEP = 8;
/** So many characters of a text can be compared with those of a wanted one. */
const TRIES_PER_STEP = 100;

export class Budget {
  #steps = 0;
  #memory = 0;

  /** @throws {Fault} when the evaluation goes on for too long */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > STEPS_MAX) throw new Fault("the expression takes too many steps");
  }

  /**
   * Elements or characters are looked at, one after the other.
   * @throws {Fault} when the evaluation goes on for too long
   */
  look(count: number): void {
    this.step(count / LOOKS_PER_STEP);
  }

  /**
   * Elements are made.
   * @throws {Fault} when more is made than may be
   */
  make(count: number): void {
    this.#hold(count);
    this.step(count);
  }

  /**
   * A text of so many characters is made.
   * @throws {Fault} when more is made than may be
   */
  makeText(length: number): void {
    this.#hold(length);
    this.look(length);
  }

  /**
   * A text is looked for in another, which may be tried at each of its places.
   * @throws {Fault} when the evaluation goes on for too long
   */
  search(text: string, wanted: string): void {
    this.step(text.length * (1 + wanted.length) / TRIES_PER_STEP);
  }

  #hold(count: number): void {
    this.#memory += count;
    if (this.#memory >= MEMORY_MAX) throw new Fault("memory budget exceeded");
  }
}
