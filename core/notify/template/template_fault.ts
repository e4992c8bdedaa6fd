/** What is wrong with a template, or went wrong while it was rendered, and where. */

/** Carries what went wrong to where the text and the name of the template are known. */
export class TemplateFault extends Error {
  /** An index into the text of the template; undefined until a node adds its own. */
  readonly offset: number | undefined;

  constructor(reason: string, offset?: number) {
    super(reason);
    this.offset = offset;
  }
}

/** An error of a template as users read it, in one line. */
export interface TemplateError {
  /** `NAME:LINE:COLUMN: REASON` */
  readonly message: string;
  readonly reason: string;
  /** From 1, in the text of the template. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

const REASON_LENGTH_MAX = 500;

export function templateError(
  { reason, offset }: { reason: string; offset: number },
  { name, text }: { name: string; text: string },
): TemplateError {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const column = [...before.slice(before.lastIndexOf("\n") + 1)].length + 1;
  const oneLine = reason.replace(/\s+/g, " ").slice(0, REASON_LENGTH_MAX);
  return { message: `${name}:${line}:${column}: ${oneLine}`, reason: oneLine, line, column };
}
