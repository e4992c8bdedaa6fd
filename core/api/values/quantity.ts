/** Amounts of resources: `500m`, `1.5Gi`, `1e3`. */
import { scalarText } from "../../../sdk/wire/json.ts";

const EXPONENT_OF_SUFFIX: Readonly<Record<string, { base: 2 | 10; exponent: number }>> = Object
  .freeze({
    "": { base: 10, exponent: 0 },
    n: { base: 10, exponent: -9 },
    u: { base: 10, exponent: -6 },
    m: { base: 10, exponent: -3 },
    k: { base: 10, exponent: 3 },
    M: { base: 10, exponent: 6 },
    G: { base: 10, exponent: 9 },
    T: { base: 10, exponent: 12 },
    P: { base: 10, exponent: 15 },
    E: { base: 10, exponent: 18 },
    Ki: { base: 2, exponent: 10 },
    Mi: { base: 2, exponent: 20 },
    Gi: { base: 2, exponent: 30 },
    Ti: { base: 2, exponent: 40 },
    Pi: { base: 2, exponent: 50 },
    Ei: { base: 2, exponent: 60 },
  });
/** Beyond this many digits or powers an amount means nothing, and would cost time to compute. */
const MOST_DIGITS = 64;

interface Amount {
  negative: boolean;
  /** The amount in billionths, rounded away from zero. */
  nanos: bigint;
  base: 2 | 10;
  /** Written with an exponent: `1e3`. */
  scientific: boolean;
}

const NANOS = 1_000_000_000n;
/** Kubernetes cuts amounts in powers of two at 2^63 - 1, and no others. */
const MOST_BINARY_NANOS = (2n ** 63n - 1n) * NANOS;

/**
 * An amount in thousandths, as decimal digits, rounded away from zero as Kubernetes does;
 * undefined for what is no amount. Amounts that are equal have the same text.
 */
export function quantityMillis(text: string | number): string | undefined {
  const amount = parse(text);
  if (amount === undefined) return undefined;
  const millis = (amount.nanos + 999_999n) / 1_000_000n;
  return `${amount.negative && millis !== 0n ? "-" : ""}${millis}`;
}

/** An amount in billionths, rounded away from zero; undefined for what is no amount. */
export function quantityNanos(text: string | number): bigint | undefined {
  const amount = parse(text);
  if (amount === undefined) return undefined;
  return amount.negative ? -amount.nanos : amount.nanos;
}

/** How Kubernetes writes an amount: `1.5Mi` is `1536Ki`; undefined for what is no amount. */
export function canonicalQuantity(text: string | number): string | undefined {
  const amount = parse(text);
  if (amount === undefined) return undefined;
  const sign = amount.negative && amount.nanos !== 0n ? "-" : "";
  const isBinary = amount.base === 2 && amount.nanos >= 1024n * NANOS &&
    amount.nanos % NANOS === 0n;
  return sign + (isBinary ? binaryText(amount.nanos / NANOS) : decimalText(amount));
}

function binaryText(whole: bigint): string {
  let mantissa = whole;
  let power = 0;
  while (mantissa % 1024n === 0n && power < 6) {
    mantissa /= 1024n;
    power++;
  }
  return `${mantissa}${["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][power]}`;
}

function decimalText({ nanos, scientific }: Amount): string {
  if (nanos === 0n) return "0";
  let mantissa = nanos;
  let thousands = -3;
  while (mantissa % 1000n === 0n && (scientific || thousands < 6)) {
    mantissa /= 1000n;
    thousands++;
  }
  if (scientific) return thousands === 0 ? `${mantissa}` : `${mantissa}e${thousands * 3}`;
  return `${mantissa}${["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][thousands + 3]}`;
}

function parse(text: string | number): Amount | undefined {
  const written = scalarText(text).trim();
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i)?)$/
    .exec(written);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  // Without any digits it is 0, as long as there is something.
  if (written === "") return undefined;
  const scientific = exponent !== undefined;
  const scale = scientific
    ? { base: 10 as const, exponent: Number(exponent) }
    : EXPONENT_OF_SUFFIX[suffix];
  if (scale === undefined || whole.length + fraction.length > MOST_DIGITS) return undefined;
  if (Math.abs(scale.exponent) > MOST_DIGITS) return undefined;
  let numerator = BigInt(whole + fraction) * NANOS;
  let denominator = 10n ** BigInt(fraction.length);
  const power = BigInt(scale.base) ** BigInt(Math.abs(scale.exponent));
  if (scale.exponent >= 0) numerator *= power;
  else denominator *= power;
  const exact = (numerator + denominator - 1n) / denominator;
  const nanos = scale.base === 2 && exact > MOST_BINARY_NANOS ? MOST_BINARY_NANOS : exact;
  return { negative: sign === "-", nanos, base: scale.base, scientific };
}
