/** Which object controls another, as `ownerReferences` say it. */
import type { KubeObject, OwnerReference } from "../../sdk/api/object.ts";

/** The reference to the one that controls an object. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
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
