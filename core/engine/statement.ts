/** What a write says of its object, so that two writes can be compared. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Patch, Write } from "../../sdk/wire/write.ts";
import { safeHash } from "../api/hash/safe_hash.ts";
import { apiVersionOf } from "../../sdk/wire/resource_type.ts";
import { keyOf } from "./key.ts";

type Json = Readonly<Record<string, unknown>>;

const NO_TIMES: ReadonlyMap<string, string> = new Map();
const TEXT_MAX = 40;
const CONDITIONS = "/status/conditions";
/** What is not there, or is to be taken away. */
export const ABSENT = "null";
/** The times of now differ between two writes that mean the same. */
const TIMES = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const TIME_LENGTH = "2030-01-01T00:00:00Z".length;
/** Who wrote which field. */
const OWNERS = "/metadata/managedFields";
/** Which object a patch is about, and on what it was decided: not what it says. */
const ADDRESS: readonly string[] = ["/metadata/resourceVersion", "/metadata/uid"];

export interface Statement {
  /** The object that it is about. */
  readonly object: string;
  /** As texts, by path; lists are values. */
  readonly values: ReadonlyMap<string, string>;
  /** The values with a time of now, as exact texts, by path; none of a status. */
  readonly times: ReadonlyMap<string, string>;
  /** True when it is about the object being there, and nothing said before counts any more. */
  readonly isWhole: boolean;
  /** True when it is about the status: no field of it that is as it should be is written. */
  readonly isStatus: boolean;
  /** For people: `patch services "web"`. */
  readonly text: string;
}

export function statementOf(write: Write): Statement {
  if (write.verb === "patch") return patchStatement(write, write.patch);
  const value = write.verb === "create" ? "create" : `${write.verb} ${write.uid}`;
  const values = new Map([["", value]]);
  return { ...about(write, write.verb), values, times: NO_TIMES, isWhole: true, isStatus: false };
}

/** The statement of a patch. */
export function patchStatement(
  target: Pick<Write, "type" | "ref">,
  { type, body }: Patch,
  { isStatus = false } = {},
): Statement {
  const { object, text } = about(target, "patch");
  const values = new Map<string, string>();
  const times = new Map<string, string>();
  if (type === "json") addOperations({ values, times }, body as readonly Json[]);
  else addValues({ values, times }, "", { value: body, isStatus });
  for (const path of ADDRESS) {
    values.delete(path);
    times.delete(path);
  }
  // Who says nothing says the same each time.
  if (values.size === 0) values.set("", "nothing");
  return {
    object: isStatus ? `${object} status` : object,
    values,
    times,
    isWhole: false,
    isStatus,
    text,
  };
}

/** What a patch says: texts by path, and the exact texts of those that hold a time. */
interface Said {
  readonly values: Map<string, string>;
  readonly times: Map<string, string>;
}

function about({ type, ref }: Pick<Write, "type" | "ref">, verb: string) {
  const object = `${apiVersionOf(type)} ${type.plural} ${keyOf(ref.namespace, ref.name)}`;
  return { object, text: `${verb} ${type.plural} "${ref.name}"` };
}

function addOperations(said: Said, operations: readonly Json[]): void {
  for (const { op, path, value } of operations) {
    if (isOfOwners(String(path))) {
      // An entry is told from a later one of the same manager by its time.
      if (op === "test") said.values.set(String(path), exactText(value));
    } else if (op !== "test") {
      add(said, String(path), op === "remove" ? undefined : value);
    }
  }
}

function addValues(
  said: Said,
  path: string,
  { value, isStatus }: { value: unknown; isStatus: boolean },
): void {
  if (!isObject(value)) {
    // Of two pauses the second is another one, which is told by its time alone.
    if (isStatus && path !== CONDITIONS) said.values.set(path, exactText(value));
    else if (isStatus) said.values.set(path, textOf(value));
    else add(said, path, value);
    return;
  }
  for (const field in value) {
    addValues(said, `${path}/${escaped(field)}`, { value: value[field], isStatus });
  }
}

/** True for a path that says who wrote which field. */
export function isOfOwners(path: string): boolean {
  return path.startsWith(OWNERS);
}

/** Adds what is said of a path; with its time beside it, if it has one. */
function add({ values, times }: Said, path: string, value: unknown): void {
  const json = jsonOf(value);
  const timeless = withoutTimes(json);
  values.set(path, shortened(timeless));
  if (timeless === json) times.delete(path);
  else times.set(path, shortened(json));
}

/** The text of what an object holds at a path; times of now count as the same. */
export function valueAt(object: KubeObject, path: string): string {
  return textOf(fieldAt(object, path));
}

/** The text of what an object holds at a path, to the second. */
export function exactValueAt(object: KubeObject, path: string): string {
  return exactText(fieldAt(object, path));
}

/** True when an object holds what this text says at a path, to the second or apart from times. */
export function isTextAt(object: KubeObject, path: string, text: string | undefined): boolean {
  const field = fieldAt(object, path);
  return exactText(field) === text || textOf(field) === text;
}

function fieldAt(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const part of path.split("/").slice(1)) {
    const field = part.includes("~") ? part.replaceAll("~1", "/").replaceAll("~0", "~") : part;
    value = typeof value === "object" && value !== null ? (value as Json)[field] : undefined;
  }
  return value;
}

function textOf(value: unknown): string {
  return shortened(withoutTimes(jsonOf(value)));
}

function withoutTimes(json: string): string {
  // Most values are too short for a time.
  return json.length < TIME_LENGTH ? json : json.replaceAll(TIMES, "(time)");
}

function exactText(value: unknown): string {
  return shortened(jsonOf(value));
}

function jsonOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value) ?? ABSENT;
}

function shortened(text: string): string {
  return text.length > TEXT_MAX ? `${text.length} ${safeHash(text)}` : text;
}

function escaped(field: string): string {
  const isPlain = !field.includes("/") && !field.includes("~");
  return isPlain ? field : field.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
