/** JSON as Go's encoder writes typed structs: fields in the order of their declaration. */
import { canonicalJson, sortedKeys } from "./canonical_json.ts";
import { isFields, isUnset } from "../../../sdk/wire/json.ts";

/** How one field's value is written, and when it is left out. */
export type GoShape =
  /** Written as it stands; left out when absent or null. */
  | "value"
  /** Written when it is not empty, zero or false. */
  | "nonzero"
  /** Always written; absent is the empty string. */
  | "text"
  /** Always written; absent is 0. */
  | "number"
  /** Open JSON, keys sorted; left out only when absent. */
  | "open"
  /** Absent: left out, or written as an empty object or as `null`. */
  | { struct: GoFields; absent?: "{}" | "null" }
  | { list: GoFields | "value"; always?: boolean }
  | { map: GoFields | "value" };

/** Fields in the order of writing. */
export type GoFields = readonly (readonly [name: string, shape: GoShape])[];

/** The text of a struct, with the characters escaped that HTML could misread. */
export function goJson(value: unknown, fields: GoFields): string {
  return goEscape(structText(value, fields));
}

/** The text of a list of structs; `null` when there is none. */
export function goJsonList(list: readonly unknown[] | undefined, fields: GoFields): string {
  if (list === undefined) return "null";
  return goEscape(`[${list.map((each) => structText(each, fields)).join(",")}]`);
}

/** The text of a map of strings; `null` when there is none. */
export function goJsonMap(map: Record<string, unknown> | undefined): string {
  return map === undefined ? "null" : goEscape(canonicalJson(map));
}

function structText(value: unknown, fields: GoFields): string {
  const source = isFields(value) ? value : {};
  const parts: string[] = [];
  for (const [name, shape] of fields) {
    const text = fieldText(source[name], shape);
    if (text !== undefined) parts.push(`"${name}":${text}`);
  }
  return `{${parts.join(",")}}`;
}

function fieldText(value: unknown, shape: GoShape): string | undefined {
  const absent = isUnset(value);
  if (shape === "text") return JSON.stringify(absent ? "" : value);
  if (shape === "number") return JSON.stringify(absent ? 0 : value);
  if (shape === "nonzero") {
    const isZero = absent || value === "" || value === 0 || value === false;
    return isZero ? undefined : JSON.stringify(value);
  }
  if (shape === "value") return absent ? undefined : JSON.stringify(value);
  if (shape === "open") return value === undefined ? undefined : canonicalJson(value);
  if ("struct" in shape) {
    if (!absent || shape.absent === "{}") return structText(value, shape.struct);
    return shape.absent;
  }
  return "list" in shape ? listText(value, shape) : mapText(value, shape.map);
}

function listText(
  value: unknown,
  { list, always = false }: { list: GoFields | "value"; always?: boolean },
): string | undefined {
  if (!Array.isArray(value)) return always ? "null" : undefined;
  if (value.length === 0) return always ? "[]" : undefined;
  return `[${value.map((each) => itemText(each, list)).join(",")}]`;
}

function mapText(value: unknown, item: GoFields | "value"): string | undefined {
  if (!isFields(value) || Object.keys(value).length === 0) return undefined;
  const parts = sortedKeys(value).map((key) =>
    `${JSON.stringify(key)}:${itemText(value[key], item)}`
  );
  return `{${parts.join(",")}}`;
}

/** Go reads null in a list or map of texts as the empty text. */
function itemText(value: unknown, item: GoFields | "value"): string {
  return item === "value" ? JSON.stringify(value ?? "") : structText(value, item);
}

/** These characters stand only inside strings, so that the whole text can be escaped at once. */
function goEscape(text: string): string {
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
