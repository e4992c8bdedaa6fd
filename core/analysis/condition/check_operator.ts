/** Types of binary operators. */
import type { Binary } from "./ast.ts";
import { Fault } from "./condition_error.ts";
import {
  BOOL,
  DURATION,
  either,
  FLOAT64,
  INT,
  isInteger,
  isNil,
  isNumber,
  isUnknown,
  nameOfType,
  RANGE,
  STRING,
  TIME,
  type Type,
  UNKNOWN,
} from "./static_types.ts";

/** @throws {Fault} when the operator is not defined on the two */
export function binaryType(node: Binary, left: Type, right: Type): Type {
  const type = typeFor(node, left, right);
  if (type !== undefined) return type;
  const reason = `invalid operation: ${node.operator} (mismatched types ${nameOfType(left)} and ${
    nameOfType(right)
  })`;
  throw new Fault(reason, node.position);
}

function typeFor(node: Binary, left: Type, right: Type): Type | undefined {
  switch (node.operator) {
    case "==":
    case "!=":
      return isComparable(left, right) ? BOOL : undefined;
    case "or":
    case "||":
    case "and":
    case "&&":
      return maybe(left, "bool") && maybe(right, "bool") ? BOOL : undefined;
    case "<":
    case ">":
    case ">=":
    case "<=":
      return isOrdered(left, right) ? BOOL : undefined;
    case "+":
      return sumType(left, right);
    case "-":
      return differenceType(left, right);
    case "*":
      return productType(left, right);
    case "/":
      return bothNumbers(left, right) ? FLOAT64 : undefined;
    case "**":
    case "^":
      return bothNumbers(left, right) ? FLOAT64 : undefined;
    case "%":
      return maybeInteger(left) && maybeInteger(right) ? remainderType(node, left) : undefined;
    case "in":
      return containsType(node, left, right);
    case "matches":
      return matchesType(left, right);
    case "contains":
    case "startsWith":
    case "endsWith":
      return maybe(left, "string") && maybe(right, "string") ? BOOL : undefined;
    case "..":
      return maybeInteger(left) && maybeInteger(right) ? RANGE : undefined;
    case "??":
      return either(left, right);
    default:
      return undefined;
  }
}

function maybe(type: Type, kind: Type["kind"]): boolean {
  return isUnknown(type) || type.kind === kind;
}

function maybeInteger(type: Type): boolean {
  return isUnknown(type) || isInteger(type);
}

function bothNumbers(left: Type, right: Type): boolean {
  return (isUnknown(left) || isNumber(left)) && (isUnknown(right) || isNumber(right));
}

function isComparable(left: Type, right: Type): boolean {
  if (isUnknown(left) || isUnknown(right) || isNil(left) || isNil(right)) return true;
  if (isNumber(left) && isNumber(right)) return true;
  if (left.kind === "array" && right.kind === "array") return true;
  return left.kind === right.kind;
}

function isOrdered(left: Type, right: Type): boolean {
  if (isNumber(left) && isNumber(right)) return true;
  for (const kind of ["string", "time", "duration"] as const) {
    if (left.kind === kind && right.kind === kind) return true;
  }
  const isSortable = (type: Type) =>
    isUnknown(type) || isNumber(type) || ["string", "time", "duration"].includes(type.kind);
  return (isUnknown(left) || isUnknown(right)) && isSortable(left) && isSortable(right);
}

function numberType(left: Type, right: Type): Type {
  return isInteger(left) && isInteger(right) ? INT : FLOAT64;
}

function sumType(left: Type, right: Type): Type | undefined {
  if (isNumber(left) && isNumber(right)) return numberType(left, right);
  if (left.kind === "string" && right.kind === "string") return STRING;
  if (left.kind === "time" && right.kind === "duration") return TIME;
  if (left.kind === "duration" && right.kind === "time") return TIME;
  if (left.kind === "duration" && right.kind === "duration") return DURATION;
  return isOpen(left, right, ["string", "time", "duration"]) ? UNKNOWN : undefined;
}

function differenceType(left: Type, right: Type): Type | undefined {
  if (isNumber(left) && isNumber(right)) return numberType(left, right);
  if (left.kind === "time" && right.kind === "time") return DURATION;
  if (left.kind === "time" && right.kind === "duration") return TIME;
  if (left.kind === "duration" && right.kind === "duration") return DURATION;
  return isOpen(left, right, ["time", "duration"]) ? UNKNOWN : undefined;
}

function productType(left: Type, right: Type): Type | undefined {
  if (isNumber(left) && isNumber(right)) return numberType(left, right);
  const hasDuration = left.kind === "duration" || right.kind === "duration";
  if (hasDuration && (isNumber(left) || isNumber(right))) return DURATION;
  if (left.kind === "duration" && right.kind === "duration") return DURATION;
  return isOpen(left, right, ["duration"]) ? UNKNOWN : undefined;
}

/** One side is not known, and the other is nothing that the operator refuses. */
function isOpen(left: Type, right: Type, kinds: readonly Type["kind"][]): boolean {
  const fits = (type: Type) => isUnknown(type) || isNumber(type) || kinds.includes(type.kind);
  return (isUnknown(left) || isUnknown(right)) && fits(left) && fits(right);
}

function remainderType({ position, right: divisor }: Binary, left: Type): Type {
  if (isInteger(left) && divisor.kind === "literal" && divisor.value === 0n) {
    throw new Fault("integer divide by zero", position);
  }
  return INT;
}

function containsType(node: Binary, left: Type, right: Type): Type | undefined {
  if (isUnknown(right)) return BOOL;
  const refuse = (what: string) =>
    new Fault(`cannot use ${nameOfType(left)} as type ${what}`, node.position);
  if (right.kind === "map") {
    if (left.kind === "string" || isUnknown(left) || right.name !== undefined) return BOOL;
    throw refuse("string in map key");
  }
  if (right.kind === "string" && isUnknown(left)) return BOOL;
  if (right.kind !== "array") return undefined;
  if (isComparable(left, right.element)) return BOOL;
  throw refuse(`${nameOfType(right.element)} in array`);
}

function matchesType(left: Type, right: Type): Type | undefined {
  if (!maybe(right, "string")) return undefined;
  return maybe(left, "string") || left.kind === "bytes" ? BOOL : undefined;
}
