/** YAML or JSON text as values with places; every problem names its own place. */
import type { ManifestProblem, Position } from "./manifest_error.ts";
import { parseYaml, type YamlTree } from "./yaml_tree.ts";

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
  const read = parseYaml(text);
  const place = placesIn(text);
  const lines = read.problems.length === 0 ? [] : text.split("\n");
  const problems = read.problems.map(({ offset, message, path }): ManifestProblem => {
    const position = place(offset);
    const template = templateIn(lines, position);
    return { kind: "syntax", file, position, path, detail: message, ...template };
  });
  // Whatever else is wrong with a template: it is for the output of the template to be right.
  const template = problems.find(({ kind }) => kind === "template");
  if (template !== undefined) return failed(template);
  const { trees } = read;
  if (trees.length === 0 && problems.length === 0) {
    return failed({ kind: "empty", file, position: START, detail: "is empty" });
  }
  return { trees, problems, positionAt: place };
}

const START: Position = Object.freeze({ line: 1, column: 1 });

function failed(problem: ManifestProblem): ParsedText {
  return { trees: [], problems: [problem], positionAt: () => START };
}

/** What is said of a template that should have been rendered first. */
export const NOT_RENDERED_TEXT = "is a template, not a manifest: " +
  "render it first (helm template, kustomize build) and pass what comes out";

/** An unquoted `{{` on the line of a problem or beside it, which then is the cause. */
function templateIn(
  lines: readonly string[],
  problem: Position,
): Pick<ManifestProblem, "kind" | "position" | "detail" | "path"> | undefined {
  for (let index = Math.max(problem.line - 2, 0); index <= problem.line; index++) {
    // Quoted text and remarks make room for blanks, so that columns stay.
    const bare = (lines[index] ?? "").replace(
      /"(?:[^"\\]|\\.)*"|'[^']*'|(?<=^|\s)#.*/g,
      (hidden) => " ".repeat(hidden.length),
    );
    const column = bare.indexOf("{{") + 1;
    if (column === 0) continue;
    const position = { line: index + 1, column };
    return { kind: "template", position, detail: NOT_RENDERED_TEXT, path: [] };
  }
  return undefined;
}

/** Finds line and column of a character; the lines are looked up once something asks. */
function placesIn(text: string): (offset: number) => Position {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
    let [first, end] = [0, starts.length];
    while (end - first > 1) {
      const middle = (first + end) >> 1;
      if ((starts[middle] as number) <= offset) first = middle;
      else end = middle;
    }
    return { line: first + 1, column: offset - (starts[first] as number) + 1 };
  };
}
