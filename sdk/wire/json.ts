/**
 * Plain JSON, and reading it where its types are not sure: what is of another type counts as
 * absent.
 */

/** A plain JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object whose fields are not known. */
export type Fields = Record<string, unknown>;

/** The value as an object; empty when it is none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The value as a list; empty when it is none. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; empty when it is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A string, number or boolean as text; empty for all else, which may have no text at all. */
export function scalarText(value: unknown): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

/** True for a number or a string. */
export function isIntOrString(value: unknown): value is number | string {
  return typeof value === "number" || typeof value === "string";
}

/** True for a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for what counts as not set: absent or null. */
export function isUnset(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
