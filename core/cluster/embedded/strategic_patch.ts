import { type Fields, fieldsOf, isFields, listOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import { internalError } from "./status_error.ts";

const DIRECTIVE = "$patch";
const DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
const ELEMENT_ORDER = "$setElementOrder/";

/** By which field the entries of a list are told apart; other lists are replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, string>> = Object.freeze({
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  volumes: "name",
  env: "name",
  imagePullSecrets: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
  conditions: "type",
  ownerReferences: "uid",
  podIPs: "ip",
  hostIPs: "ip",
});
/** Lists of plain values that are merged as sets. */
const SETS = ["finalizers"];

/** Kubernetes' own merge patch, which knows the lists of built-in kinds. */
export function strategicPatch(target: Fields, patch: Fields): Fields {
  return mergeMap(target, patch, "");
}

function mergeMap(target: Fields, patch: Fields, at: string): Fields {
  const directive = patch[DIRECTIVE];
  if (directive === "replace") return withoutDirectives(patch);
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw internalError(`unknown patch type: ${directive} in map: map[$patch:${directive}]`);
  }
  const merged: Fields = { ...target };
  for (const key in patch) {
    if (key === DIRECTIVE || key.startsWith(ELEMENT_ORDER)) continue;
    if (key === "$retainKeys") continue;
    if (key.startsWith(DELETE_FROM_LIST)) {
      const field = key.slice(DELETE_FROM_LIST.length);
      const gone = listOf(patch[key]);
      merged[field] = listOf(merged[field]).filter((item) => !gone.includes(item));
      continue;
    }
    const next = mergeField(merged[key], patch[key], { key, at });
    if (next === undefined) delete merged[key];
    else merged[key] = next;
  }
  const kept = patch["$retainKeys"];
  if (Array.isArray(kept)) {
    for (const key in merged) if (!kept.includes(key)) delete merged[key];
  }
  for (const key in patch) {
    if (!key.startsWith(ELEMENT_ORDER)) continue;
    const field = key.slice(ELEMENT_ORDER.length);
    merged[field] = ordered(listOf(merged[field]), listOf(patch[key]), mergeKeyOf(field, at));
  }
  return isSameJson(merged, target) ? target : merged;
}

function mergeField(
  old: unknown,
  change: unknown,
  { key, at }: { key: string; at: string },
): unknown {
  if (change === null) return undefined;
  if (isFields(change)) {
    if (old === undefined && DIRECTIVE in change) return undefined;
    return mergeMap(fieldsOf(old), change, key);
  }
  if (!Array.isArray(change)) return change;
  if (SETS.includes(key)) {
    const union = [...new Set([...listOf(old), ...change])];
    return inServerOrder(union, change, listOf(old), (item) => item);
  }
  const mergeKey = mergeKeyOf(key, at);
  return mergeKey === undefined ? change : mergeList(listOf(old), change, mergeKey);
}

/** The ports of a container are told apart by number, those of a Service (in its spec) too. */
function mergeKeyOf(list: string, at: string): string | undefined {
  if (list === "ports") return at === "spec" ? "port" : "containerPort";
  return MERGE_KEYS[list];
}

function mergeList(old: readonly unknown[], change: readonly unknown[], key: string): unknown[] {
  const entries = change.map(fieldsOf);
  const values: Fields[] = [];
  const removed = new Set<unknown>();
  let isReplaced = false;
  for (const entry of entries) {
    const directive = entry[DIRECTIVE];
    if (directive === "replace") {
      isReplaced = true;
      if (Object.keys(entry).length > 1) values.push(withoutDirectives(entry));
      continue;
    }
    if (entry[key] === undefined) {
      const told = Object.entries(entry).map(([name, value]) => `${name}:${value}`).join(" ");
      throw internalError(`map: map[${told}] does not contain declared merge key: ${key}`);
    }
    if (directive === "delete") removed.add(entry[key]);
    else values.push(entry);
  }
  if (isReplaced) return values;
  const left = old.map(fieldsOf).filter((item) => !removed.has(item[key]));
  const merged = left.map((item) => {
    const entry = values.find((one) => one[key] === item[key]);
    return entry === undefined ? item : mergeMap(item, entry, "");
  });
  for (const entry of values) {
    if (!left.some((item) => item[key] === entry[key])) merged.push(mergeMap({}, entry, ""));
  }
  return inServerOrder(merged, values, left, (item) => fieldsOf(item)[key]);
}

/**
 * Entries of the patch keep the patch's order, the others the server's; among the two, an entry
 * comes before another only if it stood before it on the server.
 */
function inServerOrder(
  merged: readonly unknown[],
  patch: readonly unknown[],
  server: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): unknown[] {
  const rank = (list: readonly unknown[], item: unknown) =>
    list.findIndex((one) => keyOf(one) === keyOf(item));
  const fromPatch = merged.filter((item) => rank(patch, item) >= 0)
    .sort((one, other) => rank(patch, one) - rank(patch, other));
  const fromServer = merged.filter((item) => rank(patch, item) < 0);
  const result: unknown[] = [];
  while (fromPatch.length > 0 && fromServer.length > 0) {
    const [there, here] = [rank(server, fromServer[0]), rank(server, fromPatch[0])];
    const isFirst = here >= 0 && there >= 0 && there < here;
    result.push((isFirst ? fromServer : fromPatch).shift());
  }
  return [...result, ...fromPatch, ...fromServer];
}

function ordered(
  list: readonly unknown[],
  order: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const keyOf = (item: unknown) => key === undefined ? item : fieldsOf(item)[key];
  return inServerOrder(list, order, list, keyOf);
}

function withoutDirectives(patch: Fields): Fields {
  const rest: Fields = {};
  for (const key in patch) if (!key.startsWith("$")) rest[key] = patch[key];
  return rest;
}
