/**
 * Values as templates see them, with the types that Go gives them: functions ask for an `int` and
 * refuse an `int64`. An int is a bigint, a float64 a number; whole numbers of other types are a
 * `Sized`. A nil interface is null; what is not there at all (`reflect.Value{}`) is undefined.
 */
import { GoDuration, GoLocation, GoNamed, GoTime } from "../../analysis/condition/go_time.ts";
import { sortedTexts } from "./sorted_texts.ts";
import type { Patterns } from "../../analysis/condition/regex.ts";
import type { RenderingBudget } from "./budget.ts";
import { SemanticVersion } from "./semantic_version.ts";

export type SizedType = "int64" | "uint8" | "uint32" | "uint64";

/** A whole number of another type than int. */
export class Sized {
  readonly type: SizedType;
  readonly value: bigint;

  constructor(type: SizedType, value: bigint) {
    this.type = type;
    this.value = value;
  }
}

export type ListType =
  | "[]interface {}"
  | "[]string"
  | "[]int"
  | "[]uint8"
  | "[][]interface {}";

export class List {
  readonly items: readonly Value[];
  readonly type: ListType;
  /** A nil slice: JSON writes null. */
  readonly isNil: boolean;

  constructor(items: readonly Value[], type: ListType = "[]interface {}", isNil = false) {
    this.items = items;
    this.type = type;
    this.isNil = isNil;
  }
}

export type DictType = "map[string]interface {}" | "map[string]string";

/** A map. Functions such as `set` change it, as they do in Go. */
export class Dict {
  readonly entries: Map<string, Value>;
  readonly type: DictType;
  readonly isNil: boolean;

  constructor(
    entries: Iterable<readonly [string, Value]> = [],
    type: DictType = "map[string]interface {}",
    isNil = false,
  ) {
    this.entries = new Map(entries);
    this.type = type;
    this.isNil = isNil;
  }

  /** @throws {TemplateFault} when there is too much to be put in order */
  sortedKeys(budget: RenderingBudget): string[] {
    budget.step(this.entries.size);
    return sortedTexts([...this.entries.keys()], budget);
  }
}

/** What a rendering reaches outside of its template and its data. */
export interface TemplatePorts {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** The next number, 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

/** What functions are handed beside their arguments. */
export interface CallContext {
  readonly budget: RenderingBudget;
  readonly ports: TemplatePorts;
  /** Regular expressions of this rendering. */
  readonly patterns: Patterns;
}

/** Arguments have been checked against the signature. */
export type Call = (args: readonly Value[], context: CallContext) => Value;

/** A function that data bring, for `call`. */
export class GoFunction {
  readonly name: string;
  /** Types of the parameters, such as `string ...any`. */
  readonly signature: string;
  readonly result: string;
  readonly call: Call;

  constructor({ name, signature, result, call }: {
    name: string;
    signature: string;
    result: string;
    call: Call;
  }) {
    this.name = name;
    this.signature = signature;
    this.result = result;
    this.call = call;
  }
}

export type Value =
  | null
  | boolean
  | string
  | bigint
  | number
  | Sized
  | List
  | Dict
  | GoFunction
  | GoTime
  | GoDuration
  | GoLocation
  | GoNamed
  | SemanticVersion;

/** Undefined is what is not there at all. */
export type MaybeValue = Value | undefined;

export function int64(value: bigint | number): Sized {
  return new Sized("int64", BigInt.asIntN(64, BigInt(value)));
}

export function textList(items: readonly string[]): List {
  return new List(items, "[]string");
}

/** Kinds as Go's reflection names them. */
export function kindOf(value: Value): string {
  if (value === null) return "invalid";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof Sized) return value.type;
  if (value instanceof List) return "slice";
  if (value instanceof Dict) return "map";
  if (value instanceof GoFunction) return "func";
  if (value instanceof GoTime) return "struct";
  if (value instanceof GoDuration) return "int64";
  return value instanceof GoNamed ? "int" : "ptr";
}

/** Types as Go writes them. */
export function typeOf(value: Value): string {
  if (value === null) return "<nil>";
  if (value instanceof List || value instanceof Dict) return value.type;
  if (value instanceof GoFunction) return functionType(value);
  if (value instanceof GoTime) return "time.Time";
  if (value instanceof GoDuration) return "time.Duration";
  if (value instanceof GoNamed) return value.typeName;
  if (value instanceof GoLocation) return "*time.Location";
  return value instanceof SemanticVersion ? "*semver.Version" : kindOf(value);
}

function functionType({ signature, result }: GoFunction): string {
  const parameters = signature.split(" ").filter((name) => name !== "")
    .map((name) => name.replace("any", "interface {}"));
  return `func(${parameters.join(", ")}) ${result}`;
}

/** A whole number of any type; undefined: it is none. */
export function wholeOf(value: Value): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (value instanceof Sized || value instanceof GoNamed) return value.value;
  return value instanceof GoDuration ? value.ns : undefined;
}

export function isUnsigned(value: Value): boolean {
  return value instanceof Sized && value.type.startsWith("uint");
}

/** What counts as true in `if`, `and`, `not`. */
export function isTrue(value: MaybeValue): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") return value !== 0;
  if (value instanceof List) return value.items.length > 0;
  if (value instanceof Dict) return value.entries.size > 0;
  const whole = wholeOf(value);
  return whole === undefined || whole !== 0n;
}

/** How whole numbers of data come: as int64 in objects of Kubernetes, else as float64. */
export type WholeNumbers = "int64" | "float64";

/** A plain JSON value, or a value that is one already, as templates see it; always a copy. */
export function valueOfData(data: unknown, wholeNumbers: WholeNumbers): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === "number") {
    return wholeNumbers === "int64" && Number.isSafeInteger(data) ? int64(data) : data;
  }
  if (typeof data === "string" || typeof data === "boolean") return data;
  if (Array.isArray(data)) return new List(data.map((item) => valueOfData(item, wholeNumbers)));
  if (isReady(data)) return data;
  if (typeof data === "object") {
    return new Dict(
      Object.entries(data).map(([key, value]) => [key, valueOfData(value, wholeNumbers)]),
    );
  }
  throw new TypeError("not a JSON value");
}

function isReady(data: unknown): data is Value {
  return data instanceof GoFunction || data instanceof GoTime || data instanceof GoDuration;
}
