/** How functions read numbers, texts and lists out of whatever they are handed. */
import type { RenderingBudget } from "../budget.ts";
import { parseFloatConstant, parseInteger } from "../constants.ts";
import { GoDuration, GoTime } from "../../../analysis/condition/go_time.ts";
import { textOf } from "../printer.ts";
import { Dict, List, Sized, type Value, wholeOf } from "../values.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** A whole number of 64 bits; 0 for what is none. */
export function toWhole(value: Value): bigint {
  if (value === null || value instanceof GoDuration) return 0n;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number") return wholeOfFloat(value);
  if (typeof value === "string") return wholeOfText(value);
  const whole = wholeOf(value);
  return whole === undefined ? 0n : BigInt.asIntN(64, whole);
}

/** As a processor does it: what does not fit is the smallest number. */
function wholeOfFloat(value: number): bigint {
  if (Number.isNaN(value) || value >= 2 ** 63 || value < -(2 ** 63)) return INT64_MIN;
  return BigInt(Math.trunc(value));
}

/** Digits after the point must be zeros. */
function wholeOfText(text: string): bigint {
  const whole = parseInteger(text.replace(/\.0+$/, ""));
  return whole === undefined || whole > INT64_MAX || whole < INT64_MIN ? 0n : whole;
}

/** A float; 0 for what is none. */
export function toFloat(value: Value): number {
  if (value === null || value instanceof GoDuration) return 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  if (typeof value === "string") return floatOfText(value) ?? 0;
  const whole = wholeOf(value);
  return whole === undefined ? 0 : Number(whole);
}

export function floatOfText(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special !== null) {
    if (/nan/i.test(text)) return special[1] === "" ? NaN : undefined;
    return special[1] === "-" ? -Infinity : Infinity;
  }
  const value = parseFloatConstant(text);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

/** A value as text: as it is printed. */
export function toText(value: Value, budget: RenderingBudget): string {
  if (value instanceof List && value.type === "[]uint8") {
    return textOf(new List([...value.items]), budget);
  }
  return textOf(value, budget);
}

/** The elements as texts, without those that are nil; what is no list is one element. */
export function toTexts(value: Value, budget: RenderingBudget): string[] {
  if (value === null) return [];
  if (!(value instanceof List)) return [toText(value, budget)];
  budget.make(value.items.length);
  return value.items.filter((item) => item !== null).map((item) => toText(item, budget));
}

/** What counts as empty: nil, false, zero, and what has no elements. */
export function isEmpty(value: Value): boolean {
  if (value === null || value === false || value === "" || value === 0) return true;
  if (value instanceof List) return value.items.length === 0;
  if (value instanceof Dict) return value.entries.size === 0;
  return typeof value !== "boolean" && wholeOf(value) === 0n;
}

/** The same types and the same content, as `reflect.DeepEqual` has it. */
export function isSame(left: Value, right: Value, budget: RenderingBudget, depth = 0): boolean {
  budget.step();
  budget.checkDepth(depth);
  if (left instanceof Sized && right instanceof Sized) {
    return left.type === right.type && left.value === right.value;
  }
  if (left instanceof List && right instanceof List) {
    return left.type === right.type && left.isNil === right.isNil &&
      left.items.length === right.items.length &&
      left.items.every((item, index) =>
        isSame(item, right.items[index] ?? null, budget, depth + 1)
      );
  }
  if (left instanceof Dict && right instanceof Dict) {
    return left.type === right.type && left.isNil === right.isNil &&
      left.entries.size === right.entries.size &&
      left.entries.entries().every(([key, value]) =>
        right.entries.has(key) &&
        isSame(value, right.entries.get(key) ?? null, budget, depth + 1)
      );
  }
  if (typeof left === "string" && typeof right === "string") budget.look(left.length);
  if (left instanceof GoTime && right instanceof GoTime) {
    return left.ns === right.ns && left.location === right.location;
  }
  if (left instanceof GoDuration && right instanceof GoDuration) return left.ns === right.ns;
  return left === right;
}
