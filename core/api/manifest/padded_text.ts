/** A line may begin too far left only so many times; each time the text is parsed anew. */
const MOST_LINES = 1000;

/**
 * A text with blanks before some of its lines. YAML's rules want what stands in brackets or quotes
 * further right than what it belongs to; Kubernetes' tools do not. Blanks before such a line change
 * nothing of what it says.
 */
export class PaddedText {
  /** The text with the blanks. */
  readonly text: string;
  readonly #original: string;
  readonly #padding: number;
  /** Where blanks were put in, in the original; ascending. */
  readonly #lines: readonly number[];

  constructor(original: string, lines: readonly number[] = [], padding = 0) {
    this.#original = original;
    this.#lines = lines;
    this.#padding = padding;
    const ends = [...lines, original.length];
    this.text = [0, ...lines].map((start, index) =>
      (index === 0 ? "" : " ".repeat(padding)) + original.slice(start, ends[index])
    ).join("");
  }

  /** Where a character of the text stands in the original. */
  offsetOf(position: number): number {
    let offset = position;
    for (const line of this.#lines) {
      if (offset <= line) break;
      offset = Math.max(line, offset - this.#padding);
    }
    return offset;
  }

  /** With blanks before the line of a character, too; undefined where they would be no help. */
  withLineAt(position: number): PaddedText | undefined {
    const offset = this.offsetOf(position);
    const line = this.#original.lastIndexOf("\n", offset - 1) + 1;
    const isEnd = /^(?:---|\.\.\.)(?:\s|$)/.test(this.#original.slice(line, line + 4));
    if (isEnd || this.#lines.includes(line) || this.#lines.length >= MOST_LINES) return undefined;
    const lines = [...this.#lines, line].sort((one, other) => one - other);
    return new PaddedText(this.#original, lines, this.#padding || deepestOf(this.#original) + 1);
  }
}

/** The most blanks that any line begins with. */
function deepestOf(text: string): number {
  let deepest = 0;
  for (const [blanks] of text.matchAll(/^ +/gm)) deepest = Math.max(deepest, blanks.length);
  return deepest;
}
