const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines. Only whole lines are decoded, so that neither a character nor
 * a line is harmed by where a chunk ends, and a long line costs no more than its length.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest: Uint8Array[] = [];

  /** The lines that this chunk completes, without their ends and without empty ones. */
  push(chunk: Uint8Array): string[] {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#rest.push(chunk);
      return [];
    }
    this.#rest.push(chunk.subarray(0, end));
    const whole = this.#decoder.decode(joined(this.#rest));
    this.#rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    return whole.split("\n").filter((line) => line.trim() !== "");
  }

  /** True when the bytes after the last line end are not blank. */
  get isMidLine(): boolean {
    return this.#decoder.decode(joined(this.#rest)).trim() !== "";
  }
}

/** All of a stream as text. */
export async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new TextDecoder().decode(joined(parts));
}

/** All parts as one; a single part is not copied. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
