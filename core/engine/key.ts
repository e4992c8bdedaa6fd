/** Keys of the work queue: `namespace/name`. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";

export type Key = string;

export function keyOf(namespace: string | undefined, name: string): Key {
  return `${namespace ?? ""}/${name}`;
}

export function keyOfObject(object: KubeObject): Key {
  return keyOf(object.metadata.namespace, object.metadata.name);
}

export function refOfKey(key: Key): ObjectRef {
  const slash = key.indexOf("/");
  const namespace = key.slice(0, slash);
  const name = key.slice(slash + 1);
  return namespace === "" ? { name } : { namespace, name };
}
