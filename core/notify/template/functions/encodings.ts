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
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  const groups = bits.match(/.{1,5}/g) ?? [];
  const text = groups.map((group) => BASE32[parseInt(group.padEnd(5, "0"), 2)]).join("");
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
  const places: number[] = [];
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
    places.push(at);
  }
  const rest = digits.length % base.digitsPerGroup;
  const wrong = paddingFault(bytesOfText, end, rest, base);
  if (wrong !== undefined) return illegal(wrong);
  let bits = "";
  for (const digit of digits) bits += digit.toString(2).padStart(base.bitsPerDigit, "0");
  const bytes = bits.match(/[01]{8}/g) ?? [];
  return textOfBytes(Uint8Array.from(bytes, (byte) => parseInt(byte, 2)));
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

function ofText(name: string, make: (text: string) => string, growth = 1): TemplateFunction {
  return define(name, "string", ([text], { budget }) => {
    const { length } = text as string;
    budget.make(growth * length);
    budget.step(length / 100);
    return make(text as string);
  });
}

export const ENCODING_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ofText("b64enc", (text) => bytesToBase64(encodeUtf8(text)), 2),
  ofText("b64dec", (text) => decoded(text, BASE64_KIND), 8),
  ofText("b32enc", (text) => base32Text(encodeUtf8(text)), 8),
  ofText("b32dec", (text) => decoded(text, BASE32_KIND), 8),
  ofText("sha1sum", (text) => sha1(encodeUtf8(text)).toHex()),
  ofText("sha256sum", (text) => sha256(encodeUtf8(text)).toHex()),
  ofText("sha512sum", (text) => sha512(encodeUtf8(text)).toHex()),
  ofText("adler32sum", (text) => String(adler32(encodeUtf8(text)))),
]);
