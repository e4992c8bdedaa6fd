/**
 * JSON text that is the same for equal values: keys in the order of their UTF-8 bytes, no blanks,
 * `undefined` fields left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const key of sortedKeys(fields)) {
    const field = fields[key];
    if (field !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(field)}`);
  }
  return `{${parts.join(",")}}`;
}

/** The keys of an object in the order of their UTF-8 bytes, which is that of their code points. */
export function sortedKeys(fields: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(fields).sort();
  // Plain sorting goes by code units, which differ from code points only in surrogates.
  return keys.some((key) => /[\ud800-\udfff]/.test(key)) ? keys.sort(byCodePoint) : keys;
}

function byCodePoint(left: string, right: string): number {
  const [lefts, rights] = [Array.from(left), Array.from(right)];
  const at = lefts.findIndex((character, index) => character !== rights[index]);
  if (at === -1) return lefts.length - rights.length;
  return (lefts[at]?.codePointAt(0) ?? 0) - (rights[at]?.codePointAt(0) ?? -1);
}
