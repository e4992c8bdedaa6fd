/** One object that another names. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";

/** A kind of object, whatever its version. */
export interface ReferenceType {
  readonly group: string;
  readonly kind: string;
}

/** One object that a Rollout refers to. */
export interface Reference {
  readonly type: ReferenceType;
  /** Absent: the Rollout's, or none for a kind without namespaces. */
  readonly namespace?: string;
  readonly name: string;
  /** How messages name the place. */
  readonly path: string;
  /** Where the Rollout names the object. */
  readonly location: FieldLocation;
  /** False for what is not looked at before it is used: its absence makes no spec invalid. */
  readonly isValidated: boolean;
}

/** Finds an object by kind, namespace (absent: the Rollout's, or none) and name. */
export type FindObject = (
  reference: Pick<Reference, "type" | "namespace" | "name">,
) => KubeObject | undefined;
