/** Reads what stands between the braces: pipelines, commands and their words. */
import { characterConstant, numberConstant, stringConstant } from "./constants.ts";
import type { Token } from "./lexer.ts";
import type { Command, Pipe, Word } from "./nodes.ts";
import { TemplateFault } from "./template_fault.ts";

const PARENS_MAX = 100;
const VARIABLES_MAX = 250;

/** Names of functions: those that can be called, and those of which templates are kept. */
export interface FunctionNames {
  readonly known: ReadonlySet<string>;
  readonly unavailable: ReadonlySet<string>;
}

export class ActionParser {
  readonly #tokens: readonly Token[];
  readonly #functions: FunctionNames;
  #at = 0;
  #parens = 0;
  #variables: string[] = ["$"];

  constructor(tokens: readonly Token[], functions: FunctionNames) {
    this.#tokens = tokens;
    this.#functions = functions;
  }

  /** Where the next token stands in the text. */
  get offset(): number {
    return this.#peek().offset;
  }

  get variableCount(): number {
    return this.#variables.length;
  }

  forgetVariables(count: number): void {
    this.#variables.length = count;
  }

  hideVariables(): readonly string[] {
    const hidden = this.#variables;
    this.#variables = ["$"];
    return hidden;
  }

  restoreVariables(hidden: readonly string[]): void {
    this.#variables = [...hidden];
  }

  next(): Token {
    const token = this.#peek();
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  /** The next token that is no space. */
  nextWord(): Token {
    this.#skipSpace();
    return this.next();
  }

  /** The keyword that comes next; undefined: none does. */
  peekKeyword(): string | undefined {
    this.#skipSpace();
    const { kind, text } = this.#peek();
    return kind === "keyword" ? text : undefined;
  }

  expectClose(keyword: string): void {
    const token = this.nextWord();
    if (token.kind === "close") return;
    throw new TemplateFault(`unexpected ${shown(token)} after ${keyword}`, token.offset);
  }

  optionalPipe(context: string): Pipe | undefined {
    this.#skipSpace();
    if (this.#peek().kind !== "close") return this.pipe(context);
    this.next();
    return undefined;
  }

  /** A pipeline up to the closing braces. */
  pipe(context: string): Pipe {
    return this.#pipe(context, "close");
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #skipSpace(): void {
    while (this.#peek().kind === "space") this.#at++;
  }

  #pipe(context: string, end: "close" | "rightParen"): Pipe {
    this.#skipSpace();
    const at = this.offset;
    const { variables, isAssignment } = this.#declaration(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.nextWord();
      if (token.kind === end) break;
      if (!STARTS_OPERAND.has(token.kind)) {
        throw new TemplateFault(`unexpected ${shown(token)} in ${context}`, token.offset);
      }
      this.#at--;
      commands.push(this.#command());
    }
    if (commands.length === 0) throw new TemplateFault(`a value is missing in ${context}`, at);
    const wrong = commands.slice(1).find(({ words: [first] }) =>
      first !== undefined && NOT_EXECUTABLE.has(first.kind)
    );
    if (wrong !== undefined) {
      throw new TemplateFault("only a function can follow a |", wrong.at);
    }
    this.#declare({ variables, isAssignment, at });
    return { variables, isAssignment, commands, at };
  }

  /** A variable is there from the end of its pipeline on. */
  #declare({ variables, isAssignment, at }: Pick<Pipe, "variables" | "isAssignment" | "at">): void {
    const unknown = variables.find((name) => !this.#variables.includes(name));
    if (isAssignment && unknown !== undefined) {
      throw new TemplateFault(`variable "${unknown}" is not defined`, at);
    }
    if (isAssignment) return;
    this.#variables.push(...variables);
    if (this.#variables.length > VARIABLES_MAX) {
      throw new TemplateFault(`there are more than ${VARIABLES_MAX} variables`, at);
    }
  }

  /** `$x := `, `$x = `, in a range also `$key, $value := `; nothing else is taken. */
  #declaration(context: string): { variables: string[]; isAssignment: boolean } {
    const variables: string[] = [];
    for (;;) {
      this.#skipSpace();
      const start = this.#at;
      const variable = this.#peek();
      if (variable.kind !== "variable") break;
      this.next();
      this.#skipSpace();
      const mark = this.#peek();
      if (mark.kind === "declare" || mark.kind === "assign") {
        this.next();
        variables.push(variable.text);
        return { variables, isAssignment: mark.kind === "assign" };
      }
      if (mark.kind !== "other" || mark.text !== ",") {
        this.#at = start;
        break;
      }
      this.next();
      variables.push(variable.text);
      this.#skipSpace();
      const { kind } = this.#peek();
      const mayFollow = kind === "variable" || kind === "close" || kind === "rightParen";
      if (context !== "range" || variables.length > 1 || !mayFollow) {
        throw new TemplateFault(`too many variables in ${context}`, mark.offset);
      }
    }
    return { variables, isAssignment: false };
  }

  #command(): Command {
    this.#skipSpace();
    const at = this.offset;
    const words: Word[] = [];
    for (;;) {
      this.#skipSpace();
      const word = this.#operand();
      if (word !== undefined) words.push(word);
      const token = this.next();
      if (token.kind === "space") continue;
      if (token.kind === "pipe") break;
      if (token.kind === "close" || token.kind === "rightParen") {
        this.#at--;
        break;
      }
      throw new TemplateFault(`unexpected ${shown(token)} in a command`, token.offset);
    }
    if (words.length === 0) throw new TemplateFault("a command is empty", at);
    return { words, at };
  }

  /** A term and the fields that follow it at once. */
  #operand(): Word | undefined {
    const term = this.#term();
    if (term === undefined || this.#peek().kind !== "field") return term;
    if (NOT_EXECUTABLE.has(term.kind)) {
      throw new TemplateFault("this has no fields", this.offset);
    }
    const fields: string[] = [];
    while (this.#peek().kind === "field") fields.push(this.next().text.slice(1));
    if (term.kind === "field" || term.kind === "variable") {
      return { ...term, fields: [...term.fields, ...fields] };
    }
    return { kind: "chain", base: term, fields, at: term.at };
  }

  #term(): Word | undefined {
    const { kind, text, offset: at } = this.#peek();
    switch (kind) {
      case "identifier":
        this.#checkFunction(text, at);
        this.next();
        return { kind, name: text, at };
      case "dot":
      case "nil":
        this.next();
        return { kind, at };
      case "variable":
        if (!this.#variables.includes(text)) {
          throw new TemplateFault(`variable "${text}" is not defined`, at);
        }
        this.next();
        return { kind, name: text, fields: [], at };
      case "field":
        this.next();
        return { kind, fields: [text.slice(1)], at };
      case "bool":
        this.next();
        return { kind, value: text === "true", at };
      case "leftParen":
        return this.#parenthesised();
      default:
        return this.#constant();
    }
  }

  #checkFunction(name: string, at: number): void {
    if (this.#functions.known.has(name)) return;
    const isUnavailable = this.#functions.unavailable.has(name);
    throw new TemplateFault(
      `function "${name}" is ${isUnavailable ? "not available in templates" : "not defined"}`,
      at,
    );
  }

  #constant(): Word | undefined {
    const { kind, text, offset: at } = this.#peek();
    switch (kind) {
      case "number":
        this.next();
        return { kind, value: numberConstant(text, at), at };
      case "character":
        this.next();
        return { kind: "number", value: characterConstant(text, at), at };
      case "string":
        this.next();
        return { kind, value: stringConstant(text, at), at };
      case "rawString":
        this.next();
        return { kind: "string", value: text.slice(1, -1).replaceAll("\r", ""), at };
      default:
        return undefined;
    }
  }

  #parenthesised(): Word {
    const { offset: at } = this.next();
    if (++this.#parens > PARENS_MAX) {
      throw new TemplateFault(`parentheses are nested more than ${PARENS_MAX} deep`, at);
    }
    const pipe = this.#pipe("parentheses", "rightParen");
    this.#parens--;
    return { kind: "pipe", pipe, at };
  }
}

/** What is a value and cannot be called. */
const NOT_EXECUTABLE: ReadonlySet<Word["kind"]> = new Set([
  "bool",
  "dot",
  "nil",
  "number",
  "string",
]);

const STARTS_OPERAND: ReadonlySet<Token["kind"]> = new Set([
  "bool",
  "character",
  "dot",
  "field",
  "identifier",
  "leftParen",
  "nil",
  "number",
  "rawString",
  "string",
  "variable",
]);

function shown({ kind, text }: Token): string {
  return kind === "close" ? "end of the action" : kind === "end of text" ? kind : `"${text}"`;
}
