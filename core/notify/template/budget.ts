/** How much a rendering may do: a template must not hold up the controller, nor eat its memory. */
import { TemplateFault } from "./template_fault.ts";

const STEPS_MAX = 200_000;
/** Characters that a rendering may make, those of its output among them. */
const CHARACTERS_MAX = 4_000_000;
const OUTPUT_LENGTH_MAX = 1_000_000;
/** What an element of a list or a map counts as, in characters. */
const ELEMENT_SIZE = 16;
/** How deep values may hold one another, and templates call one another. */
export const DEPTH_MAX = 200;

export class Budget {
  #steps = 0;
  #characters = 0;
  #outputLength = 0;

  /** @throws {TemplateFault} when the rendering goes on for too long */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > STEPS_MAX) throw new TemplateFault("the template takes too many steps");
  }

  /** Counts characters before they are made. @throws {TemplateFault} when there are too many */
  make(characters: number): void {
    this.#characters += characters;
    if (this.#characters > CHARACTERS_MAX) {
      throw new TemplateFault("the template takes too much memory");
    }
  }

  /** Counts elements before they are made. @throws {TemplateFault} when there are too many */
  makeElements(count: number): void {
    this.make(count * ELEMENT_SIZE);
  }

  /** @throws {TemplateFault} when the output is too long */
  write(characters: number): void {
    this.#outputLength += characters;
    if (this.#outputLength > OUTPUT_LENGTH_MAX) {
      throw new TemplateFault(`the output is longer than ${OUTPUT_LENGTH_MAX} characters`);
    }
  }

  /** @throws {TemplateFault} for values that hold one another too deeply, or themselves */
  checkDepth(depth: number): void {
    if (depth > DEPTH_MAX) {
      throw new TemplateFault(`values hold one another more than ${DEPTH_MAX} deep`);
    }
  }
}
