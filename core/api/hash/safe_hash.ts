/** The hash behind template hash and step hash: FNV-1a in letters that spell nothing. */

const SAFE_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const ASCII_MAX = 0x7f;

/**
 * FNV-1a (32 bits) of a text's UTF-8 bytes, written as decimal digits that are replaced by
 * consonants and digits, so that a hash can neither be read as a word nor as a number.
 * `collisionCount` is mixed in as eight little-endian bytes when it is given.
 */
export function safeHash(text: string, collisionCount?: number): string {
  let sum = sumOf(text);
  if (collisionCount !== undefined) {
    for (let shift = 0; shift < 32; shift += 8) sum = mix(sum, (collisionCount >>> shift) & 0xff);
    for (let zero = 0; zero < 4; zero++) sum = mix(sum, 0);
  }
  let hash = "";
  for (const digit of String(sum >>> 0)) {
    hash += SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length];
  }
  return hash;
}

function sumOf(text: string): number {
  let sum = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Such a letter is its own byte; nearly all texts have no others.
    if (code > ASCII_MAX) return sumOfBytes(new TextEncoder().encode(text));
    sum = mix(sum, code);
  }
  return sum;
}

function sumOfBytes(bytes: Uint8Array): number {
  let sum = OFFSET_BASIS;
  for (const byte of bytes) sum = mix(sum, byte);
  return sum;
}

function mix(sum: number, byte: number): number {
  return Math.imul(sum ^ byte, PRIME);
}
