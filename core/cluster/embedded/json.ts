/** Copying, freezing and comparing JSON. */
import type { Fields } from "../../../sdk/wire/json.ts";

/**
 * A copy as it would come out of the wire: fields that are `undefined` are left out, and what a
 * caller does to the original afterwards changes nothing here.
 */
export function copyJson<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item) => item === undefined ? null : copyJson(item)) as Value;
  }
  const copy: Fields = {};
  for (const key in value) {
    const field: unknown = value[key];
    if (field !== undefined) copy[key] = copyJson(field);
  }
  return copy as Value;
}

/** Freezes a value and all in it; parts that are frozen already are taken as frozen throughout. */
export function freezeJson<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  // Most parts are no objects: they are not worth a call.
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") freezeJson(item);
  } else {
    for (const key in value) if (typeof value[key] === "object") freezeJson(value[key]);
  }
  return Object.freeze(value);
}

/** True when both are the same JSON, whatever the order of their fields. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return false;
  }
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => isSameJson(item, other[index]));
  }
  if (Array.isArray(other)) return false;
  let count = 0;
  for (const key in one) {
    const field = (one as Fields)[key];
    if (field === undefined) continue;
    count++;
    if (!isSameJson(field, (other as Fields)[key])) return false;
  }
  for (const key in other) {
    if ((other as Fields)[key] !== undefined) count--;
  }
  return count === 0;
}

/** True when all other fields of two objects are the very same values. */
export function isSameBut(field: string, one: Fields, other: Fields): boolean {
  for (const key in one) if (key !== field && one[key] !== other[key]) return false;
  for (const key in other) if (key !== field && !(key in one)) return false;
  return true;
}

/** A copy of an object without one field; the object itself when it has no such field. */
export function without<Value extends object>(value: Value, field: string): Value {
  if (!(field in value)) return value;
  const copy: Fields = {};
  // Nothing is deleted: an object with a gap is slow to read.
  for (const key in value) if (key !== field) copy[key] = value[key];
  return copy as Value;
}
