import type { KubeObject, OwnerReference } from "../../../sdk/api/object.ts";
import { controllerOf, controllerReference } from "../../api/ownership.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import type { Kind } from "./kind.ts";
import { type LabelSelector, matchesLabels } from "./label_selector.ts";

/** Whom a controller works for, and what it looks after. */
export interface Claim {
  readonly owner: KubeObject;
  /** The kind of what is owned. */
  readonly kind: Kind;
  readonly selector: LabelSelector;
  /** Whether an object that nobody controls may be taken. */
  isFree(object: KubeObject): boolean;
}

/** What the owner controls and selects; takes what is free, and lets go of what does not match. */
export function claimed(
  cluster: Pick<InCluster, "api" | "store">,
  { owner, kind, selector, isFree }: Claim,
): KubeObject[] {
  const { namespace, uid, deletionTimestamp } = owner.metadata;
  const isStaying = deletionTimestamp === undefined;
  const own = (object: KubeObject, ownerReferences: OwnerReference[]) => {
    const metadata = { ...object.metadata, ownerReferences };
    return cluster.api.update(CONTROLLER_MANAGER, kind.type, { ...object, metadata });
  };
  const objects: KubeObject[] = [];
  for (const object of cluster.store.list(kind, namespace)) {
    const controller = controllerOf(object);
    const isMatching = matchesLabels(selector, object.metadata.labels);
    const references = object.metadata.ownerReferences ?? [];
    if (controller?.uid === uid) {
      if (isMatching) objects.push(object);
      else if (isStaying) own(object, references.filter((reference) => reference.uid !== uid));
    } else if (controller === undefined && isMatching && isStaying && isFree(object)) {
      objects.push(own(object, [...references, controllerReference(owner)]));
    }
  }
  return objects;
}
