/** What the functions of the language take and give. Messages are those that users know. */
import type { BuiltinCall, Node } from "./ast.ts";
import { PREDICATE_ARITIES } from "./builtin_names.ts";
import type { Checker } from "./checker.ts";
import { Fault } from "./condition_error.ts";
import {
  ANY,
  BOOL,
  DURATION,
  FLOAT64,
  INT,
  INTS,
  isInteger,
  isNil,
  isNumber,
  isUnknown,
  LIST,
  LOCATION,
  nameOfType,
  OBJECT,
  STRING,
  STRINGS,
  TIME,
  type Type,
  UNKNOWN,
} from "./static_types.ts";
import { lookUp } from "./look_up.ts";

interface Signature {
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly least?: number;
}

/** Functions with fixed parameters. */
const SIGNATURES: Readonly<Record<string, Signature>> = Object.freeze({
  type: { parameters: [UNKNOWN], result: STRING },
  string: { parameters: [UNKNOWN], result: STRING },
  trimPrefix: { parameters: [STRING, STRING], result: STRING },
  trimSuffix: { parameters: [STRING, STRING], result: STRING },
  trim: { parameters: [STRING, STRING], result: STRING, least: 1 },
  upper: { parameters: [STRING], result: STRING },
  lower: { parameters: [STRING], result: STRING },
  split: { parameters: [STRING, STRING, INT], result: STRINGS, least: 2 },
  splitAfter: { parameters: [STRING, STRING, INT], result: STRINGS, least: 2 },
  replace: { parameters: [STRING, STRING, STRING, INT], result: STRING, least: 3 },
  repeat: { parameters: [STRING, INT], result: STRING },
  join: { parameters: [STRINGS, STRING], result: STRING, least: 1 },
  indexOf: { parameters: [STRING, STRING], result: INT },
  lastIndexOf: { parameters: [STRING, STRING], result: INT },
  hasPrefix: { parameters: [STRING, STRING], result: BOOL },
  hasSuffix: { parameters: [STRING, STRING], result: BOOL },
  toJSON: { parameters: [UNKNOWN], result: STRING },
  fromJSON: { parameters: [STRING], result: UNKNOWN },
  toBase64: { parameters: [STRING], result: STRING },
  fromBase64: { parameters: [STRING], result: STRING },
  duration: { parameters: [STRING], result: DURATION },
  timezone: { parameters: [STRING], result: LOCATION },
  sort: { parameters: [INTS, STRING], result: LIST, least: 1 },
  bitand: { parameters: [INT, INT], result: INT },
  bitor: { parameters: [INT, INT], result: INT },
  bitxor: { parameters: [INT, INT], result: INT },
  bitnand: { parameters: [INT, INT], result: INT },
  bitshl: { parameters: [INT, INT], result: INT },
  bitshr: { parameters: [INT, INT], result: INT },
  bitushr: { parameters: [INT, INT], result: INT },
  bitnot: { parameters: [INT], result: INT },
});

/** How a type is named where the language's author prints a nil with `%s`. */
function printed(type: Type): string {
  return isNil(type) ? "%!s(<nil>)" : nameOfType(isUnknown(type) ? LIST : type);
}

export function checkBuiltin(node: BuiltinCall, checker: Checker): Type {
  const { name, args, position } = node;
  if (lookUp(PREDICATE_ARITIES, name) !== undefined) return checkPredicate(node, checker);
  const signature = lookUp(SIGNATURES, name);
  if (signature !== undefined) return checkSignature(node, signature, checker);
  const types = args.map((arg) => checker.typeOf(arg));
  const count = (wanted: number) => {
    if (args.length === wanted) return;
    const reason = `invalid number of arguments (expected ${wanted}, got ${args.length})`;
    throw new Fault(reason, position);
  };
  const [first = UNKNOWN, second = UNKNOWN] = types;
  const refuse = (reason: string) => new Fault(reason, position);
  switch (name) {
    case "now":
      count(0);
      return TIME;
    case "date":
      if (args.length === 0) {
        throw refuse("invalid number of arguments (expected at least 1, got 0)");
      }
      if (args.length > 3) {
        throw refuse(`invalid number of arguments (expected at most 3, got ${args.length})`);
      }
      return TIME;
    case "len":
      count(1);
      if (["array", "map", "string", "bytes", "unknown"].includes(first.kind)) return INT;
      throw refuse(`invalid argument for len (type ${printed(first)})`);
    case "abs":
    case "ceil":
    case "floor":
    case "round":
      count(1);
      if (!isNumber(first) && !isUnknown(first)) {
        throw refuse(`invalid argument for ${name} (type ${printed(first)})`);
      }
      return name === "abs" ? first : FLOAT64;
    case "int":
    case "float":
      count(1);
      if (!isNumber(first) && !isUnknown(first) && first.kind !== "string") {
        throw refuse(`invalid argument for ${name} (type ${printed(first)})`);
      }
      return name === "int" ? INT : FLOAT64;
    case "max":
    case "min":
    case "mean":
    case "median":
      return checkNumbers(node, types);
    case "get":
      count(2);
      return checkGet(node, first, second);
    default:
      return checkCollection(node, types);
  }
}

function checkNumbers({ name, args, position }: BuiltinCall, types: readonly Type[]): Type {
  if (args.length === 0) throw new Fault(`not enough arguments to call ${name}`, position);
  for (const type of types) {
    const isFine = isNumber(type) || isUnknown(type) || type.kind === "array";
    if (!isFine) {
      throw new Fault(`invalid argument for ${name} (type ${printed(type)})`, position);
    }
  }
  if (name === "mean" || name === "median") return ANY;
  const [first = UNKNOWN] = types;
  return types.every((type) => type.kind === first.kind) && isNumber(first) ? first : UNKNOWN;
}

function checkGet({ args }: BuiltinCall, base: Type, key: Type): Type {
  const [object, property] = args as [Node, Node];
  if (isUnknown(base)) return UNKNOWN;
  if (base.kind === "array") {
    if (isInteger(key) || isUnknown(key)) return base.element;
    throw new Fault(`non-integer slice index ${nameOfType(key)}`, property.position);
  }
  if (base.kind === "map") {
    if (key.kind === "string" || isUnknown(key)) return base.element;
    const reason = `cannot use ${nameOfType(key)} to get an element from ${nameOfType(base)}`;
    throw new Fault(reason, property.position);
  }
  throw new Fault(`type ${nameOfType(base)} does not support indexing`, object.position);
}

/** Functions on lists and maps: how messages begin, and how many arguments they take. */
const COLLECTIONS: Readonly<Record<string, { text: string; of: "array" | "map" }>> = Object.freeze({
  first: { text: "cannot get first element from ", of: "array" },
  last: { text: "cannot get last element from ", of: "array" },
  take: { text: "cannot take from ", of: "array" },
  uniq: { text: "cannot uniq ", of: "array" },
  reverse: { text: "cannot reverse ", of: "array" },
  flatten: { text: "cannot flatten ", of: "array" },
  concat: { text: "cannot concat ", of: "array" },
  keys: { text: "cannot get keys from ", of: "map" },
  values: { text: "cannot get values from ", of: "map" },
  toPairs: { text: "cannot transform ", of: "map" },
  fromPairs: { text: "cannot transform ", of: "array" },
});

function checkCollection({ name, args, position }: BuiltinCall, types: readonly Type[]): Type {
  const { text, of } = lookUp(COLLECTIONS, name) as { text: string; of: "array" | "map" };
  const wanted = name === "take" ? 2 : 1;
  if (name === "concat" ? args.length === 0 : args.length !== wanted) {
    const expected = name === "concat" ? "at least 1" : wanted;
    const reason = `invalid number of arguments (expected ${expected}, got ${args.length})`;
    throw new Fault(reason, position);
  }
  const ending = name === "toPairs" ? " to pairs" : name === "fromPairs" ? " from pairs" : "";
  for (const type of name === "concat" ? types : types.slice(0, 1)) {
    if (type.kind === of || isUnknown(type)) continue;
    throw new Fault(`${text}${printed(type)}${ending}`, position);
  }
  const [first = UNKNOWN, second = UNKNOWN] = types;
  if (name === "take" && !isInteger(second) && !isUnknown(second)) {
    throw new Fault(`cannot take ${nameOfType(second)} elements`, position);
  }
  return collectionResult(name, first);
}

function collectionResult(name: string, first: Type): Type {
  switch (name) {
    case "first":
    case "last":
      return first.kind === "array" ? first.element : UNKNOWN;
    case "take":
      return first.kind === "array" ? first : UNKNOWN;
    case "toPairs":
      return { kind: "array", element: UNKNOWN, name: "[][2]interface {}" };
    case "fromPairs":
      return { ...OBJECT, kind: "map", element: UNKNOWN, name: "map[interface {}]interface {}" };
    default:
      return LIST;
  }
}

/** Functions with several forms: their arguments are looked at before the form is chosen. */
const OVERLOADED: ReadonlySet<string> = new Set([
  "trim",
  "trimPrefix",
  "trimSuffix",
  "split",
  "splitAfter",
  "replace",
  "join",
  "sort",
]);

/** Of several forms of a function the message speaks of the last that was tried. */
function checkSignature(node: BuiltinCall, signature: Signature, checker: Checker): Type {
  const { name, args, position } = node;
  const { parameters, result, least = parameters.length } = signature;
  if (OVERLOADED.has(name)) { for (const arg of args) checker.typeOf(arg); }
  if (name === "join" || name === "sort") return checkListFunction(node, signature, checker);
  if (args.length < least) throw new Fault(`not enough arguments to call ${name}`, position);
  const isShortForm = least < parameters.length && args.length === least;
  try {
    checker.checkArguments(args, { name, parameters, position, least });
  } catch (error) {
    const isOddForm = name === "trimPrefix" || name === "trimSuffix";
    if (error instanceof Fault && isOddForm && args.length === 2) {
      throw new Fault(`too many arguments to call ${name}`, position);
    }
    const isLongFormLast = name === "trim" || name === "split" || name === "splitAfter";
    if (!(error instanceof Fault) || !isShortForm || !isLongFormLast) throw error;
    if (!error.message.startsWith("cannot use")) throw error;
    throw new Fault(`not enough arguments to call ${name}`, position);
  }
  return result;
}

/** join and sort: a list of anything, whose elements are looked at when they are there. */
function checkListFunction(
  { name, args, position }: BuiltinCall,
  { result, parameters }: Signature,
  checker: Checker,
): Type {
  const [list, ...rest] = args;
  if (list === undefined) throw new Fault(`not enough arguments to call ${name}`, position);
  const type = checker.typeOf(list);
  const [listType = LIST] = parameters;
  if (type.kind !== "array" && !isUnknown(type)) {
    if (rest.length > 0) throw new Fault(`too many arguments to call ${name}`, position);
    const reason = `cannot use ${nameOfType(type)} as argument (type ${
      nameOfType(listType)
    }) to call ${name} `;
    throw new Fault(reason, list.position);
  }
  if (rest.length > 1) throw new Fault(`too many arguments to call ${name}`, position);
  for (const arg of rest) {
    const given = checker.typeOf(arg);
    if (given.kind === "string" || isUnknown(given)) continue;
    throw new Fault(`too many arguments to call ${name}`, position);
  }
  return result;
}

function checkPredicate({ name, args }: BuiltinCall, checker: Checker): Type {
  const [list, closure, third] = args as [Node, Node | undefined, Node | undefined];
  const listType = checker.typeOf(list);
  if (listType.kind !== "array" && !isUnknown(listType)) {
    throw new Fault(
      `builtin ${name} takes only array (got ${nameOfType(listType)})`,
      list.position,
    );
  }
  const element = listType.kind === "array" ? listType.element : UNKNOWN;
  if (third !== undefined) checker.typeOf(third);
  if (closure === undefined) {
    return name === "sum" && isNumber(element) ? element : withoutPredicate(name);
  }
  const accumulator = name === "reduce" ? UNKNOWN : undefined;
  const hasIndex = name === "reduce" || name === "map";
  const type = checker.predicate(closure, { element, accumulator, hasIndex });
  return predicateResult(name, { type, element, closure, listType });
}

function withoutPredicate(name: string): Type {
  return name === "count" ? INT : UNKNOWN;
}

const TESTS: ReadonlySet<string> = new Set([
  "all",
  "none",
  "any",
  "one",
  "filter",
  "count",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
]);

function predicateResult(
  name: string,
  { type, element, closure, listType }: {
    type: Type;
    element: Type;
    closure: Node;
    listType: Type;
  },
): Type {
  if (TESTS.has(name) && isNil(type)) {
    throw new Fault("predicate should has one input and one output param", closure.position);
  }
  if (TESTS.has(name) && type.kind !== "bool" && !isUnknown(type)) {
    const reason = `predicate should return boolean (got ${nameOfType(type)})`;
    throw new Fault(reason, closure.position);
  }
  switch (name) {
    case "all":
    case "none":
    case "any":
    case "one":
      return BOOL;
    case "filter":
      return isUnknown(listType) ? LIST : { kind: "array", element, name: "[]interface {}" };
    case "map":
      return { kind: "array", element: type, name: "[]interface {}" };
    case "count":
    case "findIndex":
    case "findLastIndex":
      return INT;
    case "find":
    case "findLast":
      return element;
    case "sum":
      return isNumber(type) ? type : UNKNOWN;
    case "groupBy":
      return { kind: "map", element: LIST, name: "map[interface {}][]interface {}" };
    case "sortBy":
      return LIST;
    default:
      return UNKNOWN;
  }
}
