/** `printf`: a text with verbs, as Go reads it. */
import type { RenderingBudget } from "./budget.ts";
import type { Flags } from "./leaf_text.ts";
import { textOf, verbText } from "./printer.ts";
import { typeOf, type Value, wholeOf } from "./values.ts";

/** Wider than this nothing is written. */
const WIDTH_MAX = 1_000_000;

/** What is wrong in the format is written into the text, as Go does. */
export function sprintf(format: string, values: readonly Value[], budget: RenderingBudget): string {
  return new FormatReader(format, values, budget).text();
}

const FLAGS = /[-#0+ ]*/y;
const DIGITS = /[0-9]+/y;
const INDEX = /\[([^\]]*)\]?/y;

interface Size {
  readonly value: number | undefined;
  /** Written into the text where the size cannot be used. */
  readonly complaint?: string;
}

class FormatReader {
  readonly #format: string;
  readonly #values: readonly Value[];
  readonly #budget: RenderingBudget;
  #at = 0;
  #next = 0;
  #isReordered = false;
  #isGoodIndex = true;

  constructor(format: string, values: readonly Value[], budget: RenderingBudget) {
    this.#format = format;
    this.#values = values;
    this.#budget = budget;
  }

  text(): string {
    const parts: string[] = [];
    while (this.#at < this.#format.length) {
      this.#budget.step();
      const percent = this.#format.indexOf("%", this.#at);
      if (percent < 0) break;
      parts.push(this.#format.slice(this.#at, percent));
      this.#at = percent + 1;
      const part = this.#directive();
      this.#budget.makeText(part.length);
      parts.push(part);
    }
    parts.push(this.#format.slice(this.#at), this.#extra());
    return parts.join("");
  }

  /** Arguments that no verb took. */
  #extra(): string {
    if (this.#isReordered || this.#next >= this.#values.length) return "";
    const parts = this.#values.slice(this.#next).map((value) =>
      value === null ? "<nil>" : `${typeOf(value)}=${textOf(value, this.#budget)}`
    );
    return `%!(EXTRA ${parts.join(", ")})`;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#format);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #directive(): string {
    const marks = this.#match(FLAGS)?.[0] ?? "";
    let minus = marks.includes("-");
    this.#isGoodIndex = true;
    let hasIndex = this.#index();
    const width = this.#size("BADWIDTH");
    if (width.isFromArgument) hasIndex = false;
    else if (hasIndex && width.value !== undefined) this.#isGoodIndex = false;
    let size = width.value;
    if (size !== undefined && size < 0) {
      size = -size;
      minus = true;
    }
    let precision: Size = { value: undefined };
    if (this.#format[this.#at] === ".") {
      this.#at++;
      if (hasIndex) this.#isGoodIndex = false;
      hasIndex = this.#index();
      const read = this.#size("BADPREC");
      if (read.isFromArgument) hasIndex = false;
      precision = read.isFromArgument
        ? read.value !== undefined && read.value < 0
          ? { value: undefined, complaint: "%!(BADPREC)" }
          : read
        : { value: read.value ?? 0 };
    }
    if (!hasIndex) this.#index();
    const complaints = (width.complaint ?? "") + (precision.complaint ?? "");
    const flags = { marks, minus, width: size, precision: precision.value };
    return complaints + this.#verb(flags);
  }

  #verb({ marks, minus, width, precision }: {
    marks: string;
    minus: boolean;
    width: number | undefined;
    precision: number | undefined;
  }): string {
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) return "%!(NOVERB)";
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    if (verb === "%") return "%";
    if (!this.#isGoodIndex) return `%!${verb}(BADINDEX)`;
    const value = this.#values[this.#next];
    if (value === undefined) return `%!${verb}(MISSING)`;
    this.#next++;
    const isV = verb === "v";
    const flags: Flags = {
      plus: marks.includes("+") && !isV,
      minus,
      sharp: marks.includes("#") && !isV,
      space: marks.includes(" "),
      zero: marks.includes("0") && !minus,
      width,
      precision,
      sharpV: marks.includes("#") && isV,
    };
    return verbText(value, verb, flags, this.#budget);
  }

  /** `[2]` picks an argument; tells whether one was picked. */
  #index(): boolean {
    if (this.#format[this.#at] !== "[") return false;
    this.#isReordered = true;
    const text = this.#match(INDEX)?.[0] ?? "";
    const number = /^\[([0-9]+)\]$/.exec(text)?.[1];
    const index = Number(number ?? "0");
    if (index < 1 || index > this.#values.length) {
      this.#isGoodIndex = false;
      // Without its end, the bracket is the verb's.
      if (!text.endsWith("]")) this.#at -= text.length - 1;
      return false;
    }
    this.#next = index - 1;
    return true;
  }

  /** A width or a precision: digits, or a star for an argument. */
  #size(complaint: string): Size & { isFromArgument: boolean } {
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const value = this.#values[this.#next];
      const whole = value === undefined || value === null ? undefined : wholeOf(value);
      if (this.#next < this.#values.length) this.#next++;
      const size = whole === undefined ? undefined : Number(whole);
      return size === undefined || Math.abs(size) > WIDTH_MAX
        ? { value: undefined, complaint: `%!(${complaint})`, isFromArgument: true }
        : { value: size, isFromArgument: true };
    }
    const digits = this.#match(DIGITS)?.[0];
    const size = digits === undefined ? undefined : Number(digits);
    // Go gives up on digits of such a number.
    const value = size !== undefined && size > WIDTH_MAX ? undefined : size;
    return { value, isFromArgument: false };
  }
}
