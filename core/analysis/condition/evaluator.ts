/** Evaluates a checked expression: a walk over the tree. */
import type { Binary, BuiltinCall, Call, Member, Node, Slice } from "./ast.ts";
import type { Budget } from "./budget.ts";
import { BUILTINS, CONSTANT_BUILTINS } from "./builtins.ts";
import { ConditionError, Fault, rangeReason } from "./condition_error.ts";
import { methodOfValue } from "./methods.ts";
import { operate, type OperatorPorts } from "./operators.ts";
import { callPredicate } from "./predicates.ts";
import type { Patterns } from "./regex.ts";
import {
  type Dict,
  hasOnlyTexts,
  HostFunction,
  isDict,
  isNumeric,
  List,
  nameOfValue,
  sizeOf,
  textOf,
  TIME_STEPS,
  type Value,
} from "./values.ts";
import { lookUp } from "./look_up.ts";

/** What an evaluation may look at. */
export interface Environment {
  readonly names: ReadonlyMap<string, Value>;
  /** Nanoseconds since 1970, for `now()`. */
  readonly nowNs: () => bigint;
}

/** What `#`, `#index` and `#acc` are at the moment. */
export interface Scope {
  readonly element: Value;
  readonly index: number;
  readonly accumulator: Value;
}

/** What it costs to call a function of the environment. */
const HOST_STEPS = 4;

/** Ends a chain in which `?.` met nil. */
const NIL_IN_CHAIN = Symbol("nil in chain");

/** @throws {ConditionError} */
export function evaluate(
  node: Node,
  environment: Environment,
  { source, ...ports }: OperatorPorts & { source: readonly string[] },
): Value {
  try {
    return new Evaluator(environment, ports).value(node);
  } catch (error) {
    if (error instanceof Fault) {
      throw new ConditionError(error.message, source, error.position ?? node.position);
    }
    if (error instanceof RangeError) {
      throw new ConditionError(rangeReason(error), source, node.position);
    }
    throw error;
  }
}

export class Evaluator {
  readonly environment: Environment;
  readonly budget: Budget;
  readonly #patterns: Patterns;
  readonly #variables: { name: string; value: Value }[] = [];
  readonly #scopes: Scope[] = [];

  constructor(environment: Environment, { budget, patterns }: OperatorPorts) {
    this.environment = environment;
    this.budget = budget;
    this.#patterns = patterns;
  }

  value(node: Node): Value {
    try {
      this.budget.step();
      return this.#valueOf(node);
    } catch (error) {
      // The innermost node that has a place is where it went wrong.
      if (error instanceof Fault && error.position === undefined) {
        throw new Fault(error.message, node.position);
      }
      throw error;
    }
  }

  /** A predicate's value for one element. */
  within(scope: Scope, node: Node): Value {
    this.#scopes.push(scope);
    try {
      return this.value(node);
    } finally {
      this.#scopes.pop();
    }
  }

  #valueOf(node: Node): Value {
    switch (node.kind) {
      case "literal":
        return node.value;
      case "name":
        return this.#name(node.name);
      case "pointer":
        return this.#pointer(node.name);
      case "unary":
        return this.#unary(node.operator, this.value(node.operand));
      case "binary":
        return this.#binary(node);
      case "conditional":
        return this.#test(node.test, node.position)
          ? this.value(node.then)
          : this.value(node.otherwise);
      case "member":
        return this.#member(node);
      case "slice":
        return this.#slice(node);
      case "chain":
        return this.#chain(node.inner);
      case "call":
        return this.#call(node);
      case "builtin":
        return this.#builtin(node);
      case "closure":
        return this.value(node.body);
      case "array":
        this.budget.make(node.items.length);
        return new List(node.items.map((item) => this.value(item)));
      case "map":
        return this.#map(node.pairs);
      case "let":
        return this.#let(node);
      case "sequence":
        return node.nodes.map((each) => this.value(each)).at(-1) ?? null;
    }
  }

  #name(name: string): Value {
    const variable = this.#variables.findLast((each) => each.name === name);
    if (variable !== undefined) return variable.value;
    if (name === "$env") return this.environment.names;
    return this.environment.names.get(name) ?? null;
  }

  #pointer(name: string): Value {
    const scope = this.#scopes.at(-1);
    if (scope === undefined) return null;
    if (name === "index") return BigInt(scope.index);
    return name === "acc" ? scope.accumulator : scope.element;
  }

  #unary(operator: string, value: Value): Value {
    if (operator === "not" || operator === "!") return !asBool(value);
    if (operator === "+") return value;
    if (!isNumeric(value)) {
      throw new Fault(`invalid operation: ${operator} ${nameOfValue(value)}`);
    }
    return typeof value === "bigint" ? BigInt.asIntN(64, -value) : -value;
  }

  #binary({ operator, left, right }: Binary): Value {
    switch (operator) {
      case "and":
      case "&&":
        // What is true anyway is not looked at: the left side is the result as it is.
        if (isLiteral(right, true)) return this.value(left);
        if (isLiteral(left, true)) return this.value(right);
        return asBool(this.value(left)) ? this.value(right) : false;
      case "or":
      case "||":
        if (isLiteral(right, false)) return this.value(left);
        if (isLiteral(right, true) || isLiteral(left, true)) return true;
        return asBool(this.value(left)) ? true : this.value(right);
      case "??": {
        const value = this.#chain(left);
        return value === null ? this.value(right) : value;
      }
      default:
        return operate(operator, [this.value(left), this.value(right)], {
          budget: this.budget,
          patterns: this.#patterns,
        });
    }
  }

  #test(node: Node, position: number): boolean {
    const value = this.value(node);
    if (typeof value === "boolean") return value;
    const reason = `interface conversion: interface {} is ${conversionName(value)}, not bool`;
    throw new Fault(reason, position);
  }

  #chain(node: Node): Value {
    const value = this.#link(node);
    return value === NIL_IN_CHAIN ? null : value;
  }

  /** A part of a chain; what stands left of it may have ended the chain. */
  #link(node: Node): Value | typeof NIL_IN_CHAIN {
    if (node.kind === "member") {
      const object = this.#link(node.object);
      if (object === NIL_IN_CHAIN) return NIL_IN_CHAIN;
      if (object === null && node.isOptional) return NIL_IN_CHAIN;
      return this.#fetchAt(node, object);
    }
    if (node.kind === "call" && node.callee.kind === "member") {
      const object = this.#link(node.callee.object);
      if (object === NIL_IN_CHAIN) return NIL_IN_CHAIN;
      if (object === null && node.callee.isOptional) return NIL_IN_CHAIN;
      return this.#callOn(object, node.callee, node);
    }
    return node.kind === "chain" ? this.#link(node.inner) : this.value(node);
  }

  #member(node: Member): Value {
    const object = this.value(node.object);
    return this.#fetchAt(node, object);
  }

  #fetchAt(node: Member, object: Value): Value {
    const key = this.value(node.property);
    try {
      return fetch(object, key, this.budget);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw new Fault(error.message, node.position);
    }
  }

  #slice({ object, from, to }: Slice): Value {
    const base = this.value(object);
    const end = to === undefined ? undefined : this.value(to);
    const start = from === undefined ? undefined : this.value(from);
    return slice(base, [start, end], this.budget);
  }

  #call(node: Call): Value {
    const { callee, args } = node;
    if (callee.kind === "member") return this.#callOn(this.value(callee.object), callee, node);
    const target = this.value(callee);
    return this.#apply(target, args.map((arg) => this.value(arg)));
  }

  #callOn(object: Value, callee: Member, { args, position }: Call): Value {
    const name = textOf(this.value(callee.property), this.budget);
    const method = methodOfValue(object, name);
    const values = args.map((arg) => this.value(arg));
    if (method === undefined) return this.#apply(this.#fetchAt(callee, object), values);
    if (values.length !== method.type.parameters.length) {
      const wanted = method.type.parameters.length;
      throw new Fault(`${name} takes ${wanted} arguments, got ${values.length}`, position);
    }
    this.budget.step(TIME_STEPS);
    for (const value of values) this.budget.look(sizeOf(value));
    return method.call(object, values);
  }

  #apply(target: Value, args: readonly Value[]): Value {
    if (target instanceof HostFunction) {
      this.budget.step(HOST_STEPS);
      for (const arg of args) this.budget.look(sizeOf(arg));
      return target.call(args);
    }
    if (target === null) throw new Fault("invalid operation: cannot call nil");
    const name = nameOfValue(target);
    throw new Fault(`invalid operation: cannot call non-function of type ${name}`);
  }

  #builtin(node: BuiltinCall): Value {
    const predicate = callPredicate(node, this);
    if (predicate !== undefined) return predicate;
    const args = node.args.map((arg) => this.value(arg));
    const builtin = lookUp(BUILTINS, node.name);
    if (builtin === undefined) throw new Fault(`unknown builtin ${node.name}`);
    if (!CONSTANT_BUILTINS.has(node.name)) {
      for (const arg of args) this.budget.look(sizeOf(arg));
    }
    return builtin(args, { budget: this.budget, nowNs: this.environment.nowNs });
  }

  #map(pairs: readonly { key: Node; value: Node }[]): Value {
    const dict = new Map<Value, Value>();
    this.budget.make(pairs.length);
    for (const { key, value } of pairs) {
      const name = this.value(key);
      if (typeof name !== "string") {
        const is = nameOfValue(name);
        throw new Fault(`interface conversion: interface {} is ${is}, not string`);
      }
      dict.set(name, this.value(value));
    }
    return dict;
  }

  #let({ name, value, body }: Extract<Node, { kind: "let" }>): Value {
    this.#variables.push({ name, value: this.value(value) });
    try {
      return this.value(body);
    } finally {
      this.#variables.pop();
    }
  }
}

function isLiteral(node: Node, value: boolean): boolean {
  return node.kind === "literal" && node.value === value;
}

function conversionName(value: Value): string {
  return value === null ? "nil" : nameOfValue(value);
}

export function asBool(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new Fault(`interface conversion: interface {} is ${conversionName(value)}, not bool`);
}

/** An element of a list or a map. @throws {Fault} */
export function fetch(object: Value, key: Value, budget: Budget): Value {
  if (isDict(object)) return fetchKey(object, key, budget);
  if (object instanceof List) {
    const count = object.items.length;
    const index = asIndex(key);
    const at = index < 0 ? count + index : index;
    const item = object.items[at];
    if (item !== undefined) return item;
    throw new Fault(`index out of range: ${at} (array length is ${count})`);
  }
  if (typeof object === "string" || object instanceof Uint8Array) {
    const bytes = typeof object === "string" ? encoded(object, budget) : object;
    const index = asIndex(key);
    const at = index < 0 ? bytes.length + index : index;
    const byte = bytes[at];
    if (byte !== undefined) return BigInt(byte);
    throw new Fault(`index out of range: ${at} (array length is ${bytes.length})`);
  }
  throw new Fault(`cannot fetch ${textOf(key)} from ${nameOfValue(object)}`);
}

function fetchKey(object: Dict, key: Value, budget: Budget): Value {
  const value = object.get(key);
  if (value !== undefined) return value;
  if (typeof key !== "string" && object.size > 0 && hasOnlyTexts(object, budget)) {
    const name = key === null ? "nil" : nameOfValue(key);
    throw new Fault(
      `reflect.Value.MapIndex: value of type ${name} is not assignable to type string`,
    );
  }
  return null;
}

function asIndex(key: Value): number {
  if (typeof key === "bigint") return Number(key);
  if (typeof key === "number") return Math.trunc(key);
  throw new Fault(`invalid operation: int(${nameOfValue(key)})`);
}

function encoded(text: string, budget: Budget): Uint8Array {
  budget.look(text.length);
  return new TextEncoder().encode(text);
}

function slice(
  base: Value,
  [start, end]: readonly [Value | undefined, Value | undefined],
  budget: Budget,
): Value {
  const bound = (value: Value | undefined, count: number, otherwise: number): number => {
    if (value === undefined) return otherwise;
    const index = asIndex(value);
    const at = index < 0 ? count + index : index;
    return Math.min(Math.max(0, at), count);
  };
  if (base instanceof List) {
    const count = base.items.length;
    const to = bound(end, count, count);
    const from = Math.min(bound(start, count, 0), to);
    budget.make(to - from);
    return new List(base.items.slice(from, to), base.element);
  }
  if (typeof base === "string" || base instanceof Uint8Array) {
    const bytes = typeof base === "string" ? encoded(base, budget) : base;
    const to = bound(end, bytes.length, bytes.length);
    const from = Math.min(bound(start, bytes.length, 0), to);
    budget.makeText(to - from);
    const part = bytes.slice(from, to);
    return typeof base === "string" ? new TextDecoder().decode(part) : part;
  }
  throw new Fault(`cannot slice ${textOf(start ?? 0n)}`);
}
