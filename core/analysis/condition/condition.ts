/** Conditions of metrics: expressions over `result`, with what Argo Rollouts adds to them. */
import type { MetricValue, ValueShape } from "../../../sdk/metric_provider.ts";
import type { Node } from "./ast.ts";
import { check, type Names } from "./checker.ts";
import { ConditionError, Fault, rangeReason } from "./condition_error.ts";
import { Budget } from "./budget.ts";
import { evaluate } from "./evaluator.ts";
import { GoTime } from "./go_time.ts";
import type { OperatorPorts } from "./operators.ts";
import { parse } from "./parser.ts";
import { Patterns } from "./regex.ts";
import { tokenize } from "./tokens.ts";
import {
  ANY,
  BOOL,
  FLOAT64,
  FLOATS,
  INT64,
  isUnknown,
  LIST,
  nameOfType,
  NIL,
  OBJECT,
  STRING,
  type Type,
  UNKNOWN,
} from "./static_types.ts";
import { parseFloatText } from "./builtins.ts";
import {
  HostFunction,
  isNumeric,
  List,
  nameOfValue,
  textOf,
  type Value,
  valueOfJson,
} from "./values.ts";

export interface ConditionPorts {
  /** The time in milliseconds since 1970, for `now()`. */
  readonly nowMs: () => number;
  /** What it may do, with all that was done by it before; absent: one of its own. */
  readonly budget?: Budget;
}

/** An expression that was parsed. */
export interface Condition {
  readonly source: string;
  /**
   * Gives the type of its value for results of a shape, as Go names it; `interface {}` where only
   * the result will tell.
   * @throws {ConditionError} when it cannot be right for such a result
   */
  check(shape: ValueShape): string;
  /**
   * The value as JSON text would show it, and its type.
   * @throws {ConditionError} when the evaluation fails
   */
  valueOf(result: MetricValue, ports: ConditionPorts): { value: Value; type: string };
  /**
   * Whether the condition is met.
   * @throws {ConditionError} when the evaluation fails
   * @throws {Error} `expected bool, but got …` for any other value
   */
  isMet(result: MetricValue, ports: ConditionPorts): boolean;
}

const PROVIDED = ["asInt", "asFloat", "isNaN", "isInf", "isNil", "default"] as const;

/**
 * Parses an expression. What is wrong with its types is found by `check`, or with a result.
 * @throws {ConditionError} when it is not an expression
 */
export function parseCondition(source: string): Condition {
  const parsed = parsedOf(source);
  return {
    source,
    check: (shape) => {
      const isOpen = shape === "unknown" || shape === "json";
      const names = namesFor(isOpen ? UNKNOWN : typeOfShape(shape));
      return nameOfType(checked(parsed, names, newPorts().patterns));
    },
    valueOf: (result, ports) => valueOf(parsed, result, ports),
    isMet: (result, ports) => {
      const { value, type: name } = valueOf(parsed, result, ports);
      if (typeof value === "boolean") return value;
      throw new Error(`expected bool, but got ${name}`);
    },
  };
}

/**
 * Parses the start or the end of a range query: an expression that gives a time. It has no result.
 * @throws {ConditionError}
 */
export function parseRangeTime(source: string): (ports: ConditionPorts) => number {
  const parsed = parsedOf(source);
  const names: Names = new Map([["isNaN", PROVIDED_TYPES.isNaN], ["isInf", PROVIDED_TYPES.isInf]]);
  const type = checked(parsed, names, newPorts().patterns);
  return ({ nowMs }) => {
    const environment = { names: new Map<string, Value>(), nowNs: nsOf(nowMs) };
    const value = evaluate(parsed.node, environment, { ...newPorts(), source: parsed.chars });
    if (value instanceof GoTime) return Number(value.ns / 1_000_000n);
    const name = isUnknown(type) ? nameOfValue(value) : nameOfType(type);
    throw new Error(`expected time.Time, but got ${value === null ? "<nil>" : name}`);
  };
}

/** An expression that was read, with its characters. */
export interface Parsed {
  readonly node: Node;
  readonly chars: readonly string[];
}

/** What a condition may be long; each character costs time. */
const SOURCE_LENGTH_MAX = 50_000;

/** @throws {ConditionError} when it is not an expression */
export function parsedOf(source: string): Parsed {
  if (source.length > SOURCE_LENGTH_MAX) {
    throw new ConditionError(`an expression of ${source.length} characters is too long`, [], 0);
  }
  const chars = [...source];
  return located(chars, () => ({ node: parse(tokenize(chars)), chars }));
}

/** Its type. @throws {ConditionError} when it cannot be right with these names */
export function checked({ node, chars }: Parsed, names: Names, patterns: Patterns): Type {
  return located(chars, () => check(node, names, patterns));
}

/** What an evaluation, with the check before it, may do. */
export function newPorts(budget = new Budget()): OperatorPorts {
  return { budget, patterns: new Patterns(budget) };
}

function located<T>(chars: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) throw new ConditionError(error.message, chars, error.position ?? 0);
    if (error instanceof RangeError) {
      throw new ConditionError(rangeReason(error), chars, 0);
    }
    throw error;
  }
}

function valueOf(
  parsed: Parsed,
  result: MetricValue,
  { nowMs }: ConditionPorts,
): { value: Value; type: string } {
  const value = valueOfResult(result);
  // Now the shape is known to the last: what cannot be right for it is found before it runs.
  const ports = newPorts();
  const type = checked(parsed, namesFor(typeOfValue(value, result.shape)), ports.patterns);
  const names = environmentFor(value);
  const found = evaluate(parsed.node, { names, nowNs: nsOf(nowMs) }, {
    ...ports,
    source: parsed.chars,
  });
  const isKnown = !isUnknown(type) && (type.kind === "bool") === (typeof found === "boolean") &&
    type.kind !== "nil" && type.kind !== "map" &&
    type.kind !== "array";
  return { value: found, type: isKnown ? nameOfType(type) : nameOfValue(found) };
}

/** The clock of an evaluation. */
export function nsOf(nowMs: () => number): () => bigint {
  return () => BigInt(Math.trunc(nowMs())) * 1_000_000n;
}

function valueOfResult(result: MetricValue): Value {
  if (result.shape === "scalar") return result.value;
  if (result.shape === "vector") return new List(result.value, "float64");
  return valueOfJson(result.value);
}

function typeOfShape(shape: "scalar" | "vector"): Type {
  return shape === "scalar" ? FLOAT64 : FLOATS;
}

function typeOfValue(value: Value, shape: MetricValue["shape"]): Type {
  if (shape !== "json") return typeOfShape(shape);
  if (value === null) return NIL;
  if (typeof value === "number") return FLOAT64;
  if (typeof value === "string") return STRING;
  if (typeof value === "boolean") return BOOL;
  return value instanceof List ? LIST : OBJECT;
}

function hostType(name: string, parameters: readonly Type[], result: Type): Type {
  return { kind: "function", name, parameters, result };
}

const PROVIDED_TYPES: Readonly<Record<typeof PROVIDED[number], Type>> = Object.freeze({
  asInt: hostType("asInt", [UNKNOWN], INT64),
  asFloat: hostType("asFloat", [UNKNOWN], FLOAT64),
  isNaN: hostType("isNaN", [FLOAT64], BOOL),
  isInf: hostType("isInf", [FLOAT64], BOOL),
  isNil: hostType("isNil", [UNKNOWN], BOOL),
  default: hostType("default", [ANY, ANY], ANY),
});

function namesFor(result: Type): Names {
  return new Map<string, Type>([["result", result], ...Object.entries(PROVIDED_TYPES)]);
}

function environmentFor(result: Value): Map<string, Value> {
  const host = (name: string, call: (args: readonly Value[]) => Value): [string, Value] => [
    name,
    new HostFunction(name, call),
  ];
  return new Map<string, Value>([
    ["result", result],
    host("asInt", ([value]) => asInt(value ?? null)),
    host("asFloat", ([value]) => asFloat(value ?? null)),
    host("isNaN", ([value]) => Number.isNaN(asNumber(value ?? null))),
    host("isInf", ([value]) => Math.abs(asNumber(value ?? null)) === Infinity),
    // Quirk(is-nil-ignores-its-argument): Argo Rollouts looks at the result, whatever is asked.
    host("isNil", () => result === null),
    host("default", ([value, otherwise]) => value ?? otherwise ?? null),
  ]);
}

function asNumber(value: Value): number {
  if (isNumeric(value)) return Number(value);
  const name = value === null ? "nil" : nameOfValue(value);
  throw new Fault(`interface conversion: interface {} is ${name}, not float64`);
}

function asInt(value: Value): Value {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
  }
  if (typeof value !== "string") throw unsupported("asInt", value);
  const problem = (what: string) => new Fault(`strconv.ParseInt: parsing "${value}": ${what}`);
  if (!/^[+-]?[0-9]+$/.test(value)) throw problem("invalid syntax");
  if (!/^[+-]?0*[0-9]{1,19}$/.test(value)) throw problem("value out of range");
  const number = BigInt(value);
  if (BigInt.asIntN(64, number) !== number) throw problem("value out of range");
  return number;
}

function asFloat(value: Value): Value {
  if (isNumeric(value)) return Number(value);
  if (typeof value !== "string") throw unsupported("asFloat", value);
  const number = parseFloatText(value);
  if (number === undefined) {
    throw new Fault(`strconv.ParseFloat: parsing "${value}": invalid syntax`);
  }
  return number;
}

function unsupported(name: string, value: Value): Fault {
  return new Fault(`${name}() not supported on ${nameOfValue(value)} ${textOf(value)}`);
}
