/** Leaving out of a status what the API leaves out. */

/** Undefined for zeros, empty strings, empty lists, empty objects and false. */
export function orAbsent<Value>(value: Value): Value | undefined {
  const isEmpty = value === 0 || value === "" || value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return isEmpty ? undefined : value;
}

/** The fields that say anything. */
export function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field in fields) if (fields[field] !== undefined) kept[field] = fields[field];
  return kept;
}
