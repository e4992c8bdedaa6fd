/** Makes a tree of a template: text, actions, and what they hold. */
import { ActionParser, type FunctionNames } from "./action_parser.ts";
import type { ControlNode, Node, Pipe } from "./nodes.ts";
import { stringConstant } from "./constants.ts";
import { TemplateFault } from "./template_fault.ts";
import { type Token, tokenize } from "./lexer.ts";

/** What a text holds: its own nodes, and those of the templates that it defines. */
export interface ParsedText {
  readonly root: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** Beyond it only a machine writes. */
const NESTING_MAX = 150;

/** @throws {TemplateFault} for what is no template */
export function parseText(text: string, functions: FunctionNames): ParsedText {
  const parser = new Parser(text, functions);
  const parsed = parser.all();
  parser.checkCalls(parsed.defined);
  return parsed;
}

type End = "end" | "else" | "end of text";

class Parser {
  readonly #actions: ActionParser;
  readonly #defined = new Map<string, readonly Node[]>();
  readonly #calls: { name: string; at: number }[] = [];
  #loops = 0;
  #nesting = 0;

  constructor(text: string, functions: FunctionNames) {
    this.#actions = new ActionParser(tokenize(text), functions);
  }

  all(): ParsedText {
    const { nodes, end } = this.#list({ isTop: true });
    if (end.kind !== "end of text") {
      throw new TemplateFault(`{{${end.kind}}} belongs to nothing`, end.at);
    }
    return { root: nodes, defined: this.#defined };
  }

  /** A template that is called must be there. */
  checkCalls(defined: ReadonlyMap<string, readonly Node[]>): void {
    const missing = this.#calls.find(({ name }) => !defined.has(name));
    if (missing === undefined) return;
    throw new TemplateFault(`template "${missing.name}" is not defined`, missing.at);
  }

  /** Nodes up to what ends them. */
  #list({ isTop = false } = {}): { nodes: Node[]; end: { kind: End; at: number } } {
    if (++this.#nesting > NESTING_MAX) {
      throw new TemplateFault(
        `actions are nested more than ${NESTING_MAX} deep`,
        this.#actions.offset,
      );
    }
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#actions.next();
      if (token.kind === "end of text") {
        if (!isTop) throw new TemplateFault("an {{end}} is missing", token.offset);
        this.#nesting--;
        return { nodes, end: { kind: "end of text", at: token.offset } };
      }
      if (token.kind === "text") {
        nodes.push({ kind: "text", text: token.text });
        continue;
      }
      const keyword = this.#actions.peekKeyword();
      if (keyword === "end" || keyword === "else") {
        this.#actions.nextWord();
        if (keyword === "end") this.#actions.expectClose("end");
        this.#nesting--;
        return { nodes, end: { kind: keyword, at: token.offset } };
      }
      const node = this.#action(token, keyword, isTop);
      if (node !== undefined) nodes.push(node);
    }
  }

  #action(open: Token, keyword: string | undefined, isTop: boolean): Node | undefined {
    const at = open.offset;
    if (keyword === undefined) {
      return { kind: "action", pipe: this.#actions.pipe("an action"), at };
    }
    this.#actions.nextWord();
    switch (keyword) {
      case "if":
      case "with":
      case "range":
        return this.#control(keyword, at);
      case "break":
      case "continue":
        return this.#leave(keyword, at);
      case "block":
        return this.#block(at);
      case "template":
        return this.#call(at);
      default:
        if (isTop && this.#nesting === 1) return this.#define(at);
        throw new TemplateFault("{{define}} must not be inside of another action", at);
    }
  }

  #control(kind: ControlNode["kind"], at: number): ControlNode {
    const variables = this.#actions.variableCount;
    const pipe = this.#actions.pipe(kind);
    if (kind === "range") this.#loops++;
    const { nodes: body, end } = this.#list();
    if (kind === "range") this.#loops--;
    const otherwise = end.kind === "else" ? this.#otherwise(kind, end.at) : undefined;
    this.#actions.forgetVariables(variables);
    return { kind, pipe, body, otherwise, at };
  }

  /** What follows `else`; `else if` and `else with` share the one `end`. */
  #otherwise(kind: ControlNode["kind"], at: number): Node[] {
    const keyword = this.#actions.peekKeyword();
    if ((keyword === "if" || keyword === "with") && keyword === kind) {
      this.#actions.nextWord();
      if (++this.#nesting > NESTING_MAX) {
        throw new TemplateFault(`actions are nested more than ${NESTING_MAX} deep`, at);
      }
      const node = this.#control(keyword, at);
      this.#nesting--;
      return [node];
    }
    this.#actions.expectClose("else");
    const { nodes, end } = this.#list();
    if (end.kind !== "end") throw new TemplateFault("there is a second {{else}}", end.at);
    return nodes;
  }

  #leave(kind: "break" | "continue", at: number): Node {
    this.#actions.expectClose(kind);
    if (this.#loops === 0) throw new TemplateFault(`{{${kind}}} must be inside of a range`, at);
    return { kind, at };
  }

  #block(at: number): Node {
    const name = this.#name("block");
    const pipe = this.#actions.pipe("block");
    this.#defineBody(name, at);
    this.#calls.push({ name, at });
    return { kind: "template", name, pipe, at };
  }

  #call(at: number): Node {
    const name = this.#name("template");
    const pipe: Pipe | undefined = this.#actions.optionalPipe("template");
    this.#calls.push({ name, at });
    return { kind: "template", name, pipe, at };
  }

  #define(at: number): undefined {
    const name = this.#name("define");
    this.#actions.expectClose("define");
    this.#defineBody(name, at);
  }

  /** The body of a template of its own: it sees no variable from outside. */
  #defineBody(name: string, at: number): void {
    const loops = this.#loops;
    this.#loops = 0;
    const outer = this.#actions.hideVariables();
    const { nodes, end } = this.#list();
    this.#actions.restoreVariables(outer);
    this.#loops = loops;
    if (end.kind !== "end") throw new TemplateFault("{{else}} belongs to nothing", end.at);
    const before = this.#defined.get(name);
    if (before === undefined || isBlank(before)) this.#defined.set(name, nodes);
    else if (!isBlank(nodes)) {
      throw new TemplateFault(`template "${name}" is defined twice`, at);
    }
  }

  #name(keyword: string): string {
    const token = this.#actions.nextWord();
    if (token.kind === "rawString") return token.text.slice(1, -1);
    if (token.kind === "string") return stringConstant(token.text, token.offset);
    throw new TemplateFault(`{{${keyword}}} needs a name between quotes`, token.offset);
  }
}

/** A template of blanks alone may be defined again. */
function isBlank(nodes: readonly Node[]): boolean {
  return nodes.every((node) => node.kind === "text" && node.text.trim() === "");
}
