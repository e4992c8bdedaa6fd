/** Constants of templates: numbers, characters and texts, as Go writes them. */
import { encodeUtf8, textOfBytes } from "./go_text.ts";
import type { NumberConstant } from "./nodes.ts";
import { TemplateFault } from "./template_fault.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
/** More digits than 64 bits have in any base, with some zeros in front. */
const DIGITS_MAX = 100;
const TOO_LARGE = 2n ** 70n;

const INTEGER = new RegExp(
  "^[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+" +
    "|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$",
);
const DECIMAL = /^[+-]?(?:[0-9](?:_?[0-9])*)?(?:\.(?:[0-9](?:_?[0-9])*)?)?(?:[eE][+-]?[0-9]+)?$/;
const HEXADECIMAL =
  /^([+-]?)0[xX]((?:_?[0-9a-fA-F])*)(?:\.([0-9a-fA-F](?:_?[0-9a-fA-F])*)?)?[pP]([+-]?[0-9]+)$/;

/** @throws {TemplateFault} for what Go does not read as a number */
export function numberConstant(text: string, at: number): NumberConstant {
  if (text.endsWith("i")) throw new TemplateFault(`complex numbers are not known: ${text}`, at);
  const whole = parseInteger(text);
  if (whole !== undefined) {
    if (whole > UINT64_MAX || whole < INT64_MIN) {
      throw new TemplateFault(`the number ${text} is too large`, at);
    }
    const isUnsignedOnly = whole > INT64_MAX;
    return { int: whole, isUnsignedOnly, float: Number(whole), ideal: "int" };
  }
  const float = parseFloatConstant(text);
  if (float === undefined || !/[.eEpP]/.test(text)) {
    throw new TemplateFault(`this is no number: ${text}`, at);
  }
  if (!Number.isFinite(float)) throw new TemplateFault(`the number ${text} is too large`, at);
  const fits = Number.isInteger(float) && Math.abs(float) < 2 ** 63;
  return {
    int: fits ? BigInt(float) : undefined,
    isUnsignedOnly: false,
    float,
    ideal: "float64",
  };
}

/** A whole number as Go's literals are written: `10`, `0x1f`, `0b1`, `017`, `1_000`. */
export function parseInteger(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const digits = text.replace(/_/g, "").replace(/^[+-]/, "");
  if (digits.length > DIGITS_MAX) return text.startsWith("-") ? -TOO_LARGE : TOO_LARGE;
  const isOctal = /^0[0-7]/.test(digits);
  const size = BigInt(isOctal ? `0o${digits}` : digits);
  return text.startsWith("-") ? -size : size;
}

/** A number as Go's literals of floats are written. */
export function parseFloatConstant(text: string): number | undefined {
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal !== null) {
    const [, sign, whole = "", fraction = "", exponent = "0"] = hexadecimal;
    const digits = (whole + fraction).replace(/_/g, "");
    if (digits === "") return undefined;
    const size = Number(BigInt(`0x${digits}`)) *
      2 ** (Number(exponent) - 4 * fraction.replace(/_/g, "").length);
    return sign === "-" ? -size : size;
  }
  if (!DECIMAL.test(text) || !/^[+-]?\.?[0-9]/.test(text)) return undefined;
  return Number(text.replace(/_/g, ""));
}

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
  ["\\", 0x5c],
]);

/** A text between double quotes. @throws {TemplateFault} for an escape that Go does not know */
export function stringConstant(text: string, at: number): string {
  const bytes: number[] = [];
  for (const part of unescaped(text.slice(1, -1), '"', at)) {
    if (typeof part === "number") bytes.push(part);
    else bytes.push(...encodeUtf8(part));
  }
  return textOfBytes(Uint8Array.from(bytes));
}

/** The code of the one character between single quotes. @throws {TemplateFault} */
export function characterConstant(text: string, at: number): NumberConstant {
  const parts = [...unescaped(text.slice(1, -1), "'", at)];
  const [part] = parts;
  if (parts.length !== 1 || part === undefined) {
    throw new TemplateFault(`there must be one character between the quotes: ${text}`, at);
  }
  const code = typeof part === "number" ? part : part.codePointAt(0) ?? 0;
  return { int: BigInt(code), isUnsignedOnly: false, float: code, ideal: "int" };
}

/** Characters, and bytes where an escape stands for one. */
function* unescaped(text: string, quote: string, at: number): Generator<string | number> {
  for (let index = 0; index < text.length;) {
    if (text[index] !== "\\") {
      const char = String.fromCodePoint(text.codePointAt(index) ?? 0);
      yield char;
      index += char.length;
      continue;
    }
    const found = escapeAt(text.slice(index + 1), quote);
    if (found === undefined) {
      throw new TemplateFault(`unknown escape: \\${text.slice(index + 1, index + 3)}`, at);
    }
    yield found.part;
    index += 1 + found.length;
  }
}

function escapeAt(
  rest: string,
  quote: string,
): { part: string | number; length: number } | undefined {
  const simple = SIMPLE_ESCAPES.get(rest[0] ?? "");
  if (simple !== undefined) return { part: simple, length: 1 };
  if (rest[0] === quote) return { part: quote, length: 1 };
  const byte = /^x([0-9a-fA-F]{2})/.exec(rest);
  if (byte !== null) return { part: parseInt(byte[1] ?? "", 16), length: 3 };
  const octal = /^[0-7]{3}/.exec(rest);
  if (octal !== null) {
    const value = parseInt(octal[0], 8);
    return value > 255 ? undefined : { part: value, length: 3 };
  }
  const code = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest);
  if (code === null) return undefined;
  const value = parseInt(code[1] ?? code[2] ?? "", 16);
  const isCharacter = value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000);
  return isCharacter ? { part: String.fromCodePoint(value), length: code[0].length } : undefined;
}
