import { type FieldLocation, pathText } from "../../../sdk/wire/field_place.ts";

/** A place in a file; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a problem is about: the text, an object in it, or something that stands in vain. */
export type ProblemKind =
  | "not-text"
  | "empty"
  | "template"
  | "recipe"
  | "syntax"
  | "not-json"
  | "no-object"
  | "configuration"
  | "nameless"
  | "field"
  | "size"
  | "duplicate-key"
  | "unknown-field";

/** What a problem of a manifest is about. */
export interface ManifestProblem {
  readonly kind: ProblemKind;
  readonly file: string;
  readonly position: Position;
  /** The field, where the problem is one of a field. */
  readonly path?: FieldLocation | undefined;
  /** What is the matter, without file and field. */
  readonly detail: string;
  /** Of an unknown field: the name that it probably should have. */
  readonly meant?: string | undefined;
  /** Index of the document that it is a problem of, where there is one to look into. */
  readonly document?: number | undefined;
}

/** A manifest that an API server would refuse; the message is one line that names the place. */
export class ManifestError extends Error implements ManifestProblem {
  readonly kind: ProblemKind;
  readonly file: string;
  readonly position: Position;
  readonly path: FieldLocation | undefined;
  readonly detail: string;

  constructor(problem: ManifestProblem) {
    super(problemText(problem));
    this.name = "ManifestError";
    this.kind = problem.kind;
    this.file = problem.file;
    this.position = problem.position;
    this.path = problem.path;
    this.detail = problem.detail;
  }
}

/** A problem in one line: `file.yaml:12:7: spec.replicas: must be a whole number, …`. */
export function problemText(
  { file, position, path, detail }: Pick<ManifestProblem, "file" | "position" | "path" | "detail">,
): string {
  const field = path === undefined || path.length === 0 ? "" : `${pathText(path)}: `;
  return `${file}:${position.line}:${position.column}: ${field}${detail}`;
}

/** The first problem of a file, thrown. @throws {ManifestError} unless there is none */
export function throwFirst(problems: readonly ManifestProblem[]): void {
  const [first] = problems;
  if (first !== undefined) throw new ManifestError(first);
}

export { pathText };
