/** Merging the fields of a row over those of its table. */

/** A copy of `target` with the fields of `change`: maps go deep, null removes, all else replaces. */
export function mergedInto(
  target: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...target };
  for (const [field, value] of Object.entries(change ?? {})) {
    if (value === null) delete merged[field];
    else if (isMap(value)) {
      merged[field] = mergedInto(isMap(target[field]) ? target[field] : {}, value);
    } else merged[field] = value;
  }
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
