/**
 * Values of expressions. An int is a bigint and a float64 a number, so that `5 / 2` and `5.0` stay
 * what they are in Go. Maps are JavaScript Maps: no name of a key reaches a prototype.
 */
import { Budget } from "./budget.ts";
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
  return hasOnlyTexts(value, new Budget())
    ? "map[string]interface {}"
    : "map[interface {}]interface {}";
}

export function isDict(value: Value): value is Dict {
  return value instanceof Map;
}

/** True when all keys are texts, as in JSON. */
export function hasOnlyTexts(dict: Dict, budget: Budget): boolean {
  return dict.keys().every((key) => {
    budget.look(1);
    return typeof key === "string";
  });
}

/** How many elements or characters a value has at its outermost. */
export function sizeOf(value: Value): number {
  if (typeof value === "string" || value instanceof Uint8Array) return value.length;
  if (value instanceof List) return value.items.length;
  return isDict(value) ? value.size : 0;
}

export function isNumeric(value: Value): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

/** What a float64 beyond the ints becomes on the machines that Argo Rollouts runs on. */
const INT_MIN = -(2n ** 63n);

export function toInteger(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    const isInside = Math.abs(value) < 2 ** 63;
    return isInside ? BigInt(Math.trunc(value)) : INT_MIN;
  }
  if (typeof value === "string") {
    const number = /^[+-]?0*[0-9]{1,19}$/.test(value) ? BigInt(value) : undefined;
    if (number !== undefined && BigInt.asIntN(64, number) === number) return number;
    throw new Fault(`invalid operation: int(${value})`);
  }
  throw new Fault(`invalid operation: int(${nameOfValue(value)})`);
}

/** Numbers are equal across their types; everything else only to its like. */
export function equal(left: Value, right: Value, budget: Budget): boolean {
  if (isNumeric(left) && isNumeric(right)) return Number(left) === Number(right);
  if (left instanceof List && right instanceof List) {
    return areItems(left, right, { budget, are: equal });
  }
  return isSame(left, right, budget);
}

function areItems(
  left: List,
  right: List,
  { budget, are }: { budget: Budget; are: typeof equal },
): boolean {
  if (left.items.length !== right.items.length) return false;
  // A list may stand in many places of another: each visit counts.
  budget.step();
  return left.items.every((item, index) => {
    budget.look(2);
    return are(item, right.items[index] as Value, budget);
  });
}

/** The same types and the same content. */
function isSame(left: Value, right: Value, budget: Budget): boolean {
  if (typeof left === "string" && typeof right === "string") {
    if (left.length === right.length) budget.look(left.length);
    return left === right;
  }
  if (left instanceof GoTime && right instanceof GoTime) return left.ns === right.ns;
  if (left instanceof GoDuration && right instanceof GoDuration) return left.ns === right.ns;
  if (left instanceof GoNamed && right instanceof GoNamed) {
    return left.typeName === right.typeName && left.value === right.value;
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return left.length === right.length && left.every((byte, index) => byte === right[index]);
  }
  if (left instanceof List && right instanceof List) {
    return areItems(left, right, { budget, are: isSame });
  }
  if (isDict(left) && isDict(right)) {
    if (left.size !== right.size) return false;
    budget.step(1 + 2 * left.size);
    return [...left].every(([key, value]) =>
      right.has(key) && isSame(value, right.get(key) as Value, budget)
    );
  }
  return left === right;
}

/** A value as text, as Go's `%v` writes it. @throws {Fault} when it would be too long */
export function textOf(value: Value, budget = new Budget()): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") {
    budget.step();
    return floatText(value);
  }
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  const joined = (parts: readonly string[]) => joinedText(parts, { between: " ", budget });
  if (value instanceof Uint8Array) return `[${joined([...value].map(String))}]`;
  if (value instanceof List) return `[${joined(value.items.map((item) => textOf(item, budget)))}]`;
  if (isDict(value)) {
    const pairs = sortedKeys(value, budget)
      .map((key) => `${textOf(key, budget)}:${textOf(value.get(key)!, budget)}`);
    return `map[${joined(pairs)}]`;
  }
  if (value instanceof HostFunction) return value.name;
  budget.step(TIME_STEPS);
  return String(value);
}

/** @throws {Fault} when the text would be too long */
export function joinedText(
  parts: readonly string[],
  { between, budget }: { between: string; budget: Budget },
): string {
  budget.step(1 + parts.length);
  budget.makeText(parts.reduce((sum, part) => sum + part.length + between.length, 0));
  return parts.join(between);
}

export function sortedKeys(dict: Dict, budget: Budget): Value[] {
  budget.step(dict.size);
  const texts = [...dict.keys()].map((key) => ({ key, text: textOf(key, budget) }));
  return texts.sort((a, b) => a.text < b.text ? -1 : 1).map(({ key }) => key);
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
  return value instanceof HostFunction
    ? `"${value.name}"`
    : jsonText(value, { budget: new Budget() });
}

/** What it costs to find the fields of a time in its zone. */
export const TIME_STEPS = 300;

const JSON_INDENT = "  ";

/** A value as JSON text, as Go writes it with two spaces of indentation. @throws {Fault} */
export function jsonText(
  value: Value,
  { budget, indent = "" }: { budget: Budget; indent?: string },
): string {
  budget.step();
  if (value === null) return "null";
  if (typeof value === "string") {
    budget.makeText(value.length);
    return jsonString(value);
  }
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
      : `${marks[0]}\n${inner}${joinedText(parts, { between: `,\n${inner}`, budget })}\n${indent}${
        marks[1]
      }`;
  const within = (item: Value) => jsonText(item, { budget, indent: inner });
  if (value instanceof List) return wrap("[]", value.items.map(within));
  budget.step(value instanceof GoTime ? TIME_STEPS : 0);
  if (value instanceof GoTime) return jsonString(value.toRfc3339());
  if (value instanceof GoDuration) return String(value.ns);
  if (value instanceof GoNamed) return String(value.value);
  if (value instanceof Uint8Array) return jsonString(value.toBase64());
  if (!isDict(value)) throw new Fault(`json: unsupported type: ${nameOfValue(value)}`);
  if ([...value.keys()].some((key) => typeof key !== "string")) {
    throw new Fault(`json: unsupported type: ${nameOfValue(value)}`);
  }
  const parts = sortedKeys(value, budget).map((key) =>
    `${jsonString(textOf(key))}: ${within(value.get(key)!)}`
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
