/** Finds an entry of a table by a word that a user wrote: `constructor` is in none of them. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
