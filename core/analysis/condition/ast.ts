/** What an expression is made of. */
import type { Position } from "./condition_error.ts";

interface NodeBase {
  readonly position: Position;
}

export interface Literal extends NodeBase {
  readonly kind: "literal";
  /** bigint: an int; number: a float64. */
  readonly value: null | boolean | bigint | number | string | Uint8Array;
}

export interface Name extends NodeBase {
  readonly kind: "name";
  readonly name: string;
}

/** `#`, `#acc`, `#index`. */
export interface Pointer extends NodeBase {
  readonly kind: "pointer";
  /** Empty for `#`. */
  readonly name: string;
}

export interface Unary extends NodeBase {
  readonly kind: "unary";
  readonly operator: string;
  readonly operand: Node;
}

export interface Binary extends NodeBase {
  readonly kind: "binary";
  readonly operator: string;
  readonly left: Node;
  readonly right: Node;
}

/** `a ? b : c` and `if a {b} else {c}`. */
export interface Conditional extends NodeBase {
  readonly kind: "conditional";
  readonly test: Node;
  readonly then: Node;
  readonly otherwise: Node;
}

export interface Member extends NodeBase {
  readonly kind: "member";
  readonly object: Node;
  readonly property: Node;
  /** Written with `?.`: nil in, nil out. */
  readonly isOptional: boolean;
  /** Written with a point. */
  readonly isField: boolean;
}

export interface Slice extends NodeBase {
  readonly kind: "slice";
  readonly object: Node;
  readonly from: Node | undefined;
  readonly to: Node | undefined;
}

/** Everything up to here gives nil when a `?.` in it met nil. */
export interface Chain extends NodeBase {
  readonly kind: "chain";
  readonly inner: Node;
}

export interface Call extends NodeBase {
  readonly kind: "call";
  readonly callee: Node;
  readonly args: readonly Node[];
}

/** A call of a function of the language; predicates are closures. */
export interface BuiltinCall extends NodeBase {
  readonly kind: "builtin";
  readonly name: string;
  readonly args: readonly Node[];
}

export interface Closure extends NodeBase {
  readonly kind: "closure";
  readonly body: Node;
}

export interface ArrayNode extends NodeBase {
  readonly kind: "array";
  readonly items: readonly Node[];
}

export interface MapNode extends NodeBase {
  readonly kind: "map";
  readonly pairs: readonly { readonly key: Node; readonly value: Node }[];
}

export interface Let extends NodeBase {
  readonly kind: "let";
  readonly name: string;
  readonly value: Node;
  readonly body: Node;
}

/** `a; b`: the last one counts. */
export interface Sequence extends NodeBase {
  readonly kind: "sequence";
  readonly nodes: readonly Node[];
}

export type Node =
  | Literal
  | Name
  | Pointer
  | Unary
  | Binary
  | Conditional
  | Member
  | Slice
  | Chain
  | Call
  | BuiltinCall
  | Closure
  | ArrayNode
  | MapNode
  | Let
  | Sequence;

/** What stands right of the last comparison of a row of them. */
export function rightOf(node: Node): Node {
  if (node.kind !== "binary") return node;
  return node.operator === "&&" ? rightOf(node.right) : node.right;
}
