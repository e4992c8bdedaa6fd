/** One number, text or bool as a verb writes it, with the flags that stand before the verb. */
import type { RenderingBudget } from "./budget.ts";
import { binaryText, exponentText, fixedText, generalText, hexadecimalText } from "./float_text.ts";
import { charactersOf, encodeUtf8, isPrintable, quoteText, REPLACEMENT } from "./go_text.ts";

/** What stands between % and the verb. */
export interface Flags {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  /** `%#v`, `%+v`. */
  readonly sharpV: boolean;
}

export const NO_FLAGS: Flags = Object.freeze({
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  width: undefined,
  precision: undefined,
  sharpV: false,
});

export function padded(text: string, flags: Flags, budget: RenderingBudget): string {
  const { width, minus, zero } = flags;
  if (width === undefined || text.length >= 2 * width) return text;
  const missing = width - charactersOf(text).length;
  if (missing <= 0) return text;
  budget.makeText(missing);
  if (minus) return text + " ".repeat(missing);
  return (zero ? "0" : " ").repeat(missing) + text;
}

function signOf(isNegative: boolean, { plus, space }: Flags): string {
  return isNegative ? "-" : plus ? "+" : space ? " " : "";
}

/** Undefined: the verb is none of whole numbers. */
export function wholeText(
  value: bigint,
  verb: string,
  { flags, budget, isUnsigned }: { flags: Flags; budget: RenderingBudget; isUnsigned: boolean },
): string | undefined {
  switch (verb) {
    case "v":
      return flags.sharpV && isUnsigned
        ? digitsText(value, "x", { ...flags, sharp: true }, budget)
        : digitsText(value, "d", flags, budget);
    case "d":
    case "b":
    case "o":
    case "O":
    case "x":
    case "X":
      return digitsText(value, verb, flags, budget);
    case "c":
      return padded(characterOf(value), flags, budget);
    case "q":
      return padded(
        quoteText(characterOf(value), { quote: "'", isAsciiOnly: flags.plus }),
        flags,
        budget,
      );
    case "U":
      return unicodeText(value, flags, budget);
    default:
      return undefined;
  }
}

const BASES: Readonly<Record<string, number>> = Object.freeze({
  d: 10,
  b: 2,
  o: 8,
  O: 8,
  x: 16,
  X: 16,
});

function digitsText(value: bigint, verb: string, flags: Flags, budget: RenderingBudget): string {
  const isNegative = value < 0n;
  const sign = signOf(isNegative, flags);
  let digits = (isNegative ? -value : value).toString(BASES[verb]);
  let least = 0;
  if (flags.precision !== undefined) {
    least = flags.precision;
    if (least === 0 && value === 0n) return padded("", { ...flags, zero: false }, budget);
  } else if (flags.zero && !flags.minus && flags.width !== undefined) {
    least = flags.width - sign.length;
  }
  if (least > digits.length) {
    budget.makeText(least);
    digits = digits.padStart(least, "0");
  }
  if (flags.sharp) {
    if (verb === "b") digits = `0b${digits}`;
    else if (verb === "o" && !digits.startsWith("0")) digits = `0${digits}`;
    else if (verb === "x" || verb === "X") digits = `0x${digits}`;
  }
  if (verb === "O") digits = `0o${digits}`;
  if (verb === "X") digits = digits.toUpperCase();
  return padded(sign + digits, { ...flags, zero: false }, budget);
}

function isCharacterCode(value: bigint): boolean {
  return value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);
}

function characterOf(value: bigint): string {
  return isCharacterCode(value) ? String.fromCodePoint(Number(value)) : REPLACEMENT;
}

function unicodeText(value: bigint, flags: Flags, budget: RenderingBudget): string {
  const digits = BigInt.asUintN(64, value).toString(16).toUpperCase();
  const least = Math.max(4, flags.precision ?? 0);
  budget.makeText(least);
  let text = `U+${digits.padStart(least, "0")}`;
  if (flags.sharp && isCharacterCode(value) && isPrintable(characterOf(value))) {
    text += ` '${characterOf(value)}'`;
  }
  return padded(text, { ...flags, zero: false }, budget);
}

/** Undefined: the verb is none of floats. */
export function floatVerbText(
  value: number,
  verb: string,
  { flags, budget }: { flags: Flags; budget: RenderingBudget },
): string | undefined {
  if (!"vbeEfFgGxX".includes(verb)) return undefined;
  const isNegative = value < 0 || Object.is(value, -0);
  if (!Number.isFinite(value)) {
    const sign = Number.isNaN(value) ? signOf(false, flags) : signOf(isNegative, flags) || "+";
    const shownSign = sign === "+" && !flags.plus && Number.isNaN(value) ? "" : sign;
    const text = Number.isNaN(value) ? "NaN" : "Inf";
    return padded(shownSign + text, { ...flags, zero: false }, budget);
  }
  const sign = signOf(isNegative, flags);
  const digits = unsignedFloat(value, verb, flags, budget);
  if (!flags.zero || flags.minus || flags.width === undefined) {
    return padded(sign + digits, flags, budget);
  }
  budget.makeText(flags.width);
  return sign + digits.padStart(flags.width - sign.length, "0");
}

function unsignedFloat(value: number, verb: string, flags: Flags, budget: RenderingBudget): string {
  const precision = flags.precision;
  budget.makeText(precision ?? 0);
  budget.step(10);
  switch (verb) {
    case "b":
      return binaryText(value);
    case "e":
    case "E": {
      const text = exponentText(value, precision ?? 6);
      return verb === "E" ? text.toUpperCase() : text;
    }
    case "f":
    case "F":
      return fixedText(value, precision ?? 6);
    case "x":
      return hexadecimalText(value);
    case "X":
      return hexadecimalText(value).toUpperCase();
    default: {
      const text = generalText(value, precision);
      return verb === "G" ? text.toUpperCase() : text;
    }
  }
}

/** Undefined: the verb is none of texts. */
export function stringVerbText(
  text: string,
  verb: string,
  { flags, budget }: { flags: Flags; budget: RenderingBudget },
): string | undefined {
  switch (verb) {
    case "v":
      return flags.sharpV
        ? quotedText(text, flags, budget)
        : padded(truncated(text, flags), flags, budget);
    case "s":
      return padded(truncated(text, flags), flags, budget);
    case "q":
      return quotedText(truncated(text, flags), flags, budget);
    case "x":
    case "X":
      return hexText(encodeUtf8(text), verb, flags, budget);
    default:
      return undefined;
  }
}

function truncated(text: string, { precision }: Flags): string {
  if (precision === undefined || precision >= text.length) return text;
  return [...text].slice(0, precision).join("");
}

// deno-lint-ignore no-control-regex
const NOT_IN_BACKQUOTES = /[\x00-\x08\x0a-\x1f\x7f`\ufeff]/;

function quotedText(text: string, flags: Flags, budget: RenderingBudget): string {
  budget.makeText(2 * text.length);
  const isRaw = flags.sharp && text.isWellFormed() && !NOT_IN_BACKQUOTES.test(text);
  const quoted = isRaw ? `\`${text}\`` : quoteText(text, { isAsciiOnly: flags.plus });
  return padded(quoted, flags, budget);
}

function hexText(bytes: Uint8Array, verb: string, flags: Flags, budget: RenderingBudget): string {
  const used = bytes.subarray(0, flags.precision ?? bytes.length);
  budget.makeText(5 * used.length);
  const parts = Array.from(used, (byte) => byte.toString(16).padStart(2, "0"));
  const prefix = flags.sharp ? "0x" : "";
  const text = parts.length === 0
    ? ""
    : flags.space
    ? parts.map((part) => prefix + part).join(" ")
    : prefix + parts.join("");
  return padded(verb === "X" ? text.toUpperCase() : text, flags, budget);
}
