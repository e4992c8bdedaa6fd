/** Texts in the order of their bytes; what that takes is charged before it is done. */
import type { RenderingBudget } from "./budget.ts";
import { compareTexts } from "./go_text.ts";

/** Characters that are compared in one step. */
const CHARACTERS_PER_STEP = 16;

/**
 * The list itself, put in order.
 * @throws {TemplateFault} when it is too much
 */
export function sortedTexts(texts: string[], budget: RenderingBudget): string[] {
  const length = texts.reduce((sum, text) => sum + text.length, texts.length);
  // Each is compared as often as the number of all has digits.
  budget.step(length * Math.log2(texts.length + 1) / CHARACTERS_PER_STEP);
  return texts.sort(compareTexts);
}
