/** Tokens in, a tree out. What is named here but not defined is found by the checker. */
import { type Node, rightOf } from "./ast.ts";
import { BUILTIN_NAMES, PREDICATE_ARITIES } from "./builtin_names.ts";
import { Fault, type Position } from "./condition_error.ts";
import { numberOf } from "./number_literal.ts";
import { COMPARISONS, NEGATABLE, PRECEDENCES, UNARY_PRECEDENCES } from "./precedences.ts";
import { TokenStream } from "./token_stream.ts";
import { type Token, tokenText } from "./tokens.ts";
import { lookUp } from "./look_up.ts";

/** Nodes and nesting that an expression may have. */
const NODES_MAX = 10_000;
const DEPTH_MAX = 250;

/** @throws {Fault} where the tokens make no expression */
export function parse(tokens: readonly Token[]): Node {
  return new Parser(tokens).whole();
}

class Parser extends TokenStream {
  #nodes = 0;
  #depth = 0;
  /** How many predicates this place is in. */
  #predicates = 0;

  whole(): Node {
    const node = this.#sequence();
    if (this.token.kind !== "EOF") throw this.unexpected();
    return node;
  }

  #made<T extends Node>(node: T): T {
    if (++this.#nodes > NODES_MAX) {
      const reason = `compilation failed: expression exceeds maximum allowed nodes`;
      throw new Fault(reason, node.position);
    }
    return node;
  }

  #sequence(): Node {
    const nodes = [this.#expression(0)];
    const position = this.token.position;
    while (this.is("Operator", ";")) {
      this.take();
      // A trailing semicolon ends nothing.
      if (this.is("EOF") || this.is("Bracket", "}")) break;
      nodes.push(this.#expression(0));
    }
    const [only] = nodes;
    if (nodes.length === 1 && only !== undefined) return only;
    return this.#made({ kind: "sequence", nodes, position });
  }

  #expression(precedence: number): Node {
    if (++this.#depth > DEPTH_MAX) {
      throw new Fault("the expression is nested too deeply", this.token.position);
    }
    try {
      if (precedence === 0 && this.is("Operator", "let")) return this.#let();
      if (precedence === 0 && this.is("Operator", "if")) return this.#if();
      const left = this.#binary(this.#primary(), precedence);
      return precedence === 0 ? this.#conditional(left) : left;
    } finally {
      this.#depth--;
    }
  }

  #binary(first: Node, precedence: number): Node {
    let left = first;
    let previous = "";
    for (;;) {
      const token = this.token;
      if (token.kind !== "Operator") return left;
      let negation: Token | undefined;
      let operator = token;
      if (token.value === "not") {
        const next = this.next;
        if (next === undefined) return left;
        const strength = lookUp(PRECEDENCES, next.value);
        if (next.kind === "Operator" && NEGATABLE.has(next.value) && strength !== undefined) {
          if (strength < precedence) return left;
          negation = token;
          operator = next;
        } else {
          // What follows is what is out of place.
          this.take();
          throw this.unexpected();
        }
      }
      const strength = lookUp(PRECEDENCES, operator.value);
      if (strength === undefined || strength < precedence) return left;
      if (previous === "??" && operator.value !== "??" && operator.value !== "|") {
        throw new Fault(
          `Operator (${operator.value}) and coalesce expressions (??) cannot be mixed. ` +
            "Wrap either by parentheses.",
          operator.position,
        );
      }
      if (negation !== undefined) this.take();
      this.take();
      left = this.#operation(left, operator, { strength, previous });
      if (negation !== undefined) {
        left = this.#made({
          kind: "unary",
          operator: "not",
          operand: left,
          position: operator.position,
        });
      }
      previous = operator.value;
    }
  }

  #operation(
    left: Node,
    operator: Token,
    { strength, previous }: { strength: number; previous: string },
  ): Node {
    const { value, position } = operator;
    if (value === "|") {
      const name = this.expect("Identifier");
      return this.#postfix(this.#call(name, { first: left, mustBeCall: true }));
    }
    const isFromRight = value === "**" || value === "^";
    const right = this.#expression(isFromRight ? strength : strength + 1);
    // `1 < x < 3` means `1 < x and x < 3`.
    if (COMPARISONS.has(value) && COMPARISONS.has(previous)) {
      const middle = rightOf(left);
      const second = this.#made({
        kind: "binary" as const,
        operator: value,
        left: middle,
        right,
        position,
      });
      return this.#made({ kind: "binary", operator: "&&", left, right: second, position });
    }
    return this.#made({ kind: "binary", operator: value, left, right, position });
  }

  #conditional(first: Node): Node {
    let node = first;
    while (this.is("Operator", "?") || this.is("Operator", "?:")) {
      const isShort = this.take().value === "?:" || this.is("Operator", ":");
      if (isShort && this.is("Operator", ":")) this.take();
      const then = isShort ? node : this.#expression(0);
      if (!isShort) this.expect("Operator", ":");
      const otherwise = this.#expression(0);
      // Messages name the place where it ends.
      const position = this.token.position;
      node = this.#made({ kind: "conditional", test: node, then, otherwise, position });
    }
    return node;
  }

  #let(): Node {
    this.take();
    const { value: name, position } = this.expect("Identifier");
    this.expect("Operator", "=");
    const value = this.#expression(0);
    this.expect("Operator", ";");
    const body = this.#sequence();
    return this.#made({ kind: "let", name, value, body, position });
  }

  #if(): Node {
    const { position } = this.take();
    const test = this.#expression(0);
    this.expect("Bracket", "{");
    const then = this.#sequence();
    this.expect("Bracket", "}");
    this.expect("Operator", "else");
    if (this.is("Operator", "if")) {
      const otherwise = this.#if();
      return this.#made({ kind: "conditional", test, then, otherwise, position });
    }
    this.expect("Bracket", "{");
    const otherwise = this.#sequence();
    this.expect("Bracket", "}");
    return this.#made({ kind: "conditional", test, then, otherwise, position });
  }

  #primary(): Node {
    const token = this.token;
    const unary = token.kind === "Operator" ? lookUp(UNARY_PRECEDENCES, token.value) : undefined;
    if (unary !== undefined) {
      this.take();
      const operand = this.#expression(unary);
      const node = this.#made({
        kind: "unary" as const,
        operator: token.value,
        operand,
        position: token.position,
      });
      return this.#postfix(node);
    }
    if (this.is("Bracket", "(")) {
      this.take();
      const node = this.#sequence();
      this.expect("Bracket", ")");
      return this.#postfix(node);
    }
    if (this.#predicates > 0) {
      if (this.is("Operator", "#")) return this.#postfix(this.#pointer());
      if (this.is("Operator", ".")) {
        const object = this.#made({
          kind: "pointer" as const,
          name: "",
          position: token.position,
        });
        return this.#postfix(object);
      }
    }
    return this.#secondary();
  }

  #pointer(): Node {
    const { position } = this.take();
    const name = this.is("Identifier") ? this.take().value : "";
    return this.#made({ kind: "pointer", name, position });
  }

  #secondary(): Node {
    const token = this.token;
    switch (token.kind) {
      case "Identifier":
        return this.#word();
      case "Number":
        this.take();
        return this.#postfix(
          this.#made({
            kind: "literal",
            value: numberOf(token.value, this.token.position),
            position: token.position,
          }),
        );
      case "String":
        this.take();
        return this.#postfix(
          this.#made({ kind: "literal", value: token.value, position: token.position }),
        );
      case "Bytes": {
        this.take();
        const value = token.bytes ?? new Uint8Array();
        return this.#made({ kind: "literal", value, position: token.position });
      }
      default:
        if (this.is("Bracket", "[")) return this.#postfix(this.#array());
        if (this.is("Bracket", "{")) return this.#postfix(this.#map());
        throw this.unexpected();
    }
  }

  #word(): Node {
    const token = this.take();
    const { value, position } = token;
    if (value === "true") return this.#made({ kind: "literal", value: true, position });
    if (value === "false") return this.#made({ kind: "literal", value: false, position });
    if (value === "nil") return this.#made({ kind: "literal", value: null, position });
    return this.#postfix(this.#call(token, { mustBeCall: false }));
  }

  /** A name, or a call of what it names. */
  #call(
    token: Token,
    { first, mustBeCall }: { first?: Node; mustBeCall: boolean },
  ): Node {
    const { value: name, position } = token;
    if (!this.is("Bracket", "(")) {
      if (mustBeCall) throw this.unexpected();
      return this.#made({ kind: "name", name, position });
    }
    const given = first === undefined ? [] : [first];
    const predicate = lookUp(PREDICATE_ARITIES, name);
    if (predicate !== undefined) {
      const args = this.#predicateArguments(given, predicate);
      return this.#made({ kind: "builtin", name, args, position });
    }
    const args = [...given, ...this.#arguments()];
    if (BUILTIN_NAMES.has(name)) return this.#made({ kind: "builtin", name, args, position });
    const callee = this.#made({ kind: "name" as const, name, position });
    return this.#made({ kind: "call", callee, args, position });
  }

  /** The second argument is a predicate; what follows it is not. */
  #predicateArguments(
    given: readonly Node[],
    { least, most, named: arity = least }: { least: number; most: number; named?: number },
  ): Node[] {
    this.expect("Bracket", "(");
    const args = [...given];
    if (args.length === 0) args.push(this.#expression(0));
    // A piped array is followed by the predicate at once.
    let isSeparated = given.length > 0;
    while (args.length < most) {
      if (this.is("Bracket", ")")) {
        if (args.length >= least) break;
        const reason = `expected at least ${arity} arguments`;
        throw new Fault(reason, this.token.position);
      }
      if (!isSeparated) this.expect("Operator", ",");
      isSeparated = false;
      args.push(args.length === 1 ? this.#closure() : this.#expression(0));
    }
    if (this.is("Operator", ",")) this.take();
    this.expect("Bracket", ")");
    return args;
  }

  #closure(): Node {
    const position = this.token.position;
    const isBraced = this.is("Bracket", "{");
    if (isBraced) this.take();
    this.#predicates++;
    const body = isBraced ? this.#sequence() : this.#expression(0);
    this.#predicates--;
    if (isBraced) this.expect("Bracket", "}");
    return this.#made({ kind: "closure", body, position });
  }

  #arguments(): Node[] {
    this.expect("Bracket", "(");
    const args: Node[] = [];
    while (!this.is("Bracket", ")")) {
      if (args.length > 0) this.expect("Operator", ",");
      if (this.is("Bracket", ")")) break;
      args.push(this.#expression(0));
    }
    this.expect("Bracket", ")");
    return args;
  }

  #array(): Node {
    const { position } = this.take();
    const items: Node[] = [];
    while (!this.is("Bracket", "]")) {
      if (items.length > 0) {
        this.expect("Operator", ",");
        if (this.is("Bracket", "]")) break;
      }
      items.push(this.#expression(0));
    }
    this.expect("Bracket", "]");
    return this.#made({ kind: "array", items, position });
  }

  #map(): Node {
    const { position } = this.take();
    const pairs: { key: Node; value: Node }[] = [];
    while (!this.is("Bracket", "}")) {
      if (pairs.length > 0) {
        this.expect("Operator", ",");
        if (this.is("Bracket", "}")) break;
        if (this.is("Operator", ",")) throw this.unexpected();
      }
      const key = this.#mapKey();
      this.expect("Operator", ":");
      pairs.push({ key, value: this.#expression(0) });
    }
    this.expect("Bracket", "}");
    return this.#made({ kind: "map", pairs, position });
  }

  #mapKey(): Node {
    const token = this.token;
    if (token.kind === "Number" || token.kind === "String" || token.kind === "Identifier") {
      this.take();
      return this.#made({ kind: "literal", value: token.value, position: token.position });
    }
    if (this.is("Bracket", "(")) return this.#expression(0);
    const reason =
      "a map key must be a quoted string, a number, a identifier, or an expression enclosed in " +
      `parentheses (unexpected token ${tokenText(token)})`;
    throw new Fault(reason, token.position);
  }

  #postfix(first: Node): Node {
    let node = first;
    // Parentheses do not end a chain.
    let isChain = first.kind === "chain";
    for (;;) {
      if (this.is("Operator", ".") || this.is("Operator", "?.")) {
        const isOptional = this.take().value === "?.";
        isChain ||= isOptional;
        node = isOptional && this.is("Bracket", "[")
          ? this.#index(node, { isOptional })
          : this.#field(node, { isOptional });
      } else if (this.is("Bracket", "[")) {
        node = this.#index(node, { isOptional: false });
      } else {
        break;
      }
    }
    return isChain ? this.#made({ kind: "chain", inner: node, position: node.position }) : node;
  }

  #field(object: Node, { isOptional }: { isOptional: boolean }): Node {
    const token = this.token;
    const isWord = token.kind === "Identifier" ||
      (token.kind === "Operator" && /^[A-Za-z]+$/.test(token.value));
    if (!isWord) {
      this.take();
      const reason = token.kind === "EOF" ? "unexpected end of expression" : "expected name";
      throw new Fault(reason, this.token.position);
    }
    this.take();
    const { value, position } = token;
    const property = this.#made({ kind: "literal" as const, value, position });
    const member = this.#made({
      kind: "member" as const,
      object,
      property,
      isOptional,
      isField: true,
      position,
    });
    if (!this.is("Bracket", "(")) return member;
    const args = this.#arguments();
    return this.#made({ kind: "call", callee: member, args, position });
  }

  #index(object: Node, { isOptional }: { isOptional: boolean }): Node {
    const position: Position = this.take().position;
    if (this.is("Operator", ":")) {
      this.take();
      const to = this.is("Bracket", "]") ? undefined : this.#expression(0);
      this.expect("Bracket", "]");
      return this.#made({ kind: "slice", object, from: undefined, to, position });
    }
    const from = this.#expression(0);
    if (this.is("Operator", ":")) {
      this.take();
      const to = this.is("Bracket", "]") ? undefined : this.#expression(0);
      this.expect("Bracket", "]");
      return this.#made({ kind: "slice", object, from, to, position });
    }
    this.expect("Bracket", "]");
    return this.#made({
      kind: "member",
      object,
      property: from,
      isOptional,
      isField: false,
      position,
    });
  }
}
