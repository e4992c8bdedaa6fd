/** Cuts the text of a template into tokens, by the rules of Go's text/template. */
import { TemplateFault } from "./template_fault.ts";

export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "space"
  | "keyword"
  | "identifier"
  | "bool"
  | "nil"
  | "dot"
  | "field"
  | "variable"
  | "number"
  | "character"
  | "string"
  | "rawString"
  | "declare"
  | "assign"
  | "pipe"
  | "leftParen"
  | "rightParen"
  | "other"
  | "end of text";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);

const OPEN = "{{";
const CLOSE = "}}";
const SPACES = " \t\r\n";

/** A sign, then digits of a base, a fraction and an exponent; what is valid is seen later. */
const NUMBER = new RegExp(
  "[+-]?(?:0[xX][0-9a-fA-F_]*(?:\\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?" +
    "|0[oO][0-7_]*(?:\\.[0-7_]*)?|0[bB][01_]*(?:\\.[01_]*)?" +
    "|[0-9_]*(?:\\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?",
  "y",
);
const WORD = /[\p{L}\p{Nd}_]*/uy;
const WORD_CHARACTER = /^[\p{L}\p{Nd}_]/u;
/** What may follow a word at once. */
const TERMINATORS = ".,|:)(";

/** @throws {TemplateFault} where the text cannot be cut */
export function tokenize(text: string): Token[] {
  return new Lexer(text).all();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #parens = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): Token[] {
    let isTrimmed = false;
    for (;;) {
      const open = this.#text.indexOf(OPEN, this.#at);
      const end = open < 0 ? this.#text.length : open;
      const isCut = open >= 0 && this.#hasTrimMark(open + OPEN.length);
      this.#plain(end, { isTrimmed, isCut });
      if (open < 0) break;
      const after = open + OPEN.length + (isCut ? 2 : 0);
      if (this.#text.startsWith("/*", after)) {
        isTrimmed = this.#comment(after);
        continue;
      }
      this.#push("open", open, open + OPEN.length);
      this.#at = after;
      isTrimmed = this.#action(open);
    }
    this.#push("end of text", this.#text.length, this.#text.length);
    return this.#tokens;
  }

  #push(kind: TokenKind, start: number, end: number): void {
    this.#tokens.push({ kind, text: this.#text.slice(start, end), offset: start });
    this.#at = end;
  }

  #plain(end: number, { isTrimmed, isCut }: { isTrimmed: boolean; isCut: boolean }): void {
    let start = this.#at;
    let stop = end;
    if (isTrimmed) { while (start < stop && this.#isSpace(start)) start++; }
    if (isCut) { while (stop > start && this.#isSpace(stop - 1)) stop--; }
    if (stop > start) this.#push("text", start, stop);
    this.#at = end;
  }

  #isSpace(at: number): boolean {
    const char = this.#text[at];
    return char !== undefined && SPACES.includes(char);
  }

  /** `- ` right after the opening braces. */
  #hasTrimMark(at: number): boolean {
    return this.#text[at] === "-" && this.#isSpace(at + 1);
  }

  /** Length of the end of an action that stands here, 0: none does. */
  #closeAt(at: number): number {
    if (this.#text.startsWith(CLOSE, at)) return CLOSE.length;
    return this.#isSpace(at) && this.#text.startsWith(`-${CLOSE}`, at + 1) ? CLOSE.length + 2 : 0;
  }

  /** Passes over a comment; tells whether it trims what follows. */
  #comment(start: number): boolean {
    const end = this.#text.indexOf("*/", start + 2);
    if (end < 0) throw new TemplateFault("the comment does not end", start);
    const length = this.#closeAt(end + 2);
    if (length === 0) {
      throw new TemplateFault("a comment must end right before the closing braces", start);
    }
    this.#at = end + 2 + length;
    return length > CLOSE.length;
  }

  /** Cuts the inside of an action; tells whether it trims what follows. */
  #action(open: number): boolean {
    this.#parens = 0;
    for (;;) {
      const length = this.#closeAt(this.#at);
      if (length > 0) {
        if (this.#parens > 0) throw new TemplateFault('a ")" is missing', this.#at);
        const start = this.#at + length - CLOSE.length;
        this.#push("close", start, start + CLOSE.length);
        return length > CLOSE.length;
      }
      if (this.#at >= this.#text.length) {
        throw new TemplateFault("the action is not closed", open);
      }
      this.#token();
    }
  }

  #token(): void {
    const start = this.#at;
    const char = this.#text[start] ?? "";
    const next = this.#text[start + 1] ?? "";
    if (SPACES.includes(char)) return this.#space();
    if (char === "=") return this.#push("assign", start, start + 1);
    if (char === ":") {
      if (next !== "=") throw new TemplateFault('":" must be followed by "="', start);
      return this.#push("declare", start, start + 2);
    }
    if (char === "|") return this.#push("pipe", start, start + 1);
    if (char === '"' || char === "'") return this.#quoted(char);
    if (char === "`") return this.#raw();
    if (char === "$") return this.#word("variable", "variable");
    if (char === "." && !/[0-9]/.test(next)) return this.#word("field", "dot");
    if (/[-+.0-9]/.test(char)) return this.#number();
    if (char === "(") {
      this.#parens++;
      return this.#push("leftParen", start, start + 1);
    }
    if (char === ")") {
      if (--this.#parens < 0) throw new TemplateFault('a "(" is missing', start);
      return this.#push("rightParen", start, start + 1);
    }
    if (WORD_CHARACTER.test(this.#characterAt(start))) return this.#name();
    if (/[!-~]/.test(char)) return this.#push("other", start, start + 1);
    throw new TemplateFault(`unexpected character ${shown(this.#characterAt(start))}`, start);
  }

  #characterAt(at: number): string {
    const code = this.#text.codePointAt(at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  #space(): void {
    const start = this.#at;
    let end = start + 1;
    // The last space may belong to the mark that trims.
    while (this.#isSpace(end) && this.#closeAt(end) === 0) end++;
    this.#push("space", start, end);
  }

  #quoted(quote: string): void {
    const start = this.#at;
    for (let at = start + 1; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === "\n") break;
      if (char === "\\") {
        at++;
        if (this.#text[at] === "\n") break;
      } else if (char === quote) {
        return this.#push(quote === '"' ? "string" : "character", start, at + 1);
      }
    }
    throw new TemplateFault(`the closing ${quote} is missing`, start);
  }

  #raw(): void {
    const end = this.#text.indexOf("`", this.#at + 1);
    if (end < 0) throw new TemplateFault("the closing ` is missing", this.#at);
    this.#push("rawString", this.#at, end + 1);
  }

  /** A variable or a field: its mark and a name, or the mark alone. */
  #word(kind: TokenKind, alone: TokenKind): void {
    const start = this.#at;
    const end = this.#wordEnd(start + 1);
    this.#push(end === start + 1 ? alone : kind, start, end);
    this.#checkTerminator();
  }

  #wordEnd(at: number): number {
    WORD.lastIndex = at;
    return at + (WORD.exec(this.#text)?.[0].length ?? 0);
  }

  #name(): void {
    const start = this.#at;
    const end = this.#wordEnd(start);
    const word = this.#text.slice(start, end);
    const kind = KEYWORDS.has(word)
      ? "keyword"
      : word === "true" || word === "false"
      ? "bool"
      : word === "nil"
      ? "nil"
      : "identifier";
    this.#push(kind, start, end);
    this.#checkTerminator();
  }

  #checkTerminator(): void {
    const char = this.#characterAt(this.#at);
    if (char === "" || SPACES.includes(char) || TERMINATORS.includes(char)) return;
    if (this.#closeAt(this.#at) > 0) return;
    throw new TemplateFault(`unexpected character ${shown(char)}`, this.#at);
  }

  #number(): void {
    const start = this.#at;
    NUMBER.lastIndex = start;
    const end = start + (NUMBER.exec(this.#text)?.[0].length ?? 0);
    const after = this.#characterAt(end);
    if (WORD_CHARACTER.test(after) || after === "+" || after === "-") {
      throw new TemplateFault(`this is no number: ${this.#text.slice(start, end)}${after}`, start);
    }
    this.#push("number", start, end);
  }
}

/** A character between quotes, or its code where it cannot be seen. */
function shown(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code > 0x20 && code < 0x7f
    ? `"${char}"`
    : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
