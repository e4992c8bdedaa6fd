/** Comparing resourceVersions: decimal numbers of any length, as the API documents since 1.35. */

/** Negative: `a` is older than `b`; 0: the same; positive: newer. Absent is older than any. */
export function compareResourceVersions(a: string | undefined, b: string | undefined): number {
  const left = a ?? "";
  const right = b ?? "";
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
