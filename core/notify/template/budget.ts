/** How much a rendering may do: a template must not hold up the controller, nor eat its memory. */
import { Budget } from "../../analysis/condition/budget.ts";
import { TemplateFault } from "./template_fault.ts";

const OUTPUT_LENGTH_MAX = 1_000_000;
/** How deep values may hold one another, and templates call one another. */
export const DEPTH_MAX = 200;

function ofTemplate(what: "steps" | "memory"): TemplateFault {
  return new TemplateFault(`the template takes too ${what === "steps" ? "many" : "much"} ${what}`);
}

export class RenderingBudget extends Budget {
  #outputLength = 0;

  constructor() {
    super(ofTemplate);
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
