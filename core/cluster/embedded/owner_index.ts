import { controllerOf } from "../../api/ownership.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Kind } from "./kind.ts";
import { resourceName } from "./status_error.ts";

/** Who owns what, kept with every change, so that nobody has to look through all objects. */
export class OwnerIndex {
  /** By the uid of an owner: the uids of what it owns. */
  readonly #owned = new Map<string, Set<string>>();
  /** By resource and namespace: the uids of objects that nobody controls. */
  readonly #free = new Map<string, Set<string>>();

  /** An object took the place of another; undefined: there was none, or there is none any more. */
  note(kind: Kind, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const [old, now] = [before?.metadata.ownerReferences, after?.metadata.ownerReferences];
    if (before !== undefined && after !== undefined && old === now) return;
    const { uid = "", namespace } = (after ?? before as KubeObject).metadata;
    for (const owner of old ?? []) removeFrom(this.#owned, owner.uid, uid);
    for (const owner of now ?? []) addTo(this.#owned, owner.uid, uid);
    const home = homeOf(kind, namespace);
    const isFree = after !== undefined && controllerOf(after) === undefined;
    if (isFree) addTo(this.#free, home, uid);
    else removeFrom(this.#free, home, uid);
  }

  /** The uids of all that refers to this owner. */
  ownedBy(uid: string): Iterable<string> {
    return this.#owned.get(uid) ?? [];
  }

  /** The uids of the objects of a kind that nobody controls. */
  freeIn(kind: Kind, namespace: string | undefined): Iterable<string> {
    return this.#free.get(homeOf(kind, namespace)) ?? [];
  }
}

function homeOf({ type }: Kind, namespace: string | undefined): string {
  return `${resourceName(type)} ${namespace ?? ""}`;
}

/** Adds a value to those of a key. */
export function addTo<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  const values = sets.get(key);
  if (values === undefined) sets.set(key, new Set([value]));
  else values.add(value);
}

/** Takes a value out of those of a key; a key without values goes. */
export function removeFrom<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  const values = sets.get(key);
  if (values?.delete(value) === true && values.size === 0) sets.delete(key);
}
