import type { FieldLocation } from "../check_rollout_types.ts";

/** A place in a file; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a problem of a manifest is about. */
export interface ManifestProblem {
  readonly file: string;
  readonly position: Position;
  /** The field, where the problem is one of a field. */
  readonly path?: FieldLocation | undefined;
  /** What is the matter, without file and field. */
  readonly detail: string;
}

/** A manifest that an API server would refuse; the message is one line that names the place. */
export class ManifestError extends Error implements ManifestProblem {
  readonly file: string;
  readonly position: Position;
  readonly path: FieldLocation | undefined;
  readonly detail: string;

  constructor(problem: ManifestProblem) {
    super(problemText(problem));
    this.name = "ManifestError";
    this.file = problem.file;
    this.position = problem.position;
    this.path = problem.path;
    this.detail = problem.detail;
  }
}

/** A problem in one line: `file.yaml:12:7: spec.replicas: must be a whole number, …`. */
export function problemText({ file, position, path, detail }: ManifestProblem): string {
  const field = path === undefined || path.length === 0 ? "" : `${pathText(path)}: `;
  return `${file}:${position.line}:${position.column}: ${field}${detail}`;
}

/** A path as people write it: `spec.strategy.canary.steps[0].setWeight`. */
export function pathText(path: FieldLocation): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
