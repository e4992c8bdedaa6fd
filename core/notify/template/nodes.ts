/** A template after parsing. Every node knows where it stands in the text (`at`). */

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe; readonly at: number }
  | ControlNode
  | {
    readonly kind: "template";
    readonly name: string;
    readonly pipe: Pipe | undefined;
    readonly at: number;
  }
  | { readonly kind: "break" | "continue"; readonly at: number };

export interface ControlNode {
  readonly kind: "if" | "with" | "range";
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[] | undefined;
  readonly at: number;
}

/** Commands, each of which is handed what the one before gave; the last may go into variables. */
export interface Pipe {
  readonly variables: readonly string[];
  /** `=`, not `:=`. */
  readonly isAssignment: boolean;
  readonly commands: readonly Command[];
  readonly at: number;
}

export interface Command {
  /** A function, a method or a value, and what it is called with; never empty. */
  readonly words: readonly Word[];
  readonly at: number;
}

/** A number as a constant: it takes the type of the parameter that it stands for. */
export interface NumberConstant {
  /** Undefined where it is no whole number of 64 bits. */
  readonly int: bigint | undefined;
  readonly isUnsignedOnly: boolean;
  readonly float: number;
  /** What it is where any type will do. */
  readonly ideal: "int" | "float64";
}

export type Word =
  | { readonly kind: "identifier"; readonly name: string; readonly at: number }
  | { readonly kind: "dot" | "nil"; readonly at: number }
  | { readonly kind: "bool"; readonly value: boolean; readonly at: number }
  | { readonly kind: "string"; readonly value: string; readonly at: number }
  | { readonly kind: "number"; readonly value: NumberConstant; readonly at: number }
  | {
    readonly kind: "variable";
    readonly name: string;
    readonly fields: readonly string[];
    readonly at: number;
  }
  | { readonly kind: "field"; readonly fields: readonly string[]; readonly at: number }
  | {
    readonly kind: "chain";
    readonly base: Word;
    readonly fields: readonly string[];
    readonly at: number;
  }
  | { readonly kind: "pipe"; readonly pipe: Pipe; readonly at: number };
