/** Values of a JSONPath as Go compares and prints them. */
import { compareText } from "../json.ts";

/** The verdict of a filter, or why there is none. */
export function compareValues(
  a: unknown,
  operator: string,
  b: unknown,
): boolean | { readonly error: string } {
  if (!Object.hasOwn(OPERATORS, operator)) {
    return { error: `unrecognized filter operator ${operator}` };
  }
  const isEquality = operator === "==" || operator === "!=";
  if (!isComparable(a) || !isComparable(b)) return { error: "invalid type for comparison" };
  // A whole number of the path is none of the JSON, whose numbers all have fractions.
  if (typeof a !== typeof b) return { error: "incompatible types for comparison" };
  if (typeof a === "boolean" && !isEquality) return { error: "invalid type for comparison" };
  return OPERATORS[operator]?.(orderOf(a, b)) ?? false;
}

type Comparable = string | number | bigint | boolean;

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = Object.freeze({
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
});

function isComparable(value: unknown): value is Comparable {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function orderOf(a: Comparable, b: Comparable): number {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The name of a value's type. */
export function typeName(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  switch (typeof value) {
    case "object":
      return "map[string]interface {}";
    case "number":
      return "float64";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return "nothing";
  }
}

/** A value as Go prints it by default: `map[a:1 b:[x y]]`. */
export function valueText(value: unknown): string {
  if (value === undefined) return "<invalid reflect.Value>";
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(valueText).join(" ")}]`;
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return `map[${entries.map(([key, each]) => `${key}:${valueText(each)}`).join(" ")}]`;
}

function numberText(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
