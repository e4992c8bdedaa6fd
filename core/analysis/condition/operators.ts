/** Binary operators on values. */
import type { Budget } from "./budget.ts";
import { Fault } from "./condition_error.ts";
import { GoDuration, GoTime } from "./go_time.ts";
import type { Patterns } from "./regex.ts";
import { equal, hasOnlyTexts, isDict, isNumeric, List, nameOfValue, type Value } from "./values.ts";

/** What operators do their work with. */
export interface OperatorPorts {
  readonly budget: Budget;
  readonly patterns: Patterns;
}

/** @throws {Fault} when the operator is not defined on the two */
export function operate(
  operator: string,
  [left, right]: readonly [Value, Value],
  { budget, patterns }: OperatorPorts,
): Value {
  switch (operator) {
    case "==":
      return equal(left, right, budget);
    case "!=":
      return !equal(left, right, budget);
    case "<":
    case ">":
    case "<=":
    case ">=":
      return compare(operator, [left, right], budget);
    case "+":
    case "-":
    case "*":
      return arithmetic(operator, [left, right], budget);
    case "/":
    case "**":
    case "^":
      return floatArithmetic(operator, left, right);
    case "%":
      return remainder(left, right);
    case "..":
      return range(left, right, budget);
    case "in":
      return contains(left, right, budget);
    case "matches":
    case "contains":
    case "startsWith":
    case "endsWith":
      if (left === null || right === null) return false;
      return isFound(operator, [asText(right), asText(left)], { budget, patterns });
    default:
      throw new Fault(`unknown operator ${operator}`);
  }
}

function isFound(
  operator: string,
  [wanted, text]: readonly [string, string],
  { budget, patterns }: OperatorPorts,
): boolean {
  if (operator === "matches") return patterns.isFound(wanted, text);
  if (operator === "contains") {
    budget.search(text, wanted);
    return text.includes(wanted);
  }
  budget.look(wanted.length);
  return operator === "startsWith" ? text.startsWith(wanted) : text.endsWith(wanted);
}

function undefinedOn(operator: string, left: Value, right: Value): Fault {
  return new Fault(
    `invalid operation: ${nameOfValue(left)} ${operator} ${nameOfValue(right)}`,
  );
}

export function asText(value: Value): string {
  if (typeof value === "string") return value;
  const name = value === null ? "nil" : nameOfValue(value);
  throw new Fault(`interface conversion: interface {} is ${name}, not string`);
}

/** @throws {Fault} for two that have no order */
export function compare(
  operator: string,
  [left, right]: readonly [Value, Value],
  budget: Budget,
): boolean {
  const order = orderOf(left, right, budget);
  if (order === undefined) throw undefinedOn(operator, left, right);
  // NaN is neither before nor after anything.
  if (Number.isNaN(order)) return false;
  switch (operator) {
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    default:
      return order >= 0;
  }
}

function orderOf(left: Value, right: Value, budget: Budget): number | undefined {
  if (typeof left === "bigint" && typeof right === "bigint") {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (isNumeric(left) && isNumeric(right)) {
    const [a, b] = [Number(left), Number(right)];
    if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof left === "string" && typeof right === "string") {
    budget.look(Math.min(left.length, right.length));
    return textOrder(left, right);
  }
  const areTimes = left instanceof GoTime && right instanceof GoTime ||
    left instanceof GoDuration && right instanceof GoDuration;
  if (!areTimes) return undefined;
  const difference = (left as GoTime).ns - (right as GoTime).ns;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** By code points, which is the order of their UTF-8 bytes. */
function textOrder(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let index = 0;
  while (index < length && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  if (index === length) return left.length - right.length;
  return codePointOrder(left.charCodeAt(index)) - codePointOrder(right.charCodeAt(index));
}

/** Halves of a pair stand for code points above all that need no pair. */
function codePointOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Ints stay ints and wrap at 64 bits; with a float64 all is float64. */
export function arithmetic(
  operator: "+" | "-" | "*",
  [left, right]: readonly [Value, Value],
  budget: Budget,
): Value {
  if (typeof left === "bigint" && typeof right === "bigint") {
    const value = operator === "+" ? left + right : operator === "-" ? left - right : left * right;
    return BigInt.asIntN(64, value);
  }
  if (isNumeric(left) && isNumeric(right)) {
    const [a, b] = [Number(left), Number(right)];
    return operator === "+" ? a + b : operator === "-" ? a - b : a * b;
  }
  if (operator === "+" && typeof left === "string" && typeof right === "string") {
    budget.makeText(left.length + right.length);
    return left + right;
  }
  const value = timeArithmetic(operator, left, right);
  if (value === undefined) throw undefinedOn(operator, left, right);
  return value;
}

function timeArithmetic(operator: string, left: Value, right: Value): Value | undefined {
  if (left instanceof GoTime && right instanceof GoDuration) {
    if (operator === "+") return left.plus(right.ns);
    return operator === "-" ? left.plus(-right.ns) : undefined;
  }
  if (left instanceof GoDuration && right instanceof GoTime) {
    return operator === "+" ? right.plus(left.ns) : undefined;
  }
  if (left instanceof GoTime && right instanceof GoTime) {
    return operator === "-" ? new GoDuration(left.ns - right.ns) : undefined;
  }
  if (left instanceof GoDuration && right instanceof GoDuration) {
    if (operator === "+") return new GoDuration(BigInt.asIntN(64, left.ns + right.ns));
    if (operator === "-") return new GoDuration(BigInt.asIntN(64, left.ns - right.ns));
    return new GoDuration(BigInt.asIntN(64, left.ns * right.ns));
  }
  if (operator !== "*") return undefined;
  if (left instanceof GoDuration && isNumeric(right)) return times(left, right);
  if (right instanceof GoDuration && isNumeric(left)) return times(right, left);
  return undefined;
}

function times({ ns }: GoDuration, by: bigint | number): GoDuration {
  const product = typeof by === "bigint" ? ns * by : BigInt(Math.trunc(Number(ns) * by));
  return new GoDuration(BigInt.asIntN(64, product));
}

function floatArithmetic(operator: string, left: Value, right: Value): Value {
  for (const value of operator === "/" ? [] : [left, right]) {
    if (!isNumeric(value)) throw new Fault(`invalid operation: float(${nameOfValue(value)})`);
  }
  if (!isNumeric(left) || !isNumeric(right)) throw undefinedOn(operator, left, right);
  const [a, b] = [Number(left), Number(right)];
  return operator === "/" ? a / b : power(a, b);
}

/** As Go has it: 1 to any power is 1, also to NaN. */
function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  return Math.pow(base, exponent);
}

function remainder(left: Value, right: Value): Value {
  if (typeof left !== "bigint" || typeof right !== "bigint") throw undefinedOn("%", left, right);
  if (right === 0n) throw new Fault("runtime error: integer divide by zero");
  return left % right;
}

function range(left: Value, right: Value, budget: Budget): Value {
  const [from, to] = [asInteger(left), asInteger(right)];
  const count = to < from ? 0 : Number(to - from) + 1;
  budget.make(count);
  return new List(Array.from({ length: count }, (_, index) => from + BigInt(index)), "int");
}

function asInteger(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw new Fault(`invalid operation: int(${nameOfValue(value)})`);
}

function contains(needle: Value, stack: Value, budget: Budget): boolean {
  if (stack === null) return false;
  if (stack instanceof List) {
    return stack.items.some((item) => {
      budget.look(2);
      return equal(item, needle, budget);
    });
  }
  if (isDict(stack)) {
    if (typeof needle !== "string" && hasOnlyTexts(stack, budget)) {
      if (needle === null) return false;
      const name = nameOfValue(needle);
      throw new Fault(
        `reflect.Value.MapIndex: value of type ${name} is not assignable to type string`,
      );
    }
    return stack.has(needle);
  }
  throw new Fault(`operator "in" not defined on ${nameOfValue(stack)}`);
}
