/** Templates: parsed once, rendered as often as wanted. */
import type { FunctionNames } from "./action_parser.ts";
import { RenderingBudget } from "./budget.ts";
import { BUILTINS } from "./builtins.ts";
import { Evaluator } from "./evaluator.ts";
import { SPRIG_FUNCTIONS, UNAVAILABLE_FUNCTIONS } from "./functions/sprig.ts";
import { wellFormed } from "./go_text.ts";
import { type ParsedText, parseText } from "./parser.ts";
import { type TemplateError, templateError, TemplateFault } from "./template_fault.ts";
import { type FunctionTable, tableOf } from "./template_function.ts";
import { Dict, type TemplatePorts, valueOfData, type WholeNumbers } from "./values.ts";

/** A template, or what is wrong with its text. */
export type ParseOutcome =
  | { readonly template: Template; readonly error?: undefined }
  | { readonly error: TemplateError };

/** What a template made, or what went wrong. */
export type RenderOutcome =
  | { readonly text: string; readonly error?: undefined }
  | { readonly error: TemplateError };

export interface RenderOptions {
  readonly ports: TemplatePorts;
  /** `int64` for objects of Kubernetes as they were read, `float64` for plain JSON. */
  readonly wholeNumbers: WholeNumbers;
  /** What it may do, with all that was done by it before; absent: one of its own. */
  readonly budget?: RenderingBudget;
}

/** Each character costs time. */
const TEXT_LENGTH_MAX = 50_000;

/** Names that a template may call. */
const FUNCTIONS: FunctionTable = tableOf([...BUILTINS, ...SPRIG_FUNCTIONS]);
const FUNCTION_NAMES: FunctionNames = Object.freeze({
  known: new Set(FUNCTIONS.keys()),
  unavailable: UNAVAILABLE_FUNCTIONS,
});

/**
 * Reads the text of a template. The name stands in front of every error: the ConfigMap, its key and
 * the field of the template.
 */
export function parseTemplate({ name, text }: { name: string; text: string }): ParseOutcome {
  if (text.length > TEXT_LENGTH_MAX) {
    const reason = `the template is longer than ${TEXT_LENGTH_MAX} characters`;
    return { error: templateError({ reason, offset: 0 }, { name, text: "" }) };
  }
  try {
    return { template: new Template(name, text, parseText(text, FUNCTION_NAMES)) };
  } catch (error) {
    return { error: errorOf(error, { name, text }) };
  }
}

export class Template {
  readonly name: string;
  readonly #text: string;
  readonly #parsed: ParsedText;

  constructor(name: string, text: string, parsed: ParsedText) {
    this.name = name;
    this.#text = text;
    this.#parsed = parsed;
  }

  /** What the template makes of these data, which stay as they are unless they are a `Dict`. */
  render(
    data: unknown,
    { ports, wholeNumbers, budget = new RenderingBudget() }: RenderOptions,
  ): RenderOutcome {
    try {
      const evaluator = new Evaluator(this.#parsed, FUNCTIONS, { ports, budget });
      const value = data instanceof Dict ? data : valueOfData(data, wholeNumbers);
      return { text: wellFormed(evaluator.render(value)) };
    } catch (error) {
      return { error: errorOf(error, { name: this.name, text: this.#text }) };
    }
  }
}

/** @throws whatever is no fault of a template */
function errorOf(error: unknown, source: { name: string; text: string }): TemplateError {
  // The engine's own limits: of its stack, and of the length of a string.
  if (error instanceof RangeError) {
    return templateError({ reason: "the template takes too much", offset: 0 }, source);
  }
  if (!(error instanceof TemplateFault)) throw error;
  return templateError({ reason: error.message, offset: error.offset ?? 0 }, source);
}
