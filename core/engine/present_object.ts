/** The object that a pass is about. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { CacheReader } from "./caches.ts";
import type { Key } from "./key.ts";

/** Undefined for one that is gone, or on its way out. */
export function presentObject<Kind extends KubeObject>(
  type: ResourceType,
  key: Key,
  caches: CacheReader,
): Kind | undefined {
  const object = caches.of(type).at(key) as Kind | undefined;
  return object?.metadata.deletionTimestamp === undefined ? object : undefined;
}
