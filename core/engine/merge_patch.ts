/** Comparing JSON values and making merge patches (RFC 7386). */

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for equal JSON; a field whose value is undefined counts as absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length &&
      a.every((item, index) => equalJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const field of Object.keys(a)) if (!equalJson(a[field], b[field])) return false;
  for (const field of Object.keys(b)) {
    if (b[field] !== undefined && a[field] === undefined) return false;
  }
  return true;
}

/**
 * The merge patch that turns `before` into `after`; undefined when it would change nothing. A merge
 * patch cannot set a field to null, so a null in `after` counts as absent.
 */
export function mergePatch(before: JsonObject, after: JsonObject): JsonObject | undefined {
  const patch: Record<string, unknown> = {};
  for (const field in after) {
    const value = after[field];
    const present = before[field];
    if (value === undefined || value === null || value === present) continue;
    // Two objects are patched field by field: a null in a patch means "remove", so a value taken
    // over whole would lose what only `before` has to lose.
    if (isObject(present) && isObject(value)) {
      const nested = mergePatch(present, value);
      if (nested !== undefined) patch[field] = nested;
    } else if (!equalJson(present, value)) {
      patch[field] = value;
    }
  }
  for (const field in before) {
    const present = before[field];
    const wanted = after[field];
    const isRemoved = wanted === undefined || (wanted === null && present !== null);
    if (present !== undefined && isRemoved) patch[field] = null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
