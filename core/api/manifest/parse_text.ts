/** YAML or JSON text as values with places; every problem names its own place. */
import type { LineCounter } from "yaml";
import type { ManifestProblem, Position } from "./manifest_error.ts";
import { parseYaml, YamlProblem, type YamlText, type YamlTree } from "./yaml_tree.ts";

/** What a text holds. */
export interface ParsedText {
  /** The documents that hold anything and can be read. */
  readonly trees: readonly YamlTree[];
  /** Why there are no others; a text without anything in it is a problem, too. */
  readonly problems: readonly ManifestProblem[];
  /** Line and column of a character of the text. */
  positionAt(offset: number): Position;
}

/** Reads all documents of a text; what is wrong with it never throws. */
export function parseText(text: string, file: string): ParsedText {
  const read = parse(text);
  if (read instanceof YamlProblem) {
    return failed(problemIn(text, { problem: read, file }));
  }
  const problems = read.problems.map((problem) => problemIn(text, { problem, file }));
  // Whatever else is wrong with a template: it is for the output of the template to be right.
  const template = problems.find(({ kind }) => kind === "template");
  if (template !== undefined) return failed(template);
  const { trees } = read;
  if (trees.length === 0 && problems.length === 0) {
    return failed({ kind: "empty", file, position: START, detail: "is empty" });
  }
  return { trees, problems, positionAt: (offset) => positionAt(read.lines, offset) };
}

const START: Position = Object.freeze({ line: 1, column: 1 });

function failed(problem: ManifestProblem): ParsedText {
  return { trees: [], problems: [problem], positionAt: () => START };
}

function parse(text: string): YamlText | YamlProblem {
  try {
    return parseYaml(text);
  } catch {
    // The parser recurses: only nesting can make it fail in this way.
    return new YamlProblem(0, "is nested too deeply");
  }
}

function problemIn(
  text: string,
  { problem, file }: { problem: YamlProblem; file: string },
): ManifestProblem {
  const position = placeOf(text, problem.offset);
  const template = templateIn(text, position);
  if (template !== undefined) return { kind: "template", file, ...template };
  return { kind: "syntax", file, position, path: problem.path, detail: problem.message };
}

/** What is said of a template that should have been rendered first. */
export const NOT_RENDERED_TEXT = "is a template, not a manifest: " +
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
    if (column > 0) return { position: { line: index + 1, column }, detail: NOT_RENDERED_TEXT };
  }
  return undefined;
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
