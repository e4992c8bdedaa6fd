/** Functions that look at the words of a text. */

/** What separates words. */
const BLANK = /\s|\u0085/u;
/** What is part of a word for `title`: letters, digits, marks that join, `_` and `'`. */
const WORD = /[\p{L}\p{Nd}_']/u;

/** Every word begins with a capital. */
export function titleCase(text: string): string {
  let before = " ";
  let result = "";
  for (const char of text) {
    result += isSeparator(before) ? upperOf(char) : char;
    before = char;
  }
  return result;
}

/** Among ASCII all but letters, digits and `_` separate; elsewhere only blanks do. */
function isSeparator(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return !/[A-Za-z0-9_]/.test(char);
  return !WORD.test(char) && BLANK.test(char);
}

/** One character never becomes two. */
export function upperOf(char: string): string {
  const upper = char.toUpperCase();
  return [...upper].length === 1 ? upper : char;
}

export function lowerOf(char: string): string {
  if (char === "İ") return "i";
  const lower = char.toLowerCase();
  return [...lower].length === 1 ? lower : char;
}

/** No word begins with a capital. */
export function uncapitalize(text: string): string {
  let isStart = true;
  let result = "";
  for (const char of text) {
    const isBlank = BLANK.test(char);
    result += isStart && !isBlank ? lowerOf(char) : char;
    isStart = isBlank;
  }
  return result;
}

export function swapCase(text: string): string {
  let result = "";
  for (const char of text) {
    const lower = lowerOf(char);
    result += lower !== char ? lower : upperOf(char);
  }
  return result;
}

/** The first character of every word. */
export function initials(text: string): string {
  let isStart = true;
  let result = "";
  for (const char of text) {
    const isBlank = BLANK.test(char);
    if (isStart && !isBlank) result += char;
    isStart = isBlank;
  }
  return result;
}

interface Wrapping {
  readonly width: number;
  /** What is put where a line ends. */
  readonly separator: string;
  /** Words that are longer than a line are cut. */
  readonly isHard: boolean;
}

/** Breaks a text into lines of a width, at its blanks. */
export function wrapText(text: string, { width, separator, isHard }: Wrapping): string {
  const least = Math.max(1, width);
  const mark = separator === "" ? "\n" : separator;
  const lines: string[] = [];
  let rest = text;
  while (rest.length > least) {
    if (rest.startsWith(" ")) {
      rest = rest.slice(1);
      continue;
    }
    const last = rest.lastIndexOf(" ", least);
    if (last >= 0) {
      lines.push(rest.slice(0, last));
      rest = rest.slice(last + 1);
    } else if (isHard) {
      lines.push(rest.slice(0, least));
      rest = rest.slice(least);
    } else {
      const next = rest.indexOf(" ", least);
      if (next < 0) break;
      lines.push(rest.slice(0, next));
      rest = rest.slice(next + 1);
    }
  }
  return [...lines, rest].join(mark);
}
