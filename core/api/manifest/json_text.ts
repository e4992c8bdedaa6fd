/** Texts that begin as JSON: objects side by side, or none at all. */

/** Where the object of JSON ends with which a part begins; undefined where it begins otherwise. */
export function endOfObject(text: string, start: number, end: number): number | undefined {
  if (!/^(?:---)?\s*\{/.test(text.slice(start, end))) return undefined;
  const token = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (token.lastIndex > end) break;
    if (match[0] === "{") depth++;
    if (match[0] === "}" && --depth === 0) return token.lastIndex;
  }
  return undefined;
}

/**
 * Where a text that begins as JSON turns out to be YAML. Older versions of kubectl take a text that
 * begins with a brace for JSON, and refuse it there.
 */
export function placeOfNoJson(text: string): number | undefined {
  const start = /^\s*/.exec(text)?.[0].length ?? 0;
  if (text[start] !== "{") return undefined;
  const object = text.slice(start, endOfObject(text, start, text.length));
  try {
    JSON.parse(object);
    return undefined;
  } catch (error) {
    const at = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    return start + Number(at ?? 0);
  }
}
