/** Base64, base32, and sums that tell whether a text is the same. */
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { encodeUtf8, textOfBytes } from "../go_text.ts";
import { define, type TemplateFunction } from "../template_function.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function bytesToBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

function base32Text(bytes: Uint8Array): string {
  let text = "";
  for (const digit of regrouped(bytes, { from: 8, to: 5, isPadded: true })) text += BASE32[digit];
  return text.padEnd(Math.ceil(text.length / 8) * 8, "=");
}

interface Base {
  readonly name: string;
  readonly alphabet: string;
  readonly bitsPerDigit: number;
  readonly digitsPerGroup: number;
}

const BASE64_KIND: Base = {
  name: "base64",
  alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  bitsPerDigit: 6,
  digitsPerGroup: 4,
};
const BASE32_KIND: Base = { name: "base32", alphabet: BASE32, bitsPerDigit: 5, digitsPerGroup: 8 };

/** The bytes that digits stand for, or the sentence that Go gives in their place. */
function decoded(text: string, base: Base): string {
  const illegal = (at: number) => `illegal ${base.name} data at input byte ${at}`;
  const digits: number[] = [];
  let end: number | undefined;
  const bytesOfText = encodeUtf8(text);
  for (const [at, byte] of bytesOfText.entries()) {
    const char = String.fromCharCode(byte);
    if (char === "\n" || char === "\r") continue;
    if (char === "=") {
      end = at;
      break;
    }
    const digit = base.alphabet.indexOf(char);
    if (digit < 0) return illegal(at);
    digits.push(digit);
  }
  const rest = digits.length % base.digitsPerGroup;
  const wrong = paddingFault(bytesOfText, end, rest, base);
  if (wrong !== undefined) return illegal(wrong);
  const bytes = regrouped(digits, { from: base.bitsPerDigit, to: 8, isPadded: false });
  return textOfBytes(Uint8Array.from(bytes));
}

/** The same bits in groups of another size; what is left over is filled with zeros, or dropped. */
function regrouped(
  groups: Iterable<number>,
  { from, to, isPadded }: { from: number; to: number; isPadded: boolean },
): number[] {
  const found: number[] = [];
  let [bits, count] = [0, 0];
  for (const group of groups) {
    bits = bits << from | group;
    count += from;
    while (count >= to) {
      count -= to;
      found.push(bits >> count);
      bits &= (1 << count) - 1;
    }
  }
  if (isPadded && count > 0) found.push(bits << to - count);
  return found;
}

/** Where the signs at the end are wrong; undefined: they are right. */
function paddingFault(
  bytes: Uint8Array,
  end: number | undefined,
  rest: number,
  { bitsPerDigit, digitsPerGroup }: Base,
): number | undefined {
  const EQUALS = 0x3d;
  if (end === undefined) {
    return rest === 0 ? undefined : bytes.length - (bytes.length % digitsPerGroup);
  }
  const hasWholeBytes = rest !== 0 && (rest * bitsPerDigit) % 8 < bitsPerDigit;
  if (!hasWholeBytes) return end;
  let missing = digitsPerGroup - rest;
  for (let at = end; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x0a || byte === 0x0d) continue;
    if (byte !== EQUALS || missing === 0) return at;
    missing--;
  }
  return missing === 0 ? undefined : bytes.length;
}

const ADLER_BASE = 65521;

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % ADLER_BASE;
    b = (b + a) % ADLER_BASE;
  }
  return b * 65536 + a;
}

/** What it costs to begin with a sum. */
const SUM_STEPS = 40;

function sumOf(name: string, make: (bytes: Uint8Array) => string): TemplateFunction {
  return define(name, "string", ([text], { budget }) => {
    budget.step(SUM_STEPS);
    budget.makeText((text as string).length);
    return make(encodeUtf8(text as string));
  });
}

/** A function that does something with each digit. */
function ofDigits(name: string, make: (text: string) => string): TemplateFunction {
  return define(name, "string", ([text], { budget }) => {
    budget.make((text as string).length);
    return make(text as string);
  });
}

export const ENCODING_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  sumOf("b64enc", bytesToBase64),
  ofDigits("b64dec", (text) => decoded(text, BASE64_KIND)),
  ofDigits("b32enc", (text) => base32Text(encodeUtf8(text))),
  ofDigits("b32dec", (text) => decoded(text, BASE32_KIND)),
  sumOf("sha1sum", (bytes) => sha1(bytes).toHex()),
  sumOf("sha256sum", (bytes) => sha256(bytes).toHex()),
  sumOf("sha512sum", (bytes) => sha512(bytes).toHex()),
  sumOf("adler32sum", (bytes) => String(adler32(bytes))),
]);
