import { applyPatch, type Operation } from "rfc6902";
import type { Patch } from "../../../sdk/wire/write.ts";
import { copyJson } from "./json.ts";
import { type Fields, fieldsOf, isFields } from "../../../sdk/wire/json.ts";
import { badRequest, rejectedPatch } from "./status_error.ts";
import { strategicPatch } from "./strategic_patch.ts";

const OPERATIONS = ["add", "remove", "replace", "move", "copy", "test"];

/** What a patch makes of a stored object; parts that it leaves alone are shared with the object. */
export function patched<Value extends object>(stored: Value, patch: Patch): Value {
  const body: unknown = copyJson(patch.body);
  if (patch.type === "json") return jsonPatch(stored, body);
  if (!isFields(body)) {
    const found = Array.isArray(body) ? "array" : typeof body;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${found} into Go value of type ` +
        "map[string]interface {}",
    );
  }
  if (patch.type === "merge") return mergePatch(stored, body) as Value;
  return strategicPatch(fieldsOf(stored), body) as Value;
}

/** RFC 7386; where nothing changes, the very same target comes back. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const before = fieldsOf(target);
  let merged: Fields | undefined = isFields(target) ? withoutNulls(before, patch) : {};
  for (const key in patch) {
    const change = patch[key];
    if (change === null) continue;
    const old = before[key];
    const next = mergePatch(old, change);
    if (next === old) continue;
    merged ??= { ...before };
    merged[key] = next;
  }
  return merged ?? target;
}

/** A copy without what a patch takes away; undefined: it takes nothing away. */
function withoutNulls(before: Fields, patch: Fields): Fields | undefined {
  let isAny = false;
  for (const key in patch) if (patch[key] === null && key in before) isAny = true;
  if (!isAny) return undefined;
  // Put together anew: an object from which fields were deleted is slow to read ever after.
  const kept: Fields = {};
  for (const key in before) if (patch[key] !== null) kept[key] = before[key];
  return kept;
}

function jsonPatch<Value extends object>(stored: Value, body: unknown): Value {
  if (!Array.isArray(body)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${typeof body} into Go value of type ` +
        "[]handlers.jsonPatchOp",
    );
  }
  const document = { root: stored as unknown };
  for (const operation of body) {
    const { op, path, from } = fieldsOf(operation);
    if (!OPERATIONS.includes(String(op)) || !isPointer(path)) throw rejectedPatch();
    if ((op === "move" || op === "copy") && !isPointer(from)) throw rejectedPatch();
    if (op !== "test") thaw(document, path);
    if (op === "move") thaw(document, from as string);
    const [error] = applyPatch(document.root, [ready(document.root, operation as Operation)]);
    if (error) throw rejectedPatch();
  }
  return document.root as Value;
}

function isPointer(path: unknown): path is string {
  return typeof path === "string" && (path === "" || path.startsWith("/"));
}

/** Replaces the objects and lists that lead to a place by copies that may be written to. */
function thaw(document: { root: unknown }, path: string): void {
  let parent: Fields = document as unknown as Fields;
  let key = "root";
  for (const step of keysOf(path)) {
    const value = parent[key];
    if (typeof value !== "object" || value === null) return;
    const copy = Array.isArray(value) ? [...value] : { ...value };
    parent[key] = copy;
    parent = copy as unknown as Fields;
    key = step;
  }
}

function keysOf(path: string): string[] {
  return path.split("/").slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Refuses indices outside of lists; replacing a field that is not there adds it. */
function ready(root: unknown, operation: Operation): Operation {
  const keys = keysOf(operation.path);
  const last = keys.pop();
  const parent = keys.reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], root);
  if (last === undefined) return operation;
  if (Array.isArray(parent)) {
    const isAddition = ["add", "copy", "move"].includes(operation.op);
    const bound = isAddition ? parent.length : parent.length - 1;
    const isIndex = /^(0|[1-9]\d*)$/.test(last) && Number(last) <= bound;
    if (!isIndex && !(isAddition && last === "-")) throw rejectedPatch();
  } else if (operation.op === "replace" && isFields(parent) && !(last in parent)) {
    return { ...operation, op: "add" };
  } else if (operation.op === "test" && operation.value === null && isFields(parent)) {
    // A field that is not there passes for null.
    return last in parent ? operation : { op: "test", path: "", value: root };
  }
  return operation;
}
