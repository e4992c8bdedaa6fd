/**
 * The syntax of JSONPath as Kubernetes has it: texts with actions in braces, `{.items[*].name}`.
 * Its corners are kept, since templates that were written for them are.
 */

/** One step of an action: from values to values. */
export type Part =
  | { readonly is: "field"; readonly name: string }
  | { readonly is: "slice"; readonly slice: Slice }
  | { readonly is: "filter"; readonly filter: Filter }
  | { readonly is: "union"; readonly paths: readonly (readonly Part[])[] }
  | { readonly is: "literal"; readonly value: bigint | number | boolean }
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "all" }
  | { readonly is: "descend" }
  /** `range`, `end`, or what means nothing. */
  | { readonly is: "word"; readonly word: string };

/** `[start:end:step]`; absent: not said. */
export interface Slice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly step: number | undefined;
  /** `[start]`, so that `end` follows from it. */
  readonly isIndex: boolean;
}

export interface Filter {
  readonly left: readonly Part[];
  readonly right: readonly Part[];
  /** `exists`, or an operator; one that means nothing is told when it is used. */
  readonly operator: string;
}

/** What stands between the texts of a template, and these. */
export type Block =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "action"; readonly parts: readonly Part[] };

/** @throws {Error} when it is no template */
export function parseTemplate(source: string): readonly Block[] {
  const reader = new Reader(source);
  const blocks: Block[] = [];
  while (!reader.isAtEnd) {
    const text = reader.until("{");
    if (text !== "") blocks.push({ is: "text", text });
    if (reader.take("{")) blocks.push({ is: "action", parts: parseAction(reader) });
  }
  return blocks;
}

/** Parts up to the brace that ends them. */
function parseAction(reader: Reader): Part[] {
  const parts: Part[] = [];
  while (!reader.take("}")) parts.push(...parsePart(reader, parts.at(-1)));
  return parts;
}

/** The parts of a text that stands inside another. */
function partsOf(text: string): Part[] {
  return parseAction(new Reader(`${text}}`));
}

function parsePart(reader: Reader, before: Part | undefined): Part[] {
  if (reader.take("[?(")) return [parseFilter(reader)];
  if (reader.take("..")) {
    if (before?.is === "descend") throw new Error("invalid multiple recursive descent");
    const isNamed = /^[_\p{L}\p{Nd}]/u.test(reader.peek());
    return isNamed ? [{ is: "descend" }, parseField(reader)] : [{ is: "descend" }];
  }
  const char = reader.peek();
  if (/^[\r\n]?$/.test(char)) throw new Error("unclosed action");
  if (/^[+\-\p{Nd}]/u.test(char)) return [parseNumber(reader)];
  if (/^[_\p{L}]/u.test(char)) return [parseWord(reader)];
  reader.next();
  if (char === " " || char === "@" || char === "$") return [];
  if (char === ".") return [parseField(reader)];
  if (char === "[") return parseBrackets(reader);
  if (char === '"' || char === "'") return [parseQuoted(reader, char)];
  throw new Error(`unrecognized character in action: ${named(char)}`);
}

/** A character as Go names it: `U+002A '*'`. */
function named(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(char) ? `${code} '${char}'` : code;
}

const TERMINATOR = /[ \t\r\n.,[\]$@{}]/;

function parseField(reader: Reader): Part {
  let name = "";
  while (!reader.isAtEnd && !TERMINATOR.test(reader.peek())) {
    const char = reader.next();
    // What follows a backslash ends no name.
    name += char === "\\" ? char + reader.next() : char;
  }
  return name === "*" ? { is: "all" } : { is: "field", name: name.replaceAll("\\", "") };
}

function parseWord(reader: Reader): Part {
  let word = "";
  while (!reader.isAtEnd && !TERMINATOR.test(reader.peek())) word += reader.next();
  const isFlag = word === "true" || word === "false";
  return isFlag ? { is: "literal", value: word === "true" } : { is: "word", word };
}

function parseNumber(reader: Reader): Part {
  let text = /^[+-]/.test(reader.peek()) ? reader.next() : "";
  while (/^[.\p{Nd}]/u.test(reader.peek())) text += reader.next();
  if (/^[+-]?\d+$/.test(text)) {
    const value = BigInt(text.replace("+", ""));
    return { is: "literal", value: BigInt.asIntN(64, value) === value ? value : Number(text) };
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return { is: "literal", value: Number(text) };
  throw new Error(`cannot parse number ${text}`);
}

function parseBrackets(reader: Reader): Part[] {
  const text = reader.within("]", "unterminated array");
  const paths = text.split(",");
  if (paths.length > 1) {
    return [{
      is: "union",
      paths: paths.map((path) => partsOf(`[${path.replace(/^ +| +$/g, "")}]`)),
    }];
  }
  const key = /^'([^']*)'$/.exec(text);
  if (key !== null) return partsOf(`.${key[1]}`);
  return [{ is: "slice", slice: sliceOf(text === "*" ? ":" : text) }];
}

function sliceOf(text: string): Slice {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (match === null) throw new Error(`invalid array index ${text}`);
  const [start, end, step] = match.slice(1).map((part = "") => indexOf(part.replace(":", "")));
  return { start, end, step, isIndex: match[2] === undefined };
}

function indexOf(text: string): number | undefined {
  if (text === "") return undefined;
  const index = Number(text);
  if (Number.isSafeInteger(index)) return index;
  throw new Error(`array index ${text} is not a number`);
}

function parseFilter(reader: Reader): Part {
  const text = filterText(reader);
  if (!reader.take("]")) throw new Error("unclosed array expect ]");
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)([^\n]+?)$/.exec(text) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    return { is: "filter", filter: { left: partsOf(text), right: [], operator: "exists" } };
  }
  return { is: "filter", filter: { left: partsOf(left), right: partsOf(right), operator } };
}

/** Up to the parenthesis that is not inside the first pair of quotes. */
function filterText(reader: Reader): string {
  let text = "";
  let quote = "";
  let isClosed = false;
  while (true) {
    const char = reader.next();
    if (char === "" || char === "\n") throw new Error("unterminated filter");
    if (char === ")" && (quote === "" || isClosed)) return text;
    if (char === '"' || char === "'") {
      if (quote === "") quote = char;
      else if (char === quote && !text.endsWith("\\")) isClosed = true;
    }
    text += char;
  }
}

function parseQuoted(reader: Reader, quote: string): Part {
  let text = "";
  while (true) {
    const char = reader.next();
    if (char === "" || char === "\n") throw new Error("unterminated quoted string");
    if (char === quote && !text.endsWith("\\")) return { is: "text", text: unquoted(text, quote) };
    text += char;
  }
}

const ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
});

/** A text with the escapes of Go. */
function unquoted(text: string, quote: string): string {
  const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.?))/gsu;
  return text.replace(escape, (_, byte, four, eight, octal, simple: string | undefined) => {
    const code = parseInt(byte ?? four ?? eight ?? octal, octal === undefined ? 16 : 8);
    const isCode = simple === undefined && code <= (octal === undefined ? 0x10ffff : 0xff) &&
      !(byte === undefined && octal === undefined && code >= 0xd800 && code <= 0xdfff);
    if (isCode) return String.fromCodePoint(code);
    const char = simple === quote ? quote : ESCAPES[simple ?? ""];
    if (char !== undefined) return char;
    throw new Error(`unquote string ${quote}${text}${quote} error invalid syntax`);
  });
}

/** A text that is read from left to right, a character at a time; at its end there is "". */
class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  peek(): string {
    const code = this.#source.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  next(): string {
    const char = this.peek();
    this.#at += char.length;
    return char;
  }

  /** Whether this stands next; then it is read. */
  take(text: string): boolean {
    const isNext = this.#source.startsWith(text, this.#at);
    if (isNext) this.#at += text.length;
    return isNext;
  }

  /** All before the next such text, or before the end. */
  until(text: string): string {
    const found = this.#source.indexOf(text, this.#at);
    const end = found < 0 ? this.#source.length : found;
    const passed = this.#source.slice(this.#at, end);
    this.#at = end;
    return passed;
  }

  /** All before the next such character, which is read as well. */
  within(end: string, problem: string): string {
    const text = this.until(end);
    if (!this.take(end) || text.includes("\n")) throw new Error(problem);
    return text;
  }
}
