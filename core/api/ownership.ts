/** Who controls what, as `ownerReferences` say it: the one definition of ownership. */
import type { KubeObject, OwnerReference } from "../../sdk/api/object.ts";

/** The reference to the one that controls an object. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** The terms of an index of objects by the uid of their controller. */
export function controllerTerms(object: KubeObject): string[] {
  return [controllerOf(object)?.uid ?? ""];
}

/** True when the owner, which has a uid, controls the object. */
export function isControlledBy(object: KubeObject, { metadata: { uid } }: KubeObject): boolean {
  return uid !== undefined && controllerOf(object)?.uid === uid;
}

/** How an object refers to the one that controls it. */
export function controllerReference({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  const { name, uid = "" } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

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
