/** Renders a parsed template: walks its nodes and writes what they give. */
import { Fault } from "../../analysis/condition/condition_error.ts";
import { Patterns } from "../../analysis/condition/regex.ts";
import { argumentOf, idealNumber, literalArgument } from "./arguments.ts";
import { DEPTH_MAX, type RenderingBudget } from "./budget.ts";
import { fieldOf, methodOf } from "./fields.ts";
import type { Command, ControlNode, Node, Pipe, Word } from "./nodes.ts";
import type { ParsedText } from "./parser.ts";
import { textOf } from "./printer.ts";
import type { ParameterType } from "./signature.ts";
import { TemplateFault } from "./template_fault.ts";
import type { FunctionTable, TemplateFunction } from "./template_function.ts";
import {
  type CallContext,
  Dict,
  GoFunction,
  isTrue,
  List,
  type MaybeValue,
  Sized,
  type TemplatePorts,
  typeOf,
  type Value,
  wholeOf,
} from "./values.ts";

/** How a list of nodes ended. */
type Ending = "end" | "break" | "continue";

/** What a command is handed by the one before it. */
interface Handed {
  readonly value: MaybeValue;
}

/** Levels of actions, those of templates that were called among them. */
const NESTING_MAX = 400;
/** Variables that are passed by in one step. */
const VARIABLES_PER_STEP = 64;

const NO_VALUE = "<no value>";

export class Evaluator {
  readonly #parsed: ParsedText;
  readonly #functions: FunctionTable;
  readonly #context: CallContext;
  readonly #parts: string[] = [];
  #variables: { name: string; value: MaybeValue }[] = [];
  #depth = 0;
  #nesting = 0;

  constructor(
    parsed: ParsedText,
    functions: FunctionTable,
    { ports, budget }: { ports: TemplatePorts; budget: RenderingBudget },
  ) {
    this.#parsed = parsed;
    this.#functions = functions;
    this.#context = { budget, ports, patterns: new Patterns(budget) };
  }

  /** @throws {TemplateFault} with its place */
  render(data: Value): string {
    this.#variables = [{ name: "$", value: data }];
    this.#walk(this.#parsed.root, data);
    return this.#parts.join("");
  }

  #write(text: string): void {
    this.#context.budget.write(text.length);
    this.#parts.push(text);
  }

  #walk(nodes: readonly Node[], dot: MaybeValue): Ending {
    if (++this.#nesting > NESTING_MAX) throw new TemplateFault("actions are nested too deeply");
    const ending = this.#nodes(nodes, dot);
    this.#nesting--;
    return ending;
  }

  #nodes(nodes: readonly Node[], dot: MaybeValue): Ending {
    for (const node of nodes) {
      const ending = node.kind === "text" ? this.#write(node.text) : this.#node(node, dot);
      if (ending === "break" || ending === "continue") return ending;
    }
    return "end";
  }

  #node(node: Exclude<Node, { kind: "text" }>, dot: MaybeValue): Ending | undefined {
    return this.#located(node.at, () => {
      this.#context.budget.step();
      switch (node.kind) {
        case "action": {
          const value = this.#pipe(node.pipe, dot);
          if (node.pipe.variables.length === 0) this.#write(this.#shown(value));
          return undefined;
        }
        case "if":
        case "with":
          return this.#choose(node, dot);
        case "range":
          return this.#range(node, dot);
        case "template":
          return this.#call(node.name, this.#argument(node.pipe, dot));
        default:
          return node.kind;
      }
    });
  }

  /** Gives errors the place where they arose, unless they know it. */
  #located<Result>(at: number, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateFault && error.offset === undefined) {
        throw new TemplateFault(error.message, at);
      }
      if (error instanceof Fault) throw new TemplateFault(error.message, at);
      throw error;
    }
  }

  #shown(value: MaybeValue): string {
    if (value === undefined || value === null) return NO_VALUE;
    if (value instanceof GoFunction) {
      throw new TemplateFault(`a function cannot be printed; call it: {{ call .${value.name} }}`);
    }
    return textOf(value, this.#context.budget);
  }

  #scoped<Result>(work: () => Result): Result {
    const count = this.#variables.length;
    const result = work();
    this.#variables.length = count;
    return result;
  }

  #choose(node: ControlNode, dot: MaybeValue): Ending {
    return this.#scoped(() => {
      const value = this.#pipe(node.pipe, dot);
      if (isTrue(value)) return this.#walk(node.body, node.kind === "with" ? value : dot);
      return this.#walk(node.otherwise ?? [], dot);
    });
  }

  #range(node: ControlNode, dot: MaybeValue): "end" {
    return this.#scoped(() => {
      const value = this.#pipe(node.pipe, dot);
      const count = this.#variables.length;
      let isEmpty = true;
      for (const { key, item } of this.#elements(value, node)) {
        isEmpty = false;
        this.#context.budget.step();
        this.#setLoopVariables(node.pipe, key, item);
        const ending = this.#walk(node.body, item);
        this.#variables.length = count;
        if (ending === "break") break;
      }
      if (isEmpty) this.#walk(node.otherwise ?? [], dot);
      return "end";
    });
  }

  *#elements(
    value: MaybeValue,
    { pipe }: ControlNode,
  ): Generator<{ key: MaybeValue; item: MaybeValue }> {
    if (value === undefined || value === null) return;
    if (value instanceof List) {
      for (const [index, item] of value.items.entries()) yield { key: BigInt(index), item };
      return;
    }
    if (value instanceof Dict) {
      const keys = value.sortedKeys(this.#context.budget);
      const entries = keys.map((key) => ({ key, item: value.entries.get(key) }));
      yield* entries;
      return;
    }
    const whole = wholeOf(value);
    if (whole === undefined) {
      throw new TemplateFault(`range cannot go over a ${typeOf(value)}`, pipe.at);
    }
    if (pipe.variables.length > 1) {
      throw new TemplateFault("range over a number has one variable", pipe.at);
    }
    for (let at = 0n; at < whole; at++) {
      yield { key: undefined, item: value instanceof Sized ? new Sized(value.type, at) : at };
    }
  }

  #setLoopVariables({ variables, isAssignment }: Pipe, key: MaybeValue, item: MaybeValue): void {
    const values = variables.length > 1 ? [key, item] : [item];
    const count = this.#variables.length;
    for (const [index, name] of variables.entries()) {
      if (isAssignment) this.#assign(name, values[index]);
      else {
        const place = this.#variables[count - variables.length + index];
        if (place !== undefined) place.value = values[index];
      }
    }
  }

  #assign(name: string, value: MaybeValue): void {
    const place = this.#variable(name);
    if (place === undefined) throw new TemplateFault(`variable "${name}" is not defined`);
    place.value = value;
  }

  #argument(pipe: Pipe | undefined, dot: MaybeValue): MaybeValue {
    return pipe === undefined ? undefined : this.#pipe(pipe, dot);
  }

  #call(name: string, dot: MaybeValue): "end" {
    if (++this.#depth > DEPTH_MAX) {
      throw new TemplateFault(`templates call one another more than ${DEPTH_MAX} deep`);
    }
    const outer = this.#variables;
    this.#variables = [{ name: "$", value: dot }];
    this.#walk(this.#parsed.defined.get(name) ?? [], dot);
    this.#variables = outer;
    this.#depth--;
    return "end";
  }

  #pipe(pipe: Pipe, dot: MaybeValue): MaybeValue {
    let handed: Handed | undefined;
    for (const command of pipe.commands) {
      const value = this.#located(command.at, () => this.#command(command, dot, handed));
      handed = { value: value ?? undefined };
    }
    const value = handed?.value;
    for (const name of pipe.variables) {
      if (pipe.isAssignment) this.#located(pipe.at, () => this.#assign(name, value));
      else this.#variables.push({ name, value });
    }
    return value;
  }

  #command({ words }: Command, dot: MaybeValue, handed: Handed | undefined): MaybeValue {
    const [first, ...rest] = words;
    if (first === undefined) return undefined;
    this.#context.budget.step();
    switch (first.kind) {
      case "identifier":
        return this.#function(first.name, { words: rest, dot, handed });
      case "field":
      case "variable":
      case "chain":
        return this.#fields(first, { words: rest, dot, handed });
      default:
        if (rest.length > 0 || handed !== undefined) {
          throw new TemplateFault("what is no function cannot be given arguments", first.at);
        }
        return this.#value(first, dot);
    }
  }

  /** A word that is handed nothing. */
  #value(word: Word, dot: MaybeValue): MaybeValue {
    switch (word.kind) {
      case "dot":
        return dot;
      case "pipe":
        return this.#pipe(word.pipe, dot);
      case "bool":
      case "string":
        return word.value;
      case "number":
        return idealNumber(word.value);
      case "nil":
        throw new TemplateFault("nil alone is no command", word.at);
      case "identifier":
        return this.#function(word.name, { words: [], dot, handed: undefined });
      default:
        return this.#fields(word, { words: [], dot, handed: undefined });
    }
  }

  #fields(word: Word & { kind: "field" | "variable" | "chain" }, call: Arguments): MaybeValue {
    let value = this.#base(word, call.dot);
    if (word.fields.length === 0) {
      if (call.words.length > 0 || call.handed !== undefined) {
        throw new TemplateFault("what is no function cannot be given arguments", word.at);
      }
      return value;
    }
    for (const [index, name] of word.fields.entries()) {
      const isLast = index === word.fields.length - 1;
      const own = isLast ? call : { words: [], dot: call.dot, handed: undefined };
      value = this.#located(word.at, () => this.#field(value, name, own));
    }
    return value;
  }

  #base(word: Word & { kind: "field" | "variable" | "chain" }, dot: MaybeValue): MaybeValue {
    if (word.kind === "field") return dot;
    if (word.kind === "chain") return this.#value(word.base, dot);
    return this.#variable(word.name)?.value;
  }

  #variable(name: string): { value: MaybeValue } | undefined {
    this.#context.budget.step(this.#variables.length / VARIABLES_PER_STEP);
    return this.#variables.findLast((each) => each.name === name);
  }

  #field(receiver: MaybeValue, name: string, call: Arguments): MaybeValue {
    const method = methodOf(receiver, name);
    if (method !== undefined) return this.#invoke(method, call);
    const hasArguments = call.words.length > 0 || call.handed !== undefined;
    if (receiver instanceof Dict && hasArguments) {
      throw new TemplateFault(`.${name} is no function, it takes no arguments`);
    }
    return fieldOf(receiver, name);
  }

  #function(name: string, call: Arguments): MaybeValue {
    const found = this.#functions.get(name);
    if (found === undefined) throw new TemplateFault(`function "${name}" is not defined`);
    return this.#invoke(found, call);
  }

  #invoke(callee: TemplateFunction, { words, dot, handed }: Arguments): MaybeValue {
    const { fixed, rest } = callee.signature;
    const count = words.length + (handed === undefined ? 0 : 1);
    if (count < fixed.length || count > fixed.length && rest === undefined) {
      const wanted = `${rest === undefined ? "" : "at least "}${fixed.length}`;
      throw new TemplateFault(`${callee.name} takes ${wanted} arguments, ${count} are given`);
    }
    const isOr = callee.name === "or";
    const isShort = isOr || callee.name === "and";
    const args: Value[] = [];
    for (const [index, word] of words.entries()) {
      const value = this.#argumentOf(word, fixed[index] ?? rest ?? "any", dot);
      if (isShort && isTrue(value) === isOr) return value;
      args.push(value);
    }
    if (handed !== undefined) {
      args.push(argumentOf(handed.value, fixed[words.length] ?? rest ?? "any"));
    }
    return this.#result(callee, args);
  }

  #result(callee: TemplateFunction, args: readonly Value[]): Value {
    const length = args.reduce<number>(
      (sum, arg) => sum + (typeof arg === "string" ? arg.length : 0),
      0,
    );
    this.#context.budget.look(length);
    try {
      return callee.call(args, this.#context);
    } catch (error) {
      if (error instanceof TemplateFault || error instanceof Fault) {
        throw new TemplateFault(`${callee.name}: ${error.message}`);
      }
      throw error;
    }
  }

  #argumentOf(word: Word, type: ParameterType, dot: MaybeValue): Value {
    return this.#located(word.at, () => {
      const literal = literalArgument(word, type);
      return literal !== undefined ? literal : argumentOf(this.#value(word, dot), type);
    });
  }
}

interface Arguments {
  readonly words: readonly Word[];
  readonly dot: MaybeValue;
  readonly handed: Handed | undefined;
}
