/** YAML or JSON text as values with places; every problem names its own place. */
import type { LineCounter } from "yaml";
import { ManifestError, type Position } from "./manifest_error.ts";
import { parseYaml, YamlProblem, type YamlTree } from "./yaml_tree.ts";

/** The documents of a text that hold anything: at least one. */
export interface ParsedText {
  readonly trees: readonly YamlTree[];
  /** Line and column of a character of the text. */
  positionAt(offset: number): Position;
}

/** @throws {ManifestError} for what is no YAML, and for a text without anything in it */
export function parseText(text: string, file: string): ParsedText {
  const { trees, lines } = parse(text, file);
  if (trees.length === 0) throw problemAt({ line: 1, column: 1 }, file, "is empty");
  return { trees, positionAt: (offset) => positionAt(lines, offset) };
}

function parse(text: string, file: string): ReturnType<typeof parseYaml> {
  try {
    return parseYaml(text);
  } catch (error) {
    const position = error instanceof YamlProblem
      ? placeOf(text, error.offset)
      : { line: 1, column: 1 };
    const template = templateIn(text, position);
    if (template !== undefined) throw problemAt(template.position, file, template.detail);
    // The parser recurses: only nesting can make it fail in other ways.
    if (!(error instanceof YamlProblem)) throw problemAt(position, file, "is nested too deeply");
    throw new ManifestError({ file, position, path: error.path, detail: error.message });
  }
}

export const NOT_RENDERED = "is a template, not a manifest: " +
  "render it first (helm template, kustomize build) and pass what comes out";

/** An unquoted `{{` on the line of a problem or beside it, which then is the cause. */
function templateIn(text: string, problem: Position) {
  const lines = text.split("\n");
  for (let index = Math.max(problem.line - 2, 0); index <= problem.line; index++) {
    // Quoted text and remarks make room for blanks, so that columns stay.
    const bare = (lines[index] ?? "").replace(
      /"(?:[^"\\]|\\.)*"|'[^']*'|(?<=^|\s)#.*/g,
      (hidden) => " ".repeat(hidden.length),
    );
    const column = bare.indexOf("{{") + 1;
    if (column > 0) return { position: { line: index + 1, column }, detail: NOT_RENDERED };
  }
  return undefined;
}

function problemAt(position: Position, file: string, detail: string): ManifestError {
  return new ManifestError({ file, position, detail });
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Line and column of a character, where no lines were counted. */
function placeOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}
