/**
 * Values of expressions. An int is a bigint and a float64 a number, so that `5 / 2` and `5.0` stay
 * what they are in Go. Maps are JavaScript Maps: no name of a key reaches a prototype.
 */
import { Fault } from "./condition_error.ts";
import { GoDuration, GoLocation, GoNamed, GoTime } from "./go_time.ts";
import { quote } from "./tokens.ts";

/** A list, with the type of its elements as Go has it. */
export class List {
  constructor(
    readonly items: readonly Value[],
    readonly element: "interface {}" | "int" | "float64" | "string" = "interface {}",
  ) {}
}

/** A function that the environment brings. */
export class HostFunction {
  constructor(readonly name: string, readonly call: (args: readonly Value[]) => Value) {}
}

export type Dict = ReadonlyMap<Value, Value>;

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | List
  | Dict
  | GoTime
  | GoDuration
  | GoLocation
  | GoNamed
  | HostFunction;

/** A JSON value as an expression sees it: every number is a float64. */
export function valueOfJson(json: unknown): Value {
  if (json === null || json === undefined) return null;
  if (typeof json === "string" || typeof json === "boolean" || typeof json === "number") {
    return json;
  }
  if (Array.isArray(json)) return new List(json.map(valueOfJson));
  if (typeof json === "object") {
    return new Map(Object.entries(json).map(([key, value]) => [key, valueOfJson(value)]));
  }
  throw new TypeError("not a JSON value");
}

/** A value's type in messages, as Go writes it. */
export function nameOfValue(value: Value): string {
  if (value === null) return "<nil>";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof Uint8Array) return "[]uint8";
  if (value instanceof List) return `[]${value.element}`;
  if (value instanceof GoTime) return "time.Time";
  if (value instanceof GoDuration) return "time.Duration";
  if (value instanceof GoLocation) return "*time.Location";
  if (value instanceof GoNamed) return value.typeName;
  return value instanceof HostFunction ? "func" : nameOfDict(value);
}

function nameOfDict(value: Dict): string {
  const hasOnlyTexts = [...value.keys()].every((key) => typeof key === "string");
  return hasOnlyTexts ? "map[string]interface {}" : "map[interface {}]interface {}";
}

export function isDict(value: Value): value is Dict {
  return value instanceof Map;
}

export function isNumeric(value: Value): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

/** Numbers are equal across their types; everything else only to its like. */
export function equal(left: Value, right: Value): boolean {
  if (isNumeric(left) && isNumeric(right)) return Number(left) === Number(right);
  if (left instanceof List && right instanceof List) {
    return left.items.length === right.items.length &&
      left.items.every((item, index) => equal(item, right.items[index] as Value));
  }
  return isSame(left, right);
}

/** The same types and the same content. */
function isSame(left: Value, right: Value): boolean {
  if (left instanceof GoTime && right instanceof GoTime) return left.ns === right.ns;
  if (left instanceof GoDuration && right instanceof GoDuration) return left.ns === right.ns;
  if (left instanceof GoNamed && right instanceof GoNamed) {
    return left.typeName === right.typeName && left.value === right.value;
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return left.length === right.length && left.every((byte, index) => byte === right[index]);
  }
  if (left instanceof List && right instanceof List) {
    return left.items.length === right.items.length &&
      left.items.every((item, index) => isSame(item, right.items[index] as Value));
  }
  if (isDict(left) && isDict(right)) {
    return left.size === right.size &&
      [...left].every(([key, value]) => right.has(key) && isSame(value, right.get(key) as Value));
  }
  return left === right;
}

/** A value as text, as Go's `%v` writes it. */
export function textOf(value: Value): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") return floatText(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Uint8Array) return `[${[...value].join(" ")}]`;
  if (value instanceof List) return `[${value.items.map(textOf).join(" ")}]`;
  if (isDict(value)) {
    const pairs = sortedKeys(value).map((key) => `${textOf(key)}:${textOf(value.get(key)!)}`);
    return `map[${pairs.join(" ")}]`;
  }
  if (value instanceof HostFunction) return value.name;
  return String(value);
}

export function sortedKeys(dict: Dict): Value[] {
  return [...dict.keys()].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

/** A float64 as Go's `%v` writes it: shortest digits, an exponent from 1e+06 on, and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < EXPONENT_LEAST) return plainText(value);
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
}

/** From this exponent on `%v` writes one. */
const EXPONENT_LEAST = 6;

function plainText(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  return value.toFixed(20).replace(/0+$/, "").replace(/\.$/, "");
}

/** A value for people: JSON, where NaN and the infinities are texts. */
export function shownValue(value: Value): string {
  if (typeof value === "number" && !Number.isFinite(value)) return `"${floatText(value)}"`;
  if (value instanceof List && value.items.some((item) => typeof item === "number")) {
    return `[${value.items.map(shownValue).join(", ")}]`;
  }
  return value instanceof HostFunction ? `"${value.name}"` : jsonText(value);
}

const JSON_INDENT = "  ";

/** A value as JSON text, as Go writes it with two spaces of indentation. */
export function jsonText(value: Value, indent = ""): string {
  if (value === null) return "null";
  if (typeof value === "string") return jsonString(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) {
      throw new Fault(`json: unsupported value: ${floatText(value)}`);
    }
    return jsonFloat(value);
  }
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  const inner = indent + JSON_INDENT;
  const wrap = (marks: string, parts: string[]) =>
    parts.length === 0
      ? marks
      : `${marks[0]}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${marks[1]}`;
  if (value instanceof List) {
    return wrap("[]", value.items.map((item) => jsonText(item, inner)));
  }
  if (value instanceof GoTime) return jsonString(value.toRfc3339());
  if (value instanceof GoDuration) return String(value.ns);
  if (value instanceof GoNamed) return String(value.value);
  if (value instanceof Uint8Array) return jsonString(btoa(String.fromCharCode(...value)));
  if (!isDict(value)) throw new Fault(`json: unsupported type: ${nameOfValue(value)}`);
  if ([...value.keys()].some((key) => typeof key !== "string")) {
    throw new Fault(`json: unsupported type: ${nameOfValue(value)}`);
  }
  const parts = sortedKeys(value).map((key) =>
    `${jsonString(textOf(key))}: ${jsonText(value.get(key)!, inner)}`
  );
  return wrap("{}", parts);
}

function jsonString(text: string): string {
  return quote(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function jsonFloat(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) {
    return value.toExponential();
  }
  return plainText(value);
}
