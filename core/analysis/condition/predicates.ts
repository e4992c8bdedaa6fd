/** Functions that ask a predicate about each element of a list. */
import type { BuiltinCall, Node } from "./ast.ts";
import type { Budget } from "./budget.ts";
import { PREDICATE_ARITIES } from "./builtin_names.ts";
import { Fault } from "./condition_error.ts";
import { asBool, type Evaluator } from "./evaluator.ts";
import { arithmetic, compare } from "./operators.ts";
import { isDict, List, nameOfValue, type Value } from "./values.ts";
import { lookUp } from "./look_up.ts";

/** What it costs to find which of two comes first, in elements looked at. */
const COMPARISON_LOOKS = 8;

/** Undefined for a function without a predicate. */
export function callPredicate(node: BuiltinCall, evaluator: Evaluator): Value | undefined {
  if (lookUp(PREDICATE_ARITIES, node.name) === undefined) return undefined;
  const [list, closure, third] = node.args as [Node, Node | undefined, Node | undefined];
  const { budget } = evaluator;
  const items = itemsOf(evaluator.value(list), budget);
  // With a predicate each element takes steps of its own.
  if (closure === undefined) budget.look(2 * items.length);
  const given = third === undefined ? undefined : evaluator.value(third);
  const ask = (index: number, accumulator: Value = null): Value => {
    const element = items[index] as Value;
    return closure === undefined
      ? element
      : evaluator.within({ element, index, accumulator }, closure);
  };
  const isTrue = (_: Value, index: number) => asBool(ask(index));
  const made = (values: Value[]): List => {
    budget.make(values.length);
    return new List(values);
  };
  switch (node.name) {
    case "all":
      return items.every(isTrue);
    case "any":
      return items.some(isTrue);
    case "none":
      return !items.some(isTrue);
    case "one":
      return items.filter(isTrue).length === 1;
    case "count":
      return BigInt(items.filter(isTrue).length);
    case "filter":
      return made(items.filter(isTrue));
    case "map":
      return made(items.map((_, index) => ask(index)));
    case "find":
      return items.find(isTrue) ?? null;
    case "findIndex":
      return indexOrNil(items.findIndex(isTrue));
    case "findLast":
      return items.findLast(isTrue) ?? null;
    case "findLastIndex":
      return indexOrNil(items.findLastIndex(isTrue));
    case "sum":
      return items.reduce<Value>(
        (sum, _, index) => arithmetic("+", [ask(index), sum], budget),
        0n,
      );
    case "groupBy":
      budget.make(items.length);
      return grouped(items, ask);
    case "sortBy":
      return sortedBy(items, {
        keys: items.map((_, index) => ask(index)),
        order: given,
        budget,
      });
    default:
      return reduced(items, { ask, initial: given });
  }
}

function itemsOf(value: Value, budget: Budget): readonly Value[] {
  if (value instanceof List) return value.items;
  if (typeof value === "string") budget.make(value.length);
  if (typeof value === "string") return [...new TextEncoder().encode(value)].map(BigInt);
  const name = value === null ? "zero Value" : `${nameOfValue(value)} Value`;
  throw new Fault(`reflect: call of reflect.Value.Len on ${name}`);
}

function sortedBy(
  items: readonly Value[],
  { keys, order = "asc", budget }: {
    keys: readonly Value[];
    order: Value | undefined;
    budget: Budget;
  },
): List {
  if (order === "asc" || order === "desc") {
    return new List(sorted(items, { keys, order, budget }));
  }
  throw new Fault("unknown order, use asc or desc");
}

function indexOrNil(index: number): Value {
  return index < 0 ? null : BigInt(index);
}

function grouped(items: readonly Value[], ask: (index: number) => Value): Value {
  const groups = new Map<Value, Value[]>();
  items.forEach((item, index) => {
    const key = ask(index);
    if (key instanceof List || isDict(key)) {
      throw new Fault(`hash of unhashable type: ${nameOfValue(key)}`);
    }
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  });
  return new Map([...groups].map(([key, group]) => [key, new List(group)]));
}

function reduced(
  items: readonly Value[],
  { ask, initial }: {
    ask: (index: number, accumulator: Value) => Value;
    initial: Value | undefined;
  },
): Value {
  if (initial === undefined && items.length === 0) {
    throw new Fault("reduce of empty array with no initial value");
  }
  let accumulator = initial === undefined ? items[0] as Value : initial;
  for (let index = initial === undefined ? 1 : 0; index < items.length; index++) {
    accumulator = ask(index, accumulator);
  }
  return accumulator;
}

/** Values in the order of their keys. @throws {Fault} for keys that have no order */
export function sorted(
  items: readonly Value[],
  { keys, order, budget }: { keys: readonly Value[]; order: Value; budget: Budget },
): Value[] {
  budget.make(items.length);
  const pairs = items.map((item, index) => ({ item, key: keys[index] as Value }));
  pairs.sort((a, b) => {
    const isAscending = order === "asc";
    budget.look(COMPARISON_LOOKS);
    if (compare("<", [a.key, b.key], budget)) return isAscending ? -1 : 1;
    return compare("<", [b.key, a.key], budget) ? (isAscending ? 1 : -1) : 0;
  });
  return pairs.map(({ item }) => item);
}
