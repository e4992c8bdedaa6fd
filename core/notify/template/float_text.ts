/** Floats as text, digit by digit as Go writes them: ties go to the even digit. */
import { floatText } from "../../analysis/condition/values.ts";

/** The bits of a float: value = mantissa * 2 ** exponent, without its sign. */
function bitsOf(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const fraction = bits & ((1n << 52n) - 1n);
  const biased = Number(bits >> 52n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** |value| * 10 ** places, rounded half to even. */
function scaled(value: number, places: number): bigint {
  const { mantissa, exponent } = bitsOf(value);
  let [over, under] = [mantissa, 1n];
  if (exponent >= 0) over <<= BigInt(exponent);
  else under <<= BigInt(-exponent);
  if (places >= 0) over *= 10n ** BigInt(places);
  else under *= 10n ** BigInt(-places);
  const quotient = over / under;
  const twice = (over % under) * 2n;
  const isUp = twice > under || (twice === under && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** Behind so many digits there are only zeros. */
const DIGITS_MAX = 1_100;

/** `%f` without the sign. */
export function fixedText(value: number, places: number): string {
  if (places > DIGITS_MAX) {
    return fixedText(value, DIGITS_MAX) + "0".repeat(places - DIGITS_MAX);
  }
  const digits = String(scaled(value, places)).padStart(places + 1, "0");
  if (places === 0) return digits;
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function exponentOf(value: number): number {
  return value === 0 ? 0 : Number(value.toExponential().split("e")[1]);
}

/** Digits and exponent of `d.ddd * 10 ** exponent`; `places` undefined: as few as will do. */
function scientific(value: number, places: number | undefined): [string, number] {
  const exponent = exponentOf(value);
  if (places === undefined) {
    const mantissa = Math.abs(value).toExponential().split("e")[0] ?? "0";
    return [mantissa.replace(".", ""), exponent];
  }
  if (value === 0) return ["0".repeat(places + 1), 0];
  if (places > DIGITS_MAX) {
    const [digits, power] = scientific(value, DIGITS_MAX);
    return [digits + "0".repeat(places - DIGITS_MAX), power];
  }
  const digits = String(scaled(value, places - exponent));
  return digits.length > places + 1 ? [digits.slice(0, -1), exponent + 1] : [digits, exponent];
}

/** `%e` without the sign. */
export function exponentText(value: number, places: number | undefined): string {
  const [digits, exponent] = scientific(value, places);
  return withExponent(digits, exponent);
}

function withExponent(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** `%g` without the sign; `digits` undefined: as few as will do. */
export function generalText(value: number, digits: number | undefined): string {
  if (digits === undefined) return floatText(Math.abs(value));
  const count = Math.max(1, digits);
  const [all, exponent] = scientific(value, count - 1);
  const kept = all.replace(/0+$/, "") || "0";
  const limit = count > kept.length && kept.length >= exponent + 1 ? kept.length : count;
  if (exponent < -4 || exponent >= limit) return withExponent(kept, exponent);
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${kept}`;
  const whole = kept.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = kept.slice(exponent + 1);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** `%x` without the sign: digits of base 16 and a power of two. */
export function hexadecimalText(value: number): string {
  if (value === 0) return "0x0p+00";
  const { mantissa, exponent } = bitsOf(value);
  const length = mantissa.toString(2).length;
  const fraction = (mantissa << BigInt(53 - length)) & ((1n << 52n) - 1n);
  const digits = fraction.toString(16).padStart(13, "0").replace(/0+$/, "");
  const power = exponent + length - 1;
  const size = String(Math.abs(power)).padStart(2, "0");
  return `0x1${digits === "" ? "" : `.${digits}`}p${power < 0 ? "-" : "+"}${size}`;
}

/** `%b` without the sign: the mantissa and a power of two. */
export function binaryText(value: number): string {
  const { mantissa, exponent } = bitsOf(value);
  return `${mantissa}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
