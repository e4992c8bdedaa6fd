import type { KubeObject, OwnerReference } from "../../../sdk/api/object.ts";
import { controllerReference } from "../../api/ownership.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import type { Kind } from "./kind.ts";
import { type LabelSelector, matchesLabels } from "../../api/values/label_selector.ts";
import { byName } from "./store.ts";

/** Whom a controller works for, and what it looks after. */
export interface Adopter {
  readonly owner: KubeObject;
  /** The kind of what is owned. */
  readonly kind: Kind;
  readonly selector: LabelSelector;
  /** Whether an object that nobody controls may be taken. */
  isFree(object: KubeObject): boolean;
}

/** What the owner controls and selects; takes what is free, and lets go of what does not match. */
export function adopted(
  cluster: Pick<InCluster, "api" | "store">,
  { owner, kind, selector, isFree }: Adopter,
): KubeObject[] {
  const { namespace, uid, deletionTimestamp } = owner.metadata;
  const isStaying = deletionTimestamp === undefined;
  const own = (object: KubeObject, ownerReferences: OwnerReference[]) => {
    const metadata = { ...object.metadata, ownerReferences };
    return cluster.api.update(CONTROLLER_MANAGER, kind.type, { ...object, metadata });
  };
  const { store } = cluster;
  const objects: KubeObject[] = [];
  for (const object of store.controlledBy(uid ?? "", kind)) {
    const references = object.metadata.ownerReferences ?? [];
    if (matchesLabels(selector, object.metadata.labels)) objects.push(object);
    else if (isStaying) own(object, references.filter((reference) => reference.uid !== uid));
  }
  if (!isStaying) return objects;
  const kept = objects.length;
  for (const object of store.uncontrolled(kind, namespace)) {
    if (!matchesLabels(selector, object.metadata.labels) || !isFree(object)) continue;
    const references = object.metadata.ownerReferences ?? [];
    objects.push(own(object, [...references, controllerReference(owner)]));
  }
  return objects.length > kept ? objects.sort(byName) : objects;
}
