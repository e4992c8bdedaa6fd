/** The functions of the language that need no predicate. */
import type { Budget } from "./budget.ts";
import { Fault } from "./condition_error.ts";
import { fetch } from "./evaluator.ts";
import { parseTime } from "./go_layout.ts";
import { GoDuration, GoLocation, GoNamed, GoTime, parseDuration } from "./go_time.ts";
import { asText } from "./operators.ts";
import { sorted } from "./predicates.ts";
import { TEXT_BUILTINS } from "./text_builtins.ts";
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
  TIME_STEPS,
  toInteger,
  type Value,
  valueOfJson,
} from "./values.ts";

export interface BuiltinPorts {
  readonly budget: Budget;
  readonly nowNs: () => bigint;
}

type Builtin = (args: readonly Value[], ports: BuiltinPorts) => Value;

const text = (args: readonly Value[], index: number): string => asText(args[index] ?? null);

/** Those whose work does not grow with their arguments. */
export const CONSTANT_BUILTINS: ReadonlySet<string> = new Set([
  "first",
  "last",
  "get",
  "len",
  "type",
]);

export const BUILTINS: Readonly<Record<string, Builtin>> = Object.freeze({
  ...TEXT_BUILTINS,
  len: ([value], { budget }) => BigInt(lengthOf(value as Value, budget)),
  type: ([value]) => typeName(value as Value),
  string: ([value], { budget }) => textOf(value as Value, budget),
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
  max: (args, { budget }) => extreme("max", args, budget),
  min: (args, { budget }) => extreme("min", args, budget),
  mean: (args, { budget }) => {
    const numbers = numbersIn("mean", args, budget);
    return numbers.length === 0 ? 0 : sumOf(numbers) / numbers.length;
  },
  median: (args, { budget }) => {
    const numbers = numbersIn("median", args, budget).map(Number).sort((a, b) => a - b);
    const middle = Math.floor(numbers.length / 2);
    if (numbers.length === 0) return 0;
    const upper = numbers[middle] as number;
    return numbers.length % 2 === 1 ? upper : ((numbers[middle - 1] as number) + upper) / 2;
  },
  toJSON: ([value], { budget }) => jsonText(value as Value, { budget }),
  fromJSON: (args, { budget }) => fromJson(text(args, 0), budget),
  toBase64: (args, { budget }) => {
    budget.step(CODING_STEPS);
    budget.makeText(2 * text(args, 0).length);
    return new TextEncoder().encode(text(args, 0)).toBase64();
  },
  fromBase64: (args, { budget }) => fromBase64(text(args, 0), budget),
  now: (_, { nowNs }) => new GoTime(nowNs()),
  duration: (args, { budget }) => {
    budget.step(CODING_STEPS);
    return parseDuration(shortText(args, 0));
  },
  timezone: (args, { budget }) => {
    budget.step(ZONE_STEPS);
    return GoLocation.named(shortText(args, 0));
  },
  date: (args, { budget }) => {
    budget.step(args.length > 2 ? ZONE_STEPS : TIME_STEPS);
    return date(args);
  },
  first: ([value]) => value instanceof List ? value.items[0] ?? null : null,
  last: ([value]) => value instanceof List ? value.items.at(-1) ?? null : null,
  get: ([value, key], { budget }) => get(value as Value, key as Value, budget),
  take: ([value, count], { budget }) => {
    const items = listFor(value as Value, "cannot take from ");
    if (!isNumeric(count as Value)) {
      throw new Fault(`cannot take ${kindName(count as Value)} elements`);
    }
    const size = Number(toInteger(count as Value));
    if (size < 0) throw new Fault("reflect.Value.Slice: slice index out of bounds");
    budget.make(Math.min(size, items.length));
    return new List(items.slice(0, size));
  },
  keys: ([value], { budget }) => {
    const dict = dictFor(value as Value, ["cannot get keys from", ""]);
    return new List(sortedKeys(dict, budget));
  },
  values: ([value], { budget }) => {
    const dict = dictFor(value as Value, ["cannot get values from", ""]);
    budget.make(dict.size);
    return new List(sortedKeys(dict, budget).map((key) => dict.get(key) as Value));
  },
  toPairs: ([value], { budget }) => {
    const dict = dictFor(value as Value, ["cannot transform", " to pairs"]);
    budget.make(2 * dict.size);
    return new List(sortedKeys(dict, budget).map((key) => new List([key, dict.get(key) as Value])));
  },
  fromPairs: ([value], { budget }) => fromPairs(value as Value, budget),
  reverse: ([value], { budget }) => {
    const items = listFor(value as Value, "cannot reverse ");
    budget.make(items.length);
    return new List([...items].reverse());
  },
  uniq: ([value], { budget }) => new List(unique(listFor(value as Value, "cannot uniq "), budget)),
  concat: (args, { budget }) => {
    const lists = args.map((arg) => listFor(arg, "cannot concat "));
    budget.make(lists.reduce((sum, list) => sum + list.length, 0));
    const items = lists.flat();
    return new List(items);
  },
  flatten: ([value], { budget }) => {
    return new List(flattened(listFor(value as Value, "cannot flatten "), budget));
  },
  sort: ([value, order], { budget }) => {
    const items = value instanceof List ? value.items : [];
    if (order !== undefined && typeof order !== "string") {
      throw new Fault(`sort order argument must be a string (got ${nameOfValue(order)})`);
    }
    if (order !== undefined && order !== "asc" && order !== "desc") {
      throw new Fault(`invalid order ${order}, expected asc or desc`);
    }
    return new List(sorted(items, { keys: items, order: order ?? "asc", budget }));
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

function lengthOf(value: Value, budget: Budget): number {
  if (typeof value === "string") {
    budget.look(value.length);
    const pairs = value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
    return value.length - pairs;
  }
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
function numbersIn(name: string, args: readonly Value[], budget: Budget): (bigint | number)[] {
  budget.make(args.length);
  return args.flatMap((arg) =>
    arg instanceof List ? numbersIn(name, arg.items, budget) : [numberFor(name, arg)]
  );
}

function extreme(name: "max" | "min", args: readonly Value[], budget: Budget): Value {
  if (args.length === 1 && args[0] === null) return null;
  let best: bigint | number | undefined;
  for (const number of numbersIn(name, args, budget)) {
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

function get(value: Value, key: Value, budget: Budget): Value {
  if (!(value instanceof List)) return isDict(value) ? fetch(value, key, budget) : null;
  if (!isNumeric(key)) throw new Fault(`invalid operation: int(${nameOfValue(key)})`);
  const index = toInteger(key);
  return value.items.at(Number(index)) ?? null;
}

function flattened(items: readonly Value[], budget: Budget): Value[] {
  budget.make(items.length);
  return items.flatMap((item) => item instanceof List ? flattened(item.items, budget) : [item]);
}

function unique(items: readonly Value[], budget: Budget): Value[] {
  budget.make(items.length);
  const found: Value[] = [];
  const texts = new Set<string>();
  for (const item of items) {
    if (typeof item === "string") {
      if (!texts.has(item)) found.push(item);
      texts.add(item);
    } else if (!found.some((other) => isEqualTo(item, other, budget))) found.push(item);
  }
  return found;
}

function isEqualTo(item: Value, other: Value, budget: Budget): boolean {
  budget.look(1);
  return equal(other, item, budget);
}

function fromPairs(value: Value, budget: Budget): Value {
  const dict = new Map<Value, Value>();
  if (!(value instanceof List)) throw new Fault(`cannot transform ${textOf(value)} from pairs`);
  budget.make(value.items.length);
  for (const pair of value.items) {
    if (!(pair instanceof List)) throw new Fault(`invalid pair ${textOf(pair)}`);
    if (pair.items.length !== 2) throw new Fault(`invalid pair length ${textOf(pair)}`);
    dict.set(pair.items[0] as Value, pair.items[1] as Value);
  }
  return dict;
}

function fromJson(value: string, budget: Budget): Value {
  budget.make(value.length / 8);
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

function fromBase64(value: string, budget: Budget): Value {
  budget.step(CODING_STEPS);
  budget.makeText(value.length);
  const compact = value.replaceAll(/[\r\n]/g, "");
  const bad = compact.search(/[^A-Za-z0-9+/=]/);
  const isWhole = compact.length % 4 === 0;
  if (bad >= 0 || !isWhole) {
    throw new Fault(`illegal base64 data at input byte ${bad >= 0 ? bad : compact.length}`);
  }
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(compact));
  } catch {
    throw new Fault(`illegal base64 data at input byte ${compact.indexOf("=")}`);
  }
}

const SHORT_LENGTH_MAX = 1_000;

/** A text that is read letter by letter. */
function shortText(args: readonly Value[], index: number): string {
  const value = text(args, index);
  if (value.length <= SHORT_LENGTH_MAX) return value;
  throw new Fault(`a time of ${value.length} characters is too long`);
}

/** What it costs to begin with a text that is read or written in another form. */
const CODING_STEPS = 20;

/** What it costs to find a time zone. */
const ZONE_STEPS = 1_000;

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
  const value = shortText(args, 0);
  const location = args.length > 2 ? GoLocation.named(shortText(args, 2)) : GoLocation.utc;
  if (args.length > 1) return parseTime(value, shortText(args, 1), location);
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
