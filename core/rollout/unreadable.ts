/** Why nothing can be said of objects: absent they are not, as far as we know. */
import type { ObjectReference } from "../../sdk/traffic_router.ts";
import { type FieldError, invalid } from "../../sdk/wire/field_error.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { CacheReader } from "../engine/mod.ts";

/** One sentence without its end; undefined: objects of that type can be seen. */
export function unreadableText(type: ResourceType, caches: CacheReader): string | undefined {
  const resource = [type.plural, type.group].filter(Boolean).join(".");
  const state = caches.stateOf({ type });
  if (state === "forbidden") {
    return `the controller may not list ${resource}, nor read the one it needs`;
  }
  return state === "missing" ? `the cluster does not serve ${resource}` : undefined;
}

/**
 * What is wrong with references to objects that cannot be read: that none is found says nothing.
 * They are looked through only where one of the resources cannot be.
 */
export function unreadableObjects(
  resources: readonly ResourceType[],
  references: () => readonly ObjectReference[],
  caches: CacheReader,
): FieldError[] {
  const causes = resources.flatMap((type) => {
    const detail = unreadableText(type, caches);
    return detail === undefined ? [] : [{ type, detail }];
  });
  if (causes.length === 0) return [];
  return references().flatMap((reference) => {
    const { kind, group } = reference.type;
    const cause = causes.find(({ type }) => type.kind === kind && type.group === group);
    return cause === undefined
      ? []
      : [invalid(reference, reference.name, { detail: cause.detail })];
  });
}
