/** Patches of raw JSON, as far as an API server knows them. They give a new value; inputs stay. */
import { type Fields, fieldsOf, isFields } from "../wire/json.ts";

/** RFC 7386. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return structuredClone(patch);
  const merged: Fields = { ...fieldsOf(target) };
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete merged[name];
    else merged[name] = mergePatched(merged[name], change);
  }
  return merged;
}

/** One operation of RFC 6902. */
interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** RFC 6902. @throws {Error} when an operation does not fit, and then nothing has changed */
export function jsonPatched(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw new Error("a JSON patch must be a list");
  const document = { root: structuredClone(target) };
  for (const operation of operations as readonly Operation[]) carryOut(document, operation);
  return document.root;
}

function carryOut(document: { root: unknown }, { op, path, from = "", value }: Operation): void {
  switch (op) {
    case "test":
      if (sameJson(read(document, path), value)) return;
      throw new Error(`test failed: ${path} is ${JSON.stringify(read(document, path))}`);
    case "remove":
      return remove(document, path);
    case "add":
      return add(document, path, structuredClone(value));
    case "replace":
      read(document, path);
      return set(document, path, structuredClone(value));
    case "copy":
      return add(document, path, structuredClone(read(document, from)));
    case "move": {
      const moved = read(document, from);
      remove(document, from);
      return add(document, path, moved);
    }
    default:
      throw new Error(`there is no operation ${op}`);
  }
}

/** The object or list that holds a place, and the key of the place in it. */
function holderOf(document: { root: unknown }, path: string): { holder: unknown; key: string } {
  const keys = ["root", ...path.split("/").slice(1).map(unescaped)];
  const key = keys.pop() ?? "root";
  let holder: unknown = document;
  for (const each of keys) holder = childOf(holder, each, path);
  return { holder, key };
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

function childOf(holder: unknown, key: string, path: string): unknown {
  const isThere = Array.isArray(holder)
    ? isIndex(key, holder.length)
    : isFields(holder) && Object.hasOwn(holder, key);
  if (!isThere) throw new Error(`there is nothing at ${path}`);
  return (holder as Fields)[key];
}

function isIndex(key: string, length: number): boolean {
  return /^(0|[1-9]\d*)$/.test(key) && Number(key) < length;
}

function read(document: { root: unknown }, path: string): unknown {
  const { holder, key } = holderOf(document, path);
  return childOf(holder, key, path);
}

function remove(document: { root: unknown }, path: string): void {
  const { holder, key } = holderOf(document, path);
  childOf(holder, key, path);
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete (holder as Fields)[key];
}

function add(document: { root: unknown }, path: string, value: unknown): void {
  const { holder, key } = holderOf(document, path);
  if (!Array.isArray(holder)) return set(document, path, value);
  if (key !== "-" && !isIndex(key, holder.length + 1)) throw new Error(`no place at ${path}`);
  holder.splice(key === "-" ? holder.length : Number(key), 0, value);
}

function set(document: { root: unknown }, path: string, value: unknown): void {
  const { holder, key } = holderOf(document, path);
  if (!Array.isArray(holder) && !isFields(holder)) throw new Error(`no place at ${path}`);
  (holder as Fields)[key] = value;
}

/** True for equal JSON, whatever the order of fields. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, index) => sameJson(each, other[index]));
  }
  if (!isFields(one) || !isFields(other)) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameJson(one[name], other[name]));
}
