/**
 * Texts as Go has them: bytes. A text is kept as a string of JavaScript; a byte that is no UTF-8 is
 * kept in it as a lone surrogate (U+DC00 and the byte), so that nothing is lost on the way.
 */

const STRAY = 0xdc00;
/** What stands for a character that cannot be. */
export const REPLACEMENT = "\ufffd";

const encoder = new TextEncoder();
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// deno-lint-ignore no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** The bytes of a text; stray bytes come back as they were. */
export function encodeUtf8(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(3 * text.length);
  let [length, start] = [0, 0];
  const take = (end: number) => {
    if (end === start) return;
    length += encoder.encodeInto(text.slice(start, end), bytes.subarray(length)).written;
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isHigh(code) && isLow(text.charCodeAt(at + 1))) {
      at++;
      continue;
    }
    if (code < STRAY + 0x80 || code > STRAY + 0xff) continue;
    take(at);
    bytes[length++] = code - STRAY;
    start = at + 1;
  }
  take(text.length);
  return bytes.subarray(0, length);
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/** The byte that a character stands for; undefined: it is a true one. */
export function strayByte(char: string): number | undefined {
  const code = char.length === 1 ? char.charCodeAt(0) : 0;
  return code >= STRAY + 0x80 && code <= STRAY + 0xff ? code - STRAY : undefined;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text of bytes; those that are no UTF-8 are kept one by one. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return pieces(bytes).join("");
  }
}

function pieces(bytes: Uint8Array): string[] {
  const found: string[] = [];
  let start = 0;
  const take = (end: number) => {
    if (end > start) found.push(decoder.decode(bytes.subarray(start, end)));
  };
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    take(at);
    found.push(String.fromCharCode(STRAY + (bytes[at] ?? 0)));
    start = ++at;
  }
  take(bytes.length);
  return found;
}

/** How many bytes the character takes that begins here; 0: none does. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const [least, most] = SECOND_BYTES.get(first) ?? [0x80, 0xbf];
  const second = bytes[at + 1] ?? 0;
  if (second < least || second > most) return 0;
  for (let next = at + 2; next < at + length; next++) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** After these bytes fewer can follow: no form that is too long, no surrogate, no large code. */
const SECOND_BYTES: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

/** How many bytes a text has. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : encodeUtf8(text).length;
}

/** Part of a text, counted in bytes. */
export function sliceBytes(text: string, start: number, end?: number): string {
  if (isAscii(text)) return text.slice(start, end);
  return textOfBytes(encodeUtf8(text).slice(start, end));
}

/** A text that can be sent: what is no character is replaced. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.replace(LONE_SURROGATE, REPLACEMENT);
}

/** The characters of a text; what is none is replaced. */
export function charactersOf(text: string): string[] {
  return text.isWellFormed() ? [...text] : [...wellFormed(text)];
}

/** Texts are in order by their bytes, which is the order of their characters' codes. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  // Before it all bytes are the same, unless it is the second half of a character.
  if (at > 0 && isHigh(left.charCodeAt(at - 1))) at--;
  const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
  if (a < 0x80 && b < 0x80) return a - b;
  return compareBytes(encodeUtf8(left.slice(at)), encodeUtf8(right.slice(at)));
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Characters that Go prints as they are. */
const UNPRINTABLE = /^[\p{C}\p{Z}]$/u;

export function isPrintable(char: string): boolean {
  return char === " " || !UNPRINTABLE.test(char);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
]);

/** Characters of ASCII that need no escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A text between quotes as a literal of Go. */
export function quoteText(text: string, { quote = '"', isAsciiOnly = false } = {}): string {
  if (quote === '"' && PLAIN.test(text)) return `"${text}"`;
  let quoted = quote;
  for (const char of text) quoted += escaped(char, { quote, isAsciiOnly });
  return quoted + quote;
}

function escaped(
  char: string,
  { quote, isAsciiOnly }: { quote: string; isAsciiOnly: boolean },
): string {
  if (char === quote) return `\\${quote}`;
  const simple = ESCAPES.get(char);
  if (simple !== undefined) return simple;
  const stray = strayByte(char);
  if (stray !== undefined) return `\\x${hex(stray, 2)}`;
  const code = char.codePointAt(0) ?? 0;
  if (isPrintable(char) && !(isAsciiOnly && code > 0x7e)) return char;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
