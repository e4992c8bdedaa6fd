/** The kinds of what routers change, told without their version: a cluster may serve another. */
import type { KubeObject } from "../../../sdk/api/object.ts";

/** A kind of objects. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** A text for each kind. */
export function kindOf({ group, kind }: GroupKind): string {
  return `${kind}.${group}`;
}

/** True for an object of this kind, in any version; kinds of the core group are no router's. */
export function isOfKind(object: KubeObject, { group, kind }: GroupKind): boolean {
  return kind === object.kind && object.apiVersion.startsWith(`${group}/`);
}
