/** The functions of the language that need no predicate. */
import type { Budget } from "./budget.ts";
import { Fault } from "./condition_error.ts";
import { fetch } from "./evaluator.ts";
import { parseTime } from "./go_layout.ts";
import { GoDuration, GoLocation, GoNamed, GoTime, parseDuration } from "./go_time.ts";
import { asText } from "./operators.ts";
import { sorted } from "./predicates.ts";
import {
  type Dict,
  equal,
  isDict,
  isNumeric,
  jsonText,
  List,
  nameOfValue,
  sortedKeys,
  textOf,
  type Value,
  valueOfJson,
} from "./values.ts";

export interface BuiltinPorts {
  readonly budget: Budget;
  readonly nowNs: () => bigint;
}

type Builtin = (args: readonly Value[], ports: BuiltinPorts) => Value;

const text = (args: readonly Value[], index: number): string => asText(args[index] ?? null);

export const BUILTINS: Readonly<Record<string, Builtin>> = Object.freeze({
  len: ([value]) => BigInt(lengthOf(value as Value)),
  type: ([value]) => typeName(value as Value),
  string: ([value]) => textOf(value as Value),
  int: ([value]) => toInteger(value as Value),
  float: ([value]) => toFloat(value as Value),
  abs: ([value]) => {
    const number = numberFor("abs", value as Value);
    return typeof number === "bigint" ? (number < 0n ? -number : number) : Math.abs(number);
  },
  ceil: ([value]) => Math.ceil(Number(numberFor("ceil", value as Value))),
  floor: ([value]) => Math.floor(Number(numberFor("floor", value as Value))),
  round: ([value]) => {
    const number = Number(numberFor("round", value as Value));
    return Math.sign(number) * Math.round(Math.abs(number));
  },
  max: (args) => extreme("max", args),
  min: (args) => extreme("min", args),
  mean: (args) => {
    const numbers = numbersIn("mean", args);
    return numbers.length === 0 ? 0 : sumOf(numbers) / numbers.length;
  },
  median: (args) => {
    const numbers = numbersIn("median", args).map(Number).sort((a, b) => a - b);
    const middle = Math.floor(numbers.length / 2);
    if (numbers.length === 0) return 0;
    const upper = numbers[middle] as number;
    return numbers.length % 2 === 1 ? upper : ((numbers[middle - 1] as number) + upper) / 2;
  },
  trim: (args) => args.length === 1 ? goTrim(text(args, 0)) : trimSet(text(args, 0), text(args, 1)),
  trimPrefix: (args) => {
    const [value, prefix] = [text(args, 0), text(args, 1)];
    return value.startsWith(prefix) ? value.slice(prefix.length) : value;
  },
  trimSuffix: (args) => {
    const [value, suffix] = [text(args, 0), text(args, 1)];
    return value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value;
  },
  upper: (args) => eachChar(text(args, 0), (char) => char.toUpperCase()),
  lower: (args) => eachChar(text(args, 0), (char) => char.toLowerCase()),
  split: (args, ports) => split(args, { ports, keeps: false }),
  splitAfter: (args, ports) => split(args, { ports, keeps: true }),
  replace: (args, { budget }) => replace(args, budget),
  repeat: (args, { budget }) => {
    const [, by = null] = args;
    asText(args[0] ?? null);
    if (!isNumeric(by)) throw new Fault(`invalid operation: int(${nameOfValue(by)})`);
    const times = Number(toInteger(by));
    if (times < 0) {
      throw new Fault(`invalid argument for repeat (expected positive integer, got ${times})`);
    }
    budget.make(times * text(args, 0).length);
    return text(args, 0).repeat(times);
  },
  join: (args) => {
    const [list = null] = args;
    if (!(list instanceof List)) {
      const name = list === null ? "%!s(<nil>)" : nameOfValue(list);
      throw new Fault(`invalid argument for join (type ${name})`);
    }
    const items = list.items.map(asText);
    return items.join(args.length > 1 ? text(args, 1) : "");
  },
  indexOf: (args) => byteIndex(text(args, 0), text(args, 0).indexOf(text(args, 1))),
  lastIndexOf: (args) => byteIndex(text(args, 0), text(args, 0).lastIndexOf(text(args, 1))),
  hasPrefix: (args) => text(args, 0).startsWith(text(args, 1)),
  hasSuffix: (args) => text(args, 0).endsWith(text(args, 1)),
  toJSON: ([value]) => jsonText(value as Value),
  fromJSON: (args) => fromJson(text(args, 0)),
  toBase64: (args) => btoa(String.fromCharCode(...new TextEncoder().encode(text(args, 0)))),
  fromBase64: (args) => fromBase64(text(args, 0)),
  now: (_, { nowNs }) => new GoTime(nowNs()),
  duration: (args) => parseDuration(text(args, 0)),
  timezone: (args) => GoLocation.named(text(args, 0)),
  date: (args) => date(args),
  first: ([value]) => value instanceof List ? value.items[0] ?? null : null,
  last: ([value]) => value instanceof List ? value.items.at(-1) ?? null : null,
  get: ([value, key]) => get(value as Value, key as Value),
  take: ([value, count]) => {
    const items = listFor(value as Value, "cannot take from ");
    if (!isNumeric(count as Value)) {
      throw new Fault(`cannot take ${kindName(count as Value)} elements`);
    }
    const size = Number(toInteger(count as Value));
    if (size < 0) throw new Fault("reflect.Value.Slice: slice index out of bounds");
    return new List(items.slice(0, size));
  },
  keys: ([value]) => new List(sortedKeys(dictFor(value as Value, ["cannot get keys from", ""]))),
  values: ([value]) => {
    const dict = dictFor(value as Value, ["cannot get values from", ""]);
    return new List(sortedKeys(dict).map((key) => dict.get(key) as Value));
  },
  toPairs: ([value]) => {
    const dict = dictFor(value as Value, ["cannot transform", " to pairs"]);
    return new List(sortedKeys(dict).map((key) => new List([key, dict.get(key) as Value])));
  },
  fromPairs: ([value]) => fromPairs(value as Value),
  reverse: ([value]) => new List([...listFor(value as Value, "cannot reverse ")].reverse()),
  uniq: ([value]) => {
    const found: Value[] = [];
    for (const item of listFor(value as Value, "cannot uniq ")) {
      if (!found.some((other) => equal(other, item))) found.push(item);
    }
    return new List(found);
  },
  concat: (args, { budget }) => {
    const items = args.flatMap((arg) => listFor(arg, "cannot concat "));
    budget.make(items.length);
    return new List(items);
  },
  flatten: ([value], { budget }) => {
    const items = flattened(listFor(value as Value, "cannot flatten "));
    budget.make(items.length);
    return new List(items);
  },
  sort: ([value, order]) => {
    const items = value instanceof List ? value.items : [];
    if (order !== undefined && typeof order !== "string") {
      throw new Fault(`sort order argument must be a string (got ${nameOfValue(order)})`);
    }
    if (order !== undefined && order !== "asc" && order !== "desc") {
      throw new Fault(`invalid order ${order}, expected asc or desc`);
    }
    return new List(sorted(items, items, order ?? "asc"));
  },
  bitand: ([a, b]) => integer(a, "bitand") & integer(b, "bitand"),
  bitor: ([a, b]) => integer(a, "bitor") | integer(b, "bitor"),
  bitxor: ([a, b]) => integer(a, "bitxor") ^ integer(b, "bitxor"),
  bitnand: ([a, b]) => integer(a, "bitnand") & ~integer(b, "bitnand"),
  bitnot: ([a]) => ~integer(a, "bitnot"),
  bitshl: ([a, b]) => shift(b, "bitshl", (by) => BigInt.asIntN(64, integer(a, "bitshl") << by)),
  bitshr: ([a, b]) => shift(b, "bitshr", (by) => integer(a, "bitshr") >> by),
  bitushr: ([a, b]) =>
    shift(b, "bitushr", (by) => BigInt.asIntN(64, BigInt.asUintN(64, integer(a, "bitushr")) >> by)),
});

function lengthOf(value: Value): number {
  if (typeof value === "string") return [...value].length;
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof List) return value.items.length;
  if (isDict(value)) return value.size;
  throw new Fault(`invalid argument for len (type ${nameOfValue(value)})`);
}

function typeName(value: Value): string {
  if (value === null) return "nil";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof List || value instanceof Uint8Array) return "array";
  if (value instanceof GoTime) return "time.Time";
  if (value instanceof GoDuration) return "time.Duration";
  if (value instanceof GoNamed) return value.typeName;
  return isDict(value) ? "map" : "func";
}

/** What a float64 beyond the ints becomes on the machines that Argo Rollouts runs on. */
const INT_MIN = -(2n ** 63n);

function toInteger(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    const isInside = Math.abs(value) < 2 ** 63;
    return isInside ? BigInt(Math.trunc(value)) : INT_MIN;
  }
  if (typeof value === "string") {
    const number = /^[+-]?[0-9]+$/.test(value) ? BigInt(value) : undefined;
    if (number !== undefined && BigInt.asIntN(64, number) === number) return number;
    throw new Fault(`invalid operation: int(${value})`);
  }
  throw new Fault(`invalid operation: int(${nameOfValue(value)})`);
}

function toFloat(value: Value): number {
  if (isNumeric(value)) return Number(value);
  if (value === null) throw new Fault("invalid operation: float(<nil>)");
  if (typeof value === "string") {
    const number = parseFloatText(value);
    if (number !== undefined) return number;
    throw new Fault(`invalid operation: float(${value})`);
  }
  throw new Fault(`invalid operation: float(${nameOfValue(value)})`);
}

/** A float64 as Go reads it from a text; undefined for what it refuses. */
export function parseFloatText(value: string): number | undefined {
  if (/^[+-]?(inf|infinity)$/i.test(value)) return value.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(value)) return NaN;
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function numberFor(name: string, value: Value): bigint | number {
  if (isNumeric(value)) return value;
  throw new Fault(`invalid argument for ${name} (type ${nameOfValue(value)})`);
}

/** The numbers of the arguments and of the lists among them. */
function numbersIn(name: string, args: readonly Value[]): (bigint | number)[] {
  return args.flatMap((arg) =>
    arg instanceof List ? numbersIn(name, arg.items) : [numberFor(name, arg)]
  );
}

function extreme(name: "max" | "min", args: readonly Value[]): Value {
  if (args.length === 1 && args[0] === null) return null;
  let best: bigint | number | undefined;
  for (const number of numbersIn(name, args)) {
    const isBetter = best === undefined ||
      (name === "max" ? Number(number) > Number(best) : Number(number) < Number(best));
    if (isBetter) best = number;
  }
  return best ?? null;
}

function sumOf(numbers: readonly (bigint | number)[]): number {
  return numbers.reduce<number>((sum, number) => sum + Number(number), 0);
}

function listFor(value: Value, refusal: string): readonly Value[] {
  if (value instanceof List) return value.items;
  throw new Fault(`${refusal}${kindName(value)}`);
}

function dictFor(value: Value, [before, after]: readonly [string, string]): Dict {
  if (isDict(value)) return value;
  throw new Fault(`${before} ${kindName(value)}${after}`);
}

/** What Go calls a value's kind. */
function kindName(value: Value): string {
  if (value === null) return "invalid";
  if (value instanceof List) return "slice";
  if (value instanceof GoTime) return "struct";
  return isDict(value) ? "map" : nameOfValue(value);
}

function get(value: Value, key: Value): Value {
  if (!(value instanceof List)) return isDict(value) ? fetch(value, key) : null;
  if (!isNumeric(key)) throw new Fault(`invalid operation: int(${nameOfValue(key)})`);
  const index = toInteger(key);
  return value.items.at(Number(index)) ?? null;
}

function flattened(items: readonly Value[]): Value[] {
  return items.flatMap((item) => item instanceof List ? flattened(item.items) : [item]);
}

function fromPairs(value: Value): Value {
  const dict = new Map<Value, Value>();
  if (!(value instanceof List)) throw new Fault(`cannot transform ${textOf(value)} from pairs`);
  for (const pair of value.items) {
    if (!(pair instanceof List)) throw new Fault(`invalid pair ${textOf(pair)}`);
    if (pair.items.length !== 2) throw new Fault(`invalid pair length ${textOf(pair)}`);
    dict.set(pair.items[0] as Value, pair.items[1] as Value);
  }
  return dict;
}

const GO_SPACE = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

function goTrim(value: string): string {
  const left = value.replace(GO_SPACE, "");
  const reversed = [...left].reverse().join("").replace(GO_SPACE, "");
  return [...reversed].reverse().join("");
}

function trimSet(value: string, set: string): string {
  const chars = [...value];
  const marks = new Set(set);
  let [from, to] = [0, chars.length];
  while (from < to && marks.has(chars[from] as string)) from++;
  while (to > from && marks.has(chars[to - 1] as string)) to--;
  return chars.slice(from, to).join("");
}

/** Go changes one character into one: what would become two stays. */
function eachChar(value: string, change: (char: string) => string): string {
  return [...value].map((char) => {
    const changed = [...change(char)];
    return changed.length === 1 ? changed[0] : char === "İ" ? "i" : char;
  }).join("");
}

function split(
  args: readonly Value[],
  { ports: { budget }, keeps }: { ports: BuiltinPorts; keeps: boolean },
): Value {
  const [value, mark] = [text(args, 0), text(args, 1)];
  const most = args.length > 2 ? Number(toInteger(args[2] as Value)) : -1;
  if (most === 0) return new List([], "string");
  const parts = mark === "" ? [...value] : value.split(mark);
  budget.make(parts.length);
  const between = keeps ? mark : "";
  const isCut = most > 0 && parts.length > most;
  const head = isCut ? parts.slice(0, most - 1) : parts.slice(0, -1);
  const tail = isCut ? parts.slice(most - 1).join(mark) : parts.at(-1);
  const found = head.map((part) => part + between);
  return new List(tail === undefined ? found : [...found, tail], "string");
}

function replace(args: readonly Value[], budget: Budget): Value {
  const [value, old, by] = [text(args, 0), text(args, 1), text(args, 2)];
  const most = args.length > 3 ? Number(toInteger(args[3] as Value)) : -1;
  const parts = old === "" ? ["", ...value, ""] : value.split(old);
  let result = parts[0] ?? "";
  for (let index = 1; index < parts.length; index++) {
    const isReplaced = most < 0 || index <= most;
    result += (isReplaced ? by : old) + parts[index];
  }
  budget.make(result.length);
  return result;
}

function byteIndex(value: string, index: number): Value {
  if (index < 0) return -1n;
  return BigInt(new TextEncoder().encode(value.slice(0, index)).length);
}

function fromJson(value: string): Value {
  try {
    return valueOfJson(JSON.parse(value));
  } catch {
    throw new Fault(jsonProblem(value));
  }
}

/** Says what Go would say of the first thing that is wrong. */
function jsonProblem(value: string): string {
  const start = value.trimStart();
  if (start === "" || /^[[{"]/.test(start) && !/[\]}"]\s*$/.test(start)) {
    return "unexpected end of JSON input";
  }
  const [char = ""] = start;
  if (!/^[[{"\-0-9tfn]$/.test(char)) {
    return `invalid character '${char}' looking for beginning of value`;
  }
  return "invalid character in JSON text";
}

function fromBase64(value: string): Value {
  const compact = value.replaceAll(/[\r\n]/g, "");
  const bad = [...compact].findIndex((char) => !/^[A-Za-z0-9+/=]$/.test(char));
  const isWhole = compact.length % 4 === 0;
  if (bad >= 0 || !isWhole) {
    throw new Fault(`illegal base64 data at input byte ${bad >= 0 ? bad : compact.length}`);
  }
  try {
    const bytes = Uint8Array.from(atob(compact), (char) => char.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    throw new Fault(`illegal base64 data at input byte ${compact.indexOf("=")}`);
  }
}

/** What a date may look like when no layout is given. */
const LAYOUTS: readonly string[] = Object.freeze([
  "2006-01-02",
  "15:04:05",
  "2006-01-02 15:04:05",
  "2006-01-02T15:04:05Z07:00",
  "02 Jan 06 15:04 MST",
  "Monday, 02-Jan-06 15:04:05 MST",
  "Mon, 02 Jan 2006 15:04:05 MST",
]);

function date(args: readonly Value[]): Value {
  const value = text(args, 0);
  const location = args.length > 2 ? GoLocation.named(text(args, 2)) : GoLocation.utc;
  if (args.length > 1) return parseTime(value, text(args, 1), location);
  for (const layout of LAYOUTS) {
    try {
      return parseTime(value, layout, location);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  throw new Fault(`invalid date ${value}`);
}

function integer(value: Value | undefined, name: string): bigint {
  if (typeof value === "bigint") return value;
  const given = nameOfValue(value ?? null);
  throw new Fault(`cannot use ${given} as argument (type int) to call ${name}`);
}

function shift(by: Value | undefined, name: string, apply: (by: bigint) => bigint): bigint {
  const count = integer(by, name);
  if (count < 0n) {
    throw new Fault(`invalid operation: negative shift count ${count} (type int)`);
  }
  return apply(count > 64n ? 64n : count);
}
