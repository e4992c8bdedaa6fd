/** JSON, as Go's encoding/json reads and writes it. */
import { GoDuration, GoLocation, GoNamed, GoTime } from "../../../analysis/condition/go_time.ts";
import type { RenderingBudget } from "../budget.ts";
import { SemanticVersion } from "../semantic_version.ts";
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import {
  type CallContext,
  Dict,
  List,
  typeOf,
  type Value,
  valueOfData,
  wholeOf,
} from "../values.ts";
import { bytesToBase64 } from "./encodings.ts";

export interface JsonStyle {
  /** `<`, `>` and `&` are written as escapes. */
  readonly isForHtml: boolean;
  readonly indent: string;
}

/** @throws {TemplateFault} for what has no JSON, such as a function */
export function jsonText(value: Value, style: JsonStyle, budget: RenderingBudget): string {
  budget.step();
  return new JsonWriter(style, budget).text(value, "\n", 0);
}

class JsonWriter {
  readonly #style: JsonStyle;
  readonly #budget: RenderingBudget;

  constructor(style: JsonStyle, budget: RenderingBudget) {
    this.#style = style;
    this.#budget = budget;
  }

  /** A step has been charged for it. */
  text(value: Value, newline: string, depth: number): string {
    this.#budget.checkDepth(depth);
    const text = this.#text(value, newline, depth);
    this.#budget.makeText(text.length);
    return text;
  }

  #text(value: Value, newline: string, depth: number): string {
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "string") return this.#string(value);
    if (typeof value === "number") return floatJson(value);
    if (value instanceof List) return this.#list(value, newline, depth);
    if (value instanceof Dict) return this.#dict(value, newline, depth);
    if (value instanceof GoTime) return this.#string(value.toRfc3339());
    if (value instanceof SemanticVersion) return this.#string(value.toString());
    if (value instanceof GoDuration || value instanceof GoNamed) return String(wholeOf(value));
    if (value instanceof GoLocation) return "{}";
    const whole = wholeOf(value);
    if (whole === undefined) throw new TemplateFault(`a ${typeOf(value)} has no JSON`);
    return String(whole);
  }

  #wrapped(marks: string, parts: readonly string[], newline: string): string {
    if (parts.length === 0) return marks;
    if (this.#style.indent === "") return `${marks[0]}${parts.join(",")}${marks[1]}`;
    const inner = newline + this.#style.indent;
    return `${marks[0]}${inner}${parts.join(`,${inner}`)}${newline}${marks[1]}`;
  }

  #list(list: List, newline: string, depth: number): string {
    if (list.isNil) return "null";
    if (list.type === "[]uint8") {
      return `"${bytesToBase64(Uint8Array.from(list.items, (item) => Number(wholeOf(item))))}"`;
    }
    this.#budget.step(list.items.length);
    const inner = newline + this.#style.indent;
    return this.#wrapped(
      "[]",
      list.items.map((item) => this.text(item, inner, depth + 1)),
      newline,
    );
  }

  #dict(dict: Dict, newline: string, depth: number): string {
    if (dict.isNil) return "null";
    this.#budget.step(dict.entries.size);
    const inner = newline + this.#style.indent;
    const colon = this.#style.indent === "" ? ":" : ": ";
    const parts = dict.sortedKeys(this.#budget).map((key) =>
      this.#string(key) + colon + this.text(dict.entries.get(key) ?? null, inner, depth + 1)
    );
    return this.#wrapped("{}", parts, newline);
  }

  #string(text: string): string {
    const quoted = text.isWellFormed()
      ? JSON.stringify(text)
      : `"${Array.from(text, charJson).join("")}"`;
    return quoted.replace(this.#style.isForHtml ? ESCAPED_FOR_HTML : ESCAPED, escape);
  }
}

const ESCAPED = /[\u2028\u2029]/g;
const ESCAPED_FOR_HTML = /[<>&\u2028\u2029]/g;

/** What is no character is told as an escape. */
function charJson(char: string): string {
  return char.isWellFormed() ? JSON.stringify(char).slice(1, -1) : "\\ufffd";
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function floatJson(value: number): string {
  if (!Number.isFinite(value)) throw new TemplateFault("a number that is not finite has no JSON");
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) {
    return value.toExponential().replace(/e([+-])/, "e$1");
  }
  return Object.is(value, -0) ? "-0" : value.toString();
}

const PLAIN: JsonStyle = { isForHtml: true, indent: "" };
const PRETTY: JsonStyle = { isForHtml: true, indent: "  " };
const RAW: JsonStyle = { isForHtml: false, indent: "" };

/** One that fails, and one that gives nothing then. */
function pair(name: string, style: JsonStyle): TemplateFunction[] {
  const write = ([value = null]: readonly Value[], { budget }: CallContext) =>
    jsonText(value, style, budget);
  return [
    define(`must${name[0]?.toUpperCase()}${name.slice(1)}`, "any", write),
    define(name, "any", (args, context) => orElse("", () => write(args, context))),
  ];
}

function orElse(fallback: Value, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateFault && /has no JSON|is no JSON/.test(error.message)) {
      return fallback;
    }
    throw error;
  }
}

/** @throws {TemplateFault} for what is no JSON */
function parsed(text: string, budget: RenderingBudget): Value {
  budget.make(text.length);
  budget.step(text.length / 10);
  try {
    const value: unknown = JSON.parse(text, (_, each: unknown) => {
      if (typeof each === "number" && !Number.isFinite(each)) throw new SyntaxError("too large");
      return typeof each === "string" ? each.toWellFormed() : each;
    });
    return valueOfData(value, "float64");
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      throw new TemplateFault("the text is no JSON");
    }
    throw error;
  }
}

export const JSON_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...pair("toJson", PLAIN),
  ...pair("toPrettyJson", PRETTY),
  ...pair("toRawJson", RAW),
  define("mustFromJson", "string", ([text], { budget }) => parsed(text as string, budget)),
  define(
    "fromJson",
    "string",
    ([text], { budget }) => orElse(null, () => parsed(text as string, budget)),
  ),
]);
