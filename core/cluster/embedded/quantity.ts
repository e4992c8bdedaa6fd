import { type Fields, fieldsOf, isFields } from "../../../sdk/wire/json.ts";

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])|([eE])([+-]?\d+))?$/;
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Decimal suffixes from 10^-9 in steps of 10^3. */
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const NANOS_DIGITS = 9;

/** The `resources` of a container with all amounts in the form that the server stores. */
export function canonicalResources(resources: unknown): Fields {
  const stored: Fields = { ...fieldsOf(resources) };
  for (const field of ["limits", "requests"]) {
    const amounts = stored[field];
    if (!isFields(amounts)) continue;
    stored[field] = Object.fromEntries(
      Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(String(amount))]),
    );
  }
  return stored;
}

/** A quantity with the largest suffix that leaves it whole: `1000m` is `1`, `1024Mi` is `1Gi`. */
export function canonicalQuantity(text: string): string {
  const match = PATTERN.exec(text);
  if (match === null || `${match[2]}${match[3] ?? ""}` === "") return text;
  const [, sign, whole = "", fraction = "", suffix = "", letter = "", exponent] = match;
  const digits = BigInt(`${whole}${fraction}`);
  if (digits === 0n) return "0";
  const minus = sign === "-" ? "-" : "";
  const binaryStep = BINARY_SUFFIXES.indexOf(suffix);
  if (binaryStep > 0) {
    const scaled = (digits << BigInt(10 * binaryStep)) / 10n ** BigInt(fraction.length);
    return minus + withBinarySuffix(scaled);
  }
  const power = exponent === undefined
    ? 3 * (DECIMAL_SUFFIXES.indexOf(suffix) - 3)
    : Number(exponent);
  return minus +
    withDecimalSuffix(nanosOf(digits, power - fraction.length), letter);
}

function withBinarySuffix(amount: bigint): string {
  let [rest, step] = [amount, 0];
  while (rest % 1024n === 0n && step < BINARY_SUFFIXES.length - 1) {
    rest /= 1024n;
    step++;
  }
  return `${rest}${BINARY_SUFFIXES[step]}`;
}

/** Smaller parts than 10^-9 are rounded up, as the server does. */
function nanosOf(digits: bigint, power: number): bigint {
  const shift = power + NANOS_DIGITS;
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits + divisor - 1n) / divisor;
}

function withDecimalSuffix(nanos: bigint, letter: string): string {
  let [rest, step] = [nanos, 0];
  while (rest % 1000n === 0n && step < DECIMAL_SUFFIXES.length - 1) {
    rest /= 1000n;
    step++;
  }
  if (letter === "") return `${rest}${DECIMAL_SUFFIXES[step]}`;
  const power = 3 * (step - 3);
  return power === 0 ? `${rest}` : `${rest}${letter}${power}`;
}
