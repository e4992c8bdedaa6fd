/** The values of secrets, struck out of what is recorded or logged. */

const STRUCK_OUT = "*****";

export class Redaction {
  readonly #texts = new Set<string>();

  /** From now on this value is struck out, also as it stands in URLs and in JSON. */
  add(secret: string): void {
    const trimmed = secret.trim();
    if (trimmed === "") return;
    for (const text of [secret, trimmed]) {
      this.#texts.add(text);
      this.#texts.add(JSON.stringify(text).slice(1, -1));
      this.#texts.add(encoded(text));
    }
  }

  text(text: string): string {
    // The longest first: one secret may be a part of another.
    return [...this.#texts].sort((one, other) => other.length - one.length)
      .reduce((struck, secret) => struck.replaceAll(secret, STRUCK_OUT), text);
  }

  map(texts: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, this.text(text)]),
    );
  }
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half a character: such a text is in no URL.
    return text;
  }
}
