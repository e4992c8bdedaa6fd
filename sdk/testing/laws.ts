/** What the conformance suites have in common. */

/** A law, and what tells whether a plugin obeys it. */
export interface Law {
  /** The law as a sentence, after the plugin's name. */
  readonly name: string;
  /** Rejects with a `Broken` that says where the law does not hold. */
  check(): Promise<void>;
}

/**
 * All laws but those that are skipped.
 * @throws {Error} when a skip names no law or has no reason
 */
export function chosenLaws<Check>(
  laws: Readonly<Record<string, Check>>,
  skips: Readonly<Record<string, string>> = {},
): [string, Check][] {
  for (const [name, reason] of Object.entries(skips)) {
    if (!Object.hasOwn(laws, name)) throw new Error(`Cannot skip "${name}": no such law`);
    if (reason === "") throw new Error(`Cannot skip "${name}": say why`);
  }
  return Object.entries(laws).filter(([name]) => !Object.hasOwn(skips, name));
}
