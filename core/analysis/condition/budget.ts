/** How much an evaluation may do: an expression of a stranger must not hold up the controller. */
import { Fault } from "./condition_error.ts";

const STEPS_MAX = 200_000;
/** Elements and characters that an evaluation may make, as the original has it. */
const MEMORY_MAX = 1_000_000;

export class Budget {
  #steps = 0;
  #memory = 0;

  /** @throws {Fault} when the evaluation goes on for too long */
  step(): void {
    if (++this.#steps > STEPS_MAX) throw new Fault("the expression takes too many steps");
  }

  /** @throws {Fault} when more is made than may be */
  make(size: number): void {
    this.#memory += size;
    if (this.#memory >= MEMORY_MAX) throw new Fault("memory budget exceeded");
  }
}
