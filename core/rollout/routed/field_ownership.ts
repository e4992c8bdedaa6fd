/**
 * Whose the fields of routed objects are. The API server notes who wrote which field, and refuses a
 * server-side apply of a field that somebody else wrote last. So that a GitOps tool may apply its
 * files again, the controller's entry is taken out once a rollout is over.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type { RoutedResource } from "../../../sdk/traffic_router.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { patchOf, type PatchWrite } from "../../../sdk/wire/write.ts";
import { FIELD_MANAGER } from "../../api/names/names.ts";
import { isOfKind } from "./router_kinds.ts";

/** The controller's entry in `managedFields` of an object that belongs to somebody else. */
export interface OwnedFields {
  readonly type: RoutedResource;
  readonly object: KubeObject;
  readonly index: number;
}

/** The entries of the objects that this router changes; what it creates is the controller's own. */
export function ownedFields(
  { resources }: RegisteredRouter,
  objects: readonly KubeObject[],
): OwnedFields[] {
  return objects.flatMap((object) => {
    const type = resources.find((one) => one.access === "change" && isOfKind(object, one));
    const entries = listOf(object.metadata.managedFields).map(fieldsOf);
    const index = entries.findIndex(isOwnEntry);
    // Without any entry the next one who applies would find all fields to be somebody else's.
    return type === undefined || index < 0 || entries.length < 2 ? [] : [{ type, object, index }];
  });
}

/**
 * True when the controller was the last to write something into an object, or nobody can tell: once
 * a rollout is over it is so no more.
 */
export function isSteered({ metadata: { managedFields } }: KubeObject): boolean {
  return managedFields === undefined || managedFields.map(fieldsOf).some(isOwnEntry);
}

/** What everybody else wrote last, and when: another text, another write; undefined: unknown. */
export function foreignFields({ metadata: { managedFields } }: KubeObject): string | undefined {
  if (managedFields === undefined) return undefined;
  const others = managedFields.map(fieldsOf)
    .filter((entry) => entry["manager"] !== FIELD_MANAGER && textOf(entry["subresource"]) === "");
  return JSON.stringify(others.map(({ manager, operation, time }) => [manager, operation, time]));
}

function isOwnEntry(entry: Fields): boolean {
  return entry["manager"] === FIELD_MANAGER && entry["operation"] === "Update" &&
    textOf(entry["subresource"]) === "";
}

/** Takes the entry out, unless it is another one by then. */
export function giveBack({ type, object, index }: OwnedFields): PatchWrite {
  const { managedFields } = object.metadata;
  const path = `/metadata/managedFields/${index}`;
  const entry = fieldsOf(listOf(managedFields)[index]);
  const tests = ["manager", "operation", "time"].map((field) => {
    return { op: "test", path: `${path}/${field}`, value: entry[field] };
  });
  return patchOf(type, object, { type: "json", body: [...tests, { op: "remove", path }] });
}

/** The object with what `ownedFields` reads of its `managedFields`, for a cache. */
export function withOwners(object: KubeObject): KubeObject {
  const { managedFields } = object.metadata;
  if (managedFields === undefined) return object;
  const owners = managedFields.map(fieldsOf).map(({ fieldsV1: _, ...entry }) => entry);
  return { ...object, metadata: { ...object.metadata, managedFields: owners } };
}
