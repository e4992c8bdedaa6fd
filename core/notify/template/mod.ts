/**
 * Templates of notifications: Go's text/template with the functions of sprig. A text is parsed
 * once, and everything that is wrong with it is told then, with line and column; rendering reaches
 * nothing but the data and ports handed in. Steps, memory, output and depth are bounded.
 *
 * Start with `template.ts`. Deliberately absent: which templates there are, what their data hold
 * and where the text goes (that is the matter of notifications).
 *
 * @module
 */
export {
  type ParseOutcome,
  parseTemplate,
  type RenderOptions,
  type RenderOutcome,
  type Template,
} from "./template.ts";
export type { TemplateError } from "./template_fault.ts";
export { RenderingBudget } from "./budget.ts";
export { Dict, GoFunction, type TemplatePorts, valueOfData, type WholeNumbers } from "./values.ts";
