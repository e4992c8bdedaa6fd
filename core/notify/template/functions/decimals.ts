/** Arithmetic of floats as decimal numbers: 0.1 and 0.2 are 0.3. */
import { TemplateFault } from "../template_fault.ts";

/** digits * 10 ** exponent */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const DIVISION_PLACES = 16;

/** @throws {TemplateFault} for what is no number */
function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new TemplateFault("the number is not finite");
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

function numberOf({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent}`);
}

function aligned(left: Decimal, right: Decimal): { a: bigint; b: bigint; exponent: number } {
  const exponent = Math.min(left.exponent, right.exponent);
  const scale = (value: Decimal) => value.digits * 10n ** BigInt(value.exponent - exponent);
  return { a: scale(left), b: scale(right), exponent };
}

function fold(values: readonly number[], step: (left: Decimal, right: Decimal) => Decimal): number {
  const [first = { digits: 0n, exponent: 0 }, ...others] = values.map(decimalOf);
  return numberOf(others.reduce(step, first));
}

export function addDecimals(values: readonly number[]): number {
  return fold(values, (left, right) => {
    const { a, b, exponent } = aligned(left, right);
    return { digits: a + b, exponent };
  });
}

export function subtractDecimals(values: readonly number[]): number {
  return fold(values, (left, right) => {
    const { a, b, exponent } = aligned(left, right);
    return { digits: a - b, exponent };
  });
}

export function multiplyDecimals(values: readonly number[]): number {
  return fold(values, (left, right) => ({
    digits: left.digits * right.digits,
    exponent: left.exponent + right.exponent,
  }));
}

/** Rounded at the 16th place. @throws {TemplateFault} for a division by zero */
export function divideDecimals(values: readonly number[]): number {
  return fold(values, (left, right) => {
    if (right.digits === 0n) throw new TemplateFault("division by zero");
    const { a, b } = aligned(left, right);
    const scaled = a * 10n ** BigInt(DIVISION_PLACES);
    const [quotient, rest] = [scaled / b, scaled % b];
    const size = (value: bigint) => value < 0n ? -value : value;
    const isUp = size(rest) * 2n >= size(b);
    const away = (a < 0n) === (b < 0n) ? 1n : -1n;
    return { digits: isUp ? quotient + away : quotient, exponent: -DIVISION_PLACES };
  });
}
