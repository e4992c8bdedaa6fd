/** Who controls what: objects by the uid of their controller. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { controllerOf } from "../api/ownership.ts";

/** Objects grouped by the uid of their controller, in one walk; those without one are left out. */
export function byController(objects: readonly KubeObject[]): Map<string, KubeObject[]> {
  const groups = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const owner = controllerOf(object);
    if (owner === undefined) continue;
    const group = groups.get(owner.uid);
    if (group === undefined) groups.set(owner.uid, [object]);
    else group.push(object);
  }
  return groups;
}

/** The objects that this one controls. */
export function controlledBy(
  owner: KubeObject,
  groups: ReadonlyMap<string, KubeObject[]>,
): KubeObject[] {
  const uid = owner.metadata.uid;
  return (uid === undefined ? undefined : groups.get(uid)) ?? [];
}
