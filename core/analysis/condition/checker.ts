/**
 * Finds what can be known to be wrong before there is a value: names, types of operands, arguments.
 * Gives each node's type. Messages are those that users of Argo Rollouts know.
 */
import type { Binary, BuiltinCall, Call, Member, Node, Slice } from "./ast.ts";
import { BUILTIN_NAMES } from "./builtin_names.ts";
import { checkBuiltin } from "./check_builtin.ts";
import { binaryType } from "./check_operator.ts";
import { Fault } from "./condition_error.ts";
import { methodOf } from "./methods.ts";
import type { Patterns } from "./regex.ts";
import {
  BOOL,
  BYTES,
  either,
  FLOAT64,
  INT,
  isInteger,
  isNil,
  isNumber,
  isUnknown,
  LIST,
  nameOfType,
  NIL,
  STRING,
  type Type,
  UNKNOWN,
} from "./static_types.ts";

/** The names that an expression may use, with their types. */
export type Names = ReadonlyMap<string, Type>;

/** What `#`, `#index` and `#acc` are in a predicate. */
export interface PredicateScope {
  readonly element: Type;
  /** Undefined where there is none. */
  readonly accumulator: Type | undefined;
  readonly hasIndex: boolean;
}

/** Gives the type of the whole. @throws {Fault} */
export function check(node: Node, names: Names, patterns: Patterns): Type {
  return new Checker(names, patterns).typeOf(node);
}

export class Checker {
  readonly #names: Names;
  readonly #patterns: Patterns;
  readonly #variables: { name: string; type: Type }[] = [];
  readonly #scopes: PredicateScope[] = [];

  constructor(names: Names, patterns: Patterns) {
    this.#names = names;
    this.#patterns = patterns;
  }

  typeOf(node: Node): Type {
    switch (node.kind) {
      case "literal":
        return literalType(node.value);
      case "name":
        return this.#name(node.name, node.position);
      case "pointer":
        return this.#pointer(node.name, node.position);
      case "unary":
        return this.#unary(node.operator, node.operand, node.position);
      case "binary":
        return this.#binary(node);
      case "conditional":
        return this.#conditional(node);
      case "member":
        return this.#member(node);
      case "slice":
        return this.#slice(node);
      case "chain":
        return this.typeOf(node.inner);
      case "call":
        return this.#call(node);
      case "builtin":
        return this.#builtin(node);
      case "closure":
        return this.typeOf(node.body);
      case "array":
        return this.#array(node.items);
      case "map":
        return this.#map(node.pairs);
      case "let":
        return this.#let(node);
      case "sequence":
        return node.nodes.map((each) => this.typeOf(each)).at(-1) ?? NIL;
    }
  }

  /** The type of a predicate's body, for elements of this type. */
  predicate(node: Node, scope: PredicateScope): Type {
    this.#scopes.push(scope);
    const type = this.typeOf(node);
    this.#scopes.pop();
    return type;
  }

  #name(name: string, position: number): Type {
    const variable = this.#variables.findLast((each) => each.name === name);
    if (variable !== undefined) return variable.type;
    if (name === "$env") {
      return { kind: "map", element: UNKNOWN, fields: this.#names, isStrict: true };
    }
    const type = this.#names.get(name);
    if (type !== undefined) return type;
    if (BUILTIN_NAMES.has(name)) return UNKNOWN;
    throw new Fault(`unknown name ${name}`, position);
  }

  #pointer(name: string, position: number): Type {
    const scope = this.#scopes.at(-1);
    if (scope === undefined) {
      throw new Fault("cannot use pointer accessor outside predicate", position);
    }
    if (name === "") return scope.element;
    if (name === "index" && scope.hasIndex) return INT;
    if (name === "acc" && scope.accumulator !== undefined) return scope.accumulator;
    throw new Fault(`unknown pointer #${name}`, position);
  }

  #unary(operator: string, operand: Node, position: number): Type {
    const type = this.typeOf(operand);
    if (isUnknown(type)) return operator === "not" || operator === "!" ? BOOL : UNKNOWN;
    if (operator === "not" || operator === "!") {
      if (type.kind === "bool") return BOOL;
    } else if (isNumber(type)) return type;
    const reason = `invalid operation: ${operator} (mismatched type ${nameOfType(type)})`;
    throw new Fault(reason, position);
  }

  #binary(node: Binary): Type {
    const left = this.typeOf(node.left);
    const right = this.typeOf(node.right);
    const type = binaryType(node, left, right);
    const { operator, right: { kind, ...pattern } } = node;
    if (operator === "matches" && kind === "literal" && "value" in pattern) {
      if (typeof pattern.value === "string") this.#patterns.compile(pattern.value, node.position);
    }
    return type;
  }

  #conditional(
    { test, then, otherwise }: { test: Node; then: Node; otherwise: Node },
  ): Type {
    const type = this.typeOf(test);
    if (type.kind !== "bool" && !isUnknown(type)) {
      const reason = `non-bool expression (type ${nameOfType(type)}) used as condition`;
      throw new Fault(reason, test.position);
    }
    return either(this.typeOf(then), this.typeOf(otherwise));
  }

  #member(node: Member): Type {
    const { object, property, isField, position } = node;
    if (object.kind === "name" && object.name === "$env" && property.kind === "literal") {
      return this.#environmentMember(node);
    }
    const base = this.typeOf(object);
    const key = this.typeOf(property);
    if (isUnknown(base)) return UNKNOWN;
    if (base.kind === "map") {
      if (key.kind !== "string" && !isUnknown(key) && base.name === undefined) {
        const reason = `cannot use ${nameOfType(key)} to get an element from ${nameOfType(base)}`;
        throw new Fault(reason, property.position);
      }
      if (property.kind === "literal" && typeof property.value === "string") {
        const known = base.fields?.get(property.value);
        if (known !== undefined) return known;
      }
      return base.element;
    }
    if (base.kind === "array" || base.kind === "bytes") {
      if (!isInteger(key) && !isUnknown(key)) {
        const reason = `array elements can only be selected using an integer (got ${
          nameOfType(key)
        })`;
        throw new Fault(reason, property.position);
      }
      return base.kind === "array" ? base.element : INT;
    }
    const name = property.kind === "literal" ? String(property.value) : "";
    if (isField || key.kind === "string") {
      const method = methodOf(base, name);
      if (method !== undefined) return method.type;
      const named = isNil(base) ? "nil" : nameOfType(base);
      throw new Fault(`type ${named} has no field ${name}`, position);
    }
    throw new Fault(`type ${nameOfType(base)}[${nameOfType(key)}] is undefined`, position);
  }

  #environmentMember({ property, isOptional }: Member): Type {
    const name = property.kind === "literal" ? String(property.value) : "";
    const type = this.#names.get(name);
    if (type !== undefined) return type;
    if (isOptional) return UNKNOWN;
    throw new Fault(`unknown name ${name}`, property.position);
  }

  #slice({ object, from, to, position }: Slice): Type {
    const base = this.typeOf(object);
    const isSliceable = isUnknown(base) || base.kind === "array" || base.kind === "string" ||
      base.kind === "bytes";
    if (!isSliceable) throw new Fault(`cannot slice ${nameOfType(base)}`, position);
    // Quirk(unknown-slice-unchecked): the bounds of what is not known are not looked at either.
    if (isUnknown(base)) return UNKNOWN;
    for (const bound of [from, to]) {
      if (bound === undefined) continue;
      const type = this.typeOf(bound);
      if (isInteger(type) || isUnknown(type)) continue;
      throw new Fault(`non-integer slice index ${nameOfType(type)}`, bound.position);
    }
    return base;
  }

  #call({ callee, args, position }: Call): Type {
    const { type, name } = this.#callee(callee);
    if (isUnknown(type)) {
      for (const arg of args) this.typeOf(arg);
      return UNKNOWN;
    }
    if (type.kind !== "function") {
      throw new Fault(`${isNil(type) ? "nil" : nameOfType(type)} is not callable`, position);
    }
    this.checkArguments(args, { name, parameters: type.parameters, position });
    return type.result;
  }

  #callee(callee: Node): { type: Type; name: string } {
    if (callee.kind === "name") {
      return { type: this.typeOf(callee), name: callee.name };
    }
    if (callee.kind !== "member") return { type: this.typeOf(callee), name: "function" };
    const name = callee.property.kind === "literal" ? String(callee.property.value) : "";
    const base = this.typeOf(callee.object);
    const method = methodOf(base, name);
    if (method !== undefined) return { type: method.type, name };
    if (isUnknown(base) || base.kind === "map") return { type: this.typeOf(callee), name };
    const named = isNil(base) ? "nil" : nameOfType(base);
    throw new Fault(`type ${named} has no method ${name}`, callee.position);
  }

  /** @throws {Fault} for too few, too many or wrong arguments */
  checkArguments(
    args: readonly Node[],
    { name, parameters, position, isVariadic = false, least = parameters.length }: {
      name: string;
      parameters: readonly Type[];
      position: number;
      isVariadic?: boolean;
      least?: number;
    },
  ): void {
    if (args.length < least) throw new Fault(`not enough arguments to call ${name}`, position);
    if (!isVariadic && args.length > parameters.length) {
      throw new Fault(`too many arguments to call ${name}`, position);
    }
    args.forEach((arg, index) => {
      const wanted = parameters[Math.min(index, parameters.length - 1)] ?? UNKNOWN;
      const given = this.typeOf(arg);
      if (isAssignable(given, wanted)) return;
      const type = nameOfType(wanted);
      const reason = isNil(given)
        ? `cannot use nil as argument (type ${type}) to call ${name}`
        : `cannot use ${nameOfType(given)} as argument (type ${type}) to call ${name} `;
      throw new Fault(reason, arg.position);
    });
  }

  #builtin(node: BuiltinCall): Type {
    return checkBuiltin(node, this);
  }

  #array(items: readonly Node[]): Type {
    const types = items.map((item) => this.typeOf(item));
    const [first] = types;
    const isUniform = first !== undefined &&
      types.every((type) => type.kind === first.kind && nameOfType(type) === nameOfType(first));
    return isUniform ? { kind: "array", element: first, name: "[]interface {}" } : LIST;
  }

  #map(pairs: readonly { key: Node; value: Node }[]): Type {
    const fields = new Map<string, Type>();
    for (const { key, value } of pairs) {
      this.typeOf(key);
      const type = this.typeOf(value);
      if (key.kind === "literal") fields.set(String(key.value), type);
    }
    return { kind: "map", element: UNKNOWN, fields };
  }

  #let({ name, value, body, position }: Extract<Node, { kind: "let" }>): Type {
    if (this.#names.has(name)) throw new Fault(`cannot redeclare ${name}`, position);
    if (BUILTIN_NAMES.has(name)) throw new Fault(`cannot redeclare builtin ${name}`, position);
    if (this.#variables.some((each) => each.name === name)) {
      throw new Fault(`cannot redeclare variable ${name}`, position);
    }
    const type = this.typeOf(value);
    this.#variables.push({ name, type });
    const result = this.typeOf(body);
    this.#variables.pop();
    return result;
  }
}

/** True when a value of a type may be handed over where another is asked for. */
function isAssignable(given: Type, wanted: Type): boolean {
  if (isUnknown(wanted) || isUnknown(given)) return true;
  if (isNumber(given) && isNumber(wanted)) return isInteger(given) || wanted.kind === "float64";
  if (wanted.kind === "array") {
    return given.kind === "array" &&
      (isUnknown(given.element) || isUnknown(wanted.element) || given.name !== undefined ||
        given.element.kind === wanted.element.kind);
  }
  return given.kind === wanted.kind;
}

function literalType(value: Extract<Node, { kind: "literal" }>["value"]): Type {
  if (value === null) return NIL;
  if (typeof value === "boolean") return BOOL;
  if (typeof value === "bigint") return INT;
  if (typeof value === "number") return FLOAT64;
  return typeof value === "string" ? STRING : BYTES;
}
