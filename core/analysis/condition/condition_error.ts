/** What is wrong with an expression, or went wrong while it was evaluated, and where. */

/** A place in an expression: an index into its characters (code points), from 0. */
export type Position = number;

/**
 * An error of an expression. Its message ends with line, column and the line itself, as users of
 * Argo Rollouts know it: `unknown name foo (1:1)`, ` | foo`, ` | ^`.
 */
export class ConditionError extends Error {
  override readonly name = "ConditionError";
  /** The sentence without its place. */
  readonly reason: string;
  /** Line from 1 and column from 1; undefined for an empty expression. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(reason: string, source: readonly string[], position: Position) {
    const place = placeOf(source, position);
    super(place === undefined ? reason : `${reason} ${place.text}`);
    this.reason = reason;
    this.line = place?.line;
    this.column = place?.column;
  }
}

function placeOf(
  source: readonly string[],
  position: Position,
): { line: number; column: number; text: string } | undefined {
  if (source.length === 0) return undefined;
  let line = 1;
  let start = 0;
  for (let index = 0; index < Math.min(position, source.length); index++) {
    if (source[index] !== "\n") continue;
    line++;
    start = index + 1;
  }
  const end = source.indexOf("\n", start);
  const snippet = source.slice(start, end < 0 ? source.length : end).join("");
  const column = position - start;
  const pointer = `${".".repeat(Math.max(0, column))}^`;
  const text = `(${line}:${column + 1})\n | ${snippet.replaceAll("\t", " ")}\n | ${pointer}`;
  return { line, column: column + 1, text };
}

/** What the host could not do: its stack is full, or a number is one that it has no place for. */
export function rangeReason({ message }: RangeError): string {
  return /call stack/.test(message)
    ? "the expression is nested too deeply"
    : "a value is out of range";
}

/** Carries the place of an error before the source is known to it. */
export class Fault extends Error {
  readonly position: Position | undefined;

  constructor(message: string, position?: Position) {
    super(message);
    this.position = position;
  }
}
