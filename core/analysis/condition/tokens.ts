/** Expressions, cut into tokens. */
import { Fault, type Position } from "./condition_error.ts";
import { lookUp } from "./look_up.ts";

export type TokenKind =
  | "Identifier"
  | "Number"
  | "String"
  | "Bytes"
  | "Operator"
  | "Bracket"
  | "EOF";

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a string what it means. */
  readonly value: string;
  readonly position: Position;
  /** Of a bytes literal what it means. */
  readonly bytes?: Uint8Array;
}

/** Words that are operators. */
const WORD_OPERATORS: ReadonlySet<string> = new Set([
  "in",
  "or",
  "and",
  "matches",
  "contains",
  "startsWith",
  "endsWith",
  "let",
  "if",
  "else",
  "not",
]);

const OPERATORS_2: ReadonlySet<string> = new Set([
  "==",
  "!=",
  "<=",
  ">=",
  "&&",
  "||",
  "**",
  "..",
  "?.",
  "??",
  "?:",
  "::",
]);

const LETTER = /^[\p{L}_$]$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}_$]$/u;
const SPACE = /^\s$/u;
const DIGIT = /^[0-9]$/;

/** How a token is named in messages: `Operator("=")`, `EOF`. */
export function tokenText({ kind, value }: Token): string {
  return value === "" && kind === "EOF" ? kind : `${kind}(${quote(value)})`;
}

/** A text in double quotes, as Go writes it. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** @throws {Fault} where a character cannot be part of an expression */
export function tokenize(source: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const before = at;
    const char = source[at] as string;
    if (SPACE.test(char)) {
      at++;
    } else if (char === "/" && (source[at + 1] === "/" || source[at + 1] === "*")) {
      at = skipComment(source, at);
    } else {
      const token = tokenAt(source, at);
      tokens.push(token.token);
      at = token.end;
    }
    if (at <= before) throw new Fault("the expression cannot be read", before);
  }
  tokens.push({ kind: "EOF", value: "", position: Math.max(0, source.length - 1) });
  return tokens;
}

interface Found {
  readonly token: Token;
  readonly end: number;
}

function tokenAt(source: readonly string[], at: number): Found {
  const char = source[at] as string;
  const next = source[at + 1] ?? "";
  if ((char === "b" || char === "B") && (next === "'" || next === '"')) {
    const { value, end } = readString(source, at + 1, { isBytes: true });
    const bytes = Uint8Array.from([...value].flatMap((one) => bytesOf(one)));
    return { token: { kind: "Bytes", value, position: at, bytes }, end };
  }
  if (char === "'" || char === '"' || char === "`") {
    const { value, end } = char === "`"
      ? readRaw(source, at)
      : readString(source, at, { isBytes: false });
    return { token: { kind: "String", value, position: at }, end };
  }
  if (DIGIT.test(char) || (char === "." && DIGIT.test(next))) return readNumber(source, at);
  if (LETTER.test(char)) return readWord(source, at);
  if ("([{".includes(char) || ")]}".includes(char)) {
    return { token: { kind: "Bracket", value: char, position: at }, end: at + 1 };
  }
  return readOperator(source, at);
}

function readOperator(source: readonly string[], at: number): Found {
  const char = source[at] as string;
  const pair = char + (source[at + 1] ?? "");
  const operator = (value: string): Found => ({
    token: { kind: "Operator", value, position: at },
    end: at + value.length,
  });
  if (OPERATORS_2.has(pair)) return operator(pair);
  if ("#,?:%+-/*^;<>=!&|.".includes(char)) {
    if (char === "&") throw unrecognized(source, at);
    return operator(char);
  }
  throw unrecognized(source, at);
}

function unrecognized(source: readonly string[], at: number): Fault {
  const char = source[at] as string;
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return new Fault(`unrecognized character: U+${code} '${char}'`, at);
}

function readWord(source: readonly string[], at: number): Found {
  let end = at + 1;
  while (end < source.length && LETTER_OR_DIGIT.test(source[end] as string)) end++;
  const value = source.slice(at, end).join("");
  const kind = WORD_OPERATORS.has(value) ? "Operator" : "Identifier";
  return { token: { kind, value, position: at }, end };
}

function readNumber(source: readonly string[], at: number): Found {
  let end = at;
  const take = (accepts: RegExp) => {
    while (end < source.length && accepts.test(source[end] as string)) end++;
  };
  let digits = /^[0-9_]$/;
  if (source[at] === "0") {
    end++;
    const base = (source[end] ?? "").toLowerCase();
    if (base === "x") digits = /^[0-9a-fA-F_]$/;
    else if (base === "b") digits = /^[01_]$/;
    else if (base === "o") digits = /^[0-7_]$/;
    if ("xbo".includes(base) && base !== "") end++;
  }
  if (source[at] === ".") end++;
  take(digits);
  // Two points are the range operator: `1..3`.
  if (source[end] === "." && source[end + 1] !== ".") {
    end++;
    take(digits);
  }
  if (/^[eE]$/.test(source[end] ?? "")) {
    end++;
    if (/^[+-]$/.test(source[end] ?? "")) end++;
    take(digits);
  }
  if (end < source.length && LETTER_OR_DIGIT.test(source[end] as string)) {
    const text = source.slice(at, end + 1).join("");
    throw new Fault(`bad number syntax: ${quote(text)}`, end);
  }
  const value = source.slice(at, end).join("");
  return { token: { kind: "Number", value, position: at }, end };
}

function readRaw(source: readonly string[], at: number): { value: string; end: number } {
  let value = "";
  for (let index = at + 1; index < source.length; index++) {
    if (source[index] !== "`") {
      value += source[index];
      continue;
    }
    // Two of them stand for one.
    if (source[index + 1] !== "`") return { value, end: index + 1 };
    value += "`";
    index++;
  }
  throw new Fault("literal not terminated", source.length);
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
  "'": "'",
  '"': '"',
});

function readString(
  source: readonly string[],
  at: number,
  { isBytes }: { isBytes: boolean },
): { value: string; end: number } {
  const mark = source[at];
  let value = "";
  let index = at + 1;
  while (index < source.length) {
    const char = source[index] as string;
    if (char === mark) return { value, end: index + 1 };
    if (char === "\n") break;
    if (char !== "\\") {
      value += isBytes ? latinOf(char) : char;
      index++;
      continue;
    }
    const escape = readEscape(source, index, { isBytes });
    value += escape.value;
    index = escape.end;
  }
  throw new Fault("literal not terminated", index);
}

const HEX_LENGTHS: Readonly<Record<string, number>> = Object.freeze({ x: 2, u: 4, U: 8 });

function readEscape(
  source: readonly string[],
  at: number,
  { isBytes }: { isBytes: boolean },
): { value: string; end: number } {
  const kind = source[at + 1] ?? "";
  const simple = lookUp(ESCAPES, kind);
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const length = isBytes && kind !== "x" ? undefined : lookUp(HEX_LENGTHS, kind);
  if (length !== undefined) {
    const digits = source.slice(at + 2, at + 2 + length).join("");
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length !== length) {
      throw new Fault("invalid char escape", at + 1);
    }
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) throw new Fault("invalid char escape", at + 1);
    return { value: String.fromCodePoint(code), end: at + 2 + length };
  }
  const octal = source.slice(at + 1, at + 4).join("");
  if (/^[0-3][0-7]{2}$/.test(octal)) {
    return { value: String.fromCodePoint(Number.parseInt(octal, 8)), end: at + 4 };
  }
  throw new Fault("invalid char escape", at + 1);
}

/** The UTF-8 bytes of a character, each as a character of its own. */
function latinOf(char: string): string {
  return char.codePointAt(0)! < 0x80
    ? char
    : String.fromCharCode(...new TextEncoder().encode(char));
}

function bytesOf(char: string): number[] {
  return [char.codePointAt(0)! & 0xff];
}

function skipComment(source: readonly string[], at: number): number {
  if (source[at + 1] === "/") {
    const end = source.indexOf("\n", at);
    return end < 0 ? source.length : end + 1;
  }
  for (let index = at + 2; index < source.length; index++) {
    if (source[index] === "*" && source[index + 1] === "/") return index + 2;
  }
  throw new Fault("unclosed comment", source.length);
}
