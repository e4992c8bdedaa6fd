/** One key of a ConfigMap: its text as YAML, and what is wrong with it, with the place. */
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { parseText } from "../api/manifest/parse_text.ts";
import type { Position } from "../api/manifest/mod.ts";
import type { Broken, Problem } from "./config.ts";

const START: Position = Object.freeze({ line: 1, column: 1 });

/** A problem in one line: `trigger.on-done:2:7: unknown name rolout`. */
export function problemLine({ key, detail, position: { line, column } }: Problem): string {
  return `${key}:${line}:${column}: ${detail}`;
}

export class KeyReader {
  readonly key: string;
  readonly #text: string;
  readonly #problems: Problem[];
  #positionOf: (path: FieldLocation) => Position = () => START;

  constructor(key: string, text: string, problems: Problem[]) {
    this.key = key;
    this.#text = text;
    this.#problems = problems;
  }

  /** The value; an empty text is null. */
  read(): { readonly value: unknown } | Broken {
    if (this.#text.trim() === "") return { value: null };
    const { trees, problems, positionAt } = parseText(this.#text, this.key);
    const [problem] = problems;
    // Templates stand in these texts by right.
    if (problem !== undefined && problem.kind !== "empty") {
      const reason = problem.kind === "template"
        ? "is no YAML: put `{{` in quotes"
        : problem.detail;
      const detail = problem.kind === "template" ? reason : `is no YAML: ${problem.detail}`;
      return { error: this.#add(detail, problem.position) };
    }
    const [tree] = trees;
    if (tree === undefined) return { value: null };
    this.#positionOf = (path) => positionAt(tree.offsetOf(path));
    return { value: tree.value };
  }

  /** Notes what is wrong at a path; gives it with the key and the place, for people. */
  tell(detail: string, path: FieldLocation = [], severity: Problem["severity"] = "error"): string {
    return this.#add(detail, this.#positionOf(path), severity);
  }

  /**
   * Notes what is wrong within a text that stands at a path: there, at this line and column of it
   * as far as the text stands as it is written.
   */
  tellWithin(
    detail: string,
    path: FieldLocation,
    { text, line = 1, column = 1 }: {
      readonly text: string;
      readonly line?: number | undefined;
      readonly column?: number | undefined;
    },
  ): string {
    const wanted = text.split("\n")[line - 1] ?? "";
    const start = this.#positionOf(path);
    const lines = this.#text.split("\n");
    // A block of text begins in the next line, and is indented.
    for (const index of [start.line - 2 + line, start.line - 1 + line]) {
      const found = wanted.trim() === "" ? -1 : (lines[index] ?? "").lastIndexOf(wanted);
      if (found < 0) continue;
      return this.#add(detail, { line: index + 1, column: found + column });
    }
    return this.#add(detail, start);
  }

  #add(detail: string, position: Position, severity: Problem["severity"] = "error"): string {
    const problem = { key: this.key, detail, position, severity };
    this.#problems.push(problem);
    return problemLine(problem);
  }
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}
