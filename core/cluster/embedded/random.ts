import type { Random } from "../../ports/random.ts";

const SPAN = 0x1_0000_0000;
/** The letters that a generated name may end in: no vowels, nothing easily confused. */
const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const HEX_DIGITS = "0123456789abcdef";

/** Random numbers that are the same for the same seed (the generator known as mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / SPAN;
    },
  };
}

/** A whole number from 0 to below `bound`. */
export function randomBelow(random: Random, bound: number): number {
  return Math.floor(random.next() * bound);
}

/** The five letters after a `generateName`. */
export function randomSuffix(random: Random): string {
  let suffix = "";
  for (let count = 0; count < 5; count++) {
    suffix += SUFFIX_LETTERS[randomBelow(random, SUFFIX_LETTERS.length)];
  }
  return suffix;
}

/** A UUID of version 4. */
export function randomUid(random: Random): string {
  const words: string[] = [];
  for (let count = 0; count < 4; count++) {
    words.push(randomBelow(random, SPAN).toString(16).padStart(8, "0"));
  }
  const digits = words.join("");
  const variant = HEX_DIGITS[8 + (parseInt(digits[16] as string, 16) & 3)];
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-` +
    `${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
