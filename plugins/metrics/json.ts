/** JSON as Go reads and writes it. */

/** The value of a text; undefined when it is no JSON, or holds a number that is too large. */
export function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return MAYBE_TOO_LARGE.test(text) && hasInfinity(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

const MAYBE_TOO_LARGE = /[eE]\+?\d{3}|\d{300}/;

function hasInfinity(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasInfinity);
}

/** JSON with sorted keys, in which nothing is markup. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return escaped(value);
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, each]) => `${escaped(key)}:${goJson(each)}`).join(",")}}`;
}

function escaped(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** By code points, which is the order of the bytes in UTF-8. */
export function compareText(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
